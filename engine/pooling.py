"""What of pooling with other shops is public; `engine` passes it on."""

from engine.campaigns.trait_words import trait_words
from engine.experiments.pooled import PooledCell
from engine.experiments.pooled import ratio as pooled_ratio
from engine.services.pool import (
    PoolCard,
    Pooled,
    PoolFile,
    Taken,
    forget_pool,
    is_pool_file,
    join_pool,
    new_pool,
    pool_card,
    pool_cards,
    read_pool_file,
    start_pool,
    submit_pool,
    sum_pool,
    switch_pool,
    take_pool_file,
    write_pool_file,
)

__all__ = [
    "PoolCard",
    "PoolFile",
    "Pooled",
    "PooledCell",
    "Taken",
    "forget_pool",
    "is_pool_file",
    "join_pool",
    "new_pool",
    "pool_card",
    "pool_cards",
    "pooled_ratio",
    "read_pool_file",
    "start_pool",
    "submit_pool",
    "sum_pool",
    "switch_pool",
    "take_pool_file",
    "trait_words",
    "write_pool_file",
]
