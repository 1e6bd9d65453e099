"""What of who may talk to the bot is public; `engine` passes it on."""

from engine.services.access import (
    Guests,
    Paired,
    People,
    allow_group,
    code_in,
    forbid_group,
    forget_old_updates,
    guest_in,
    guests,
    no_standing_code,
    passing_code,
    people_of_bot,
    plain_name,
    redeem_code,
    remove_helper,
    standing_code,
)
from engine.store.access import AllowedGroup

__all__ = [
    "AllowedGroup",
    "Guests",
    "Paired",
    "People",
    "allow_group",
    "code_in",
    "forbid_group",
    "forget_old_updates",
    "guest_in",
    "guests",
    "no_standing_code",
    "passing_code",
    "people_of_bot",
    "plain_name",
    "redeem_code",
    "remove_helper",
    "standing_code",
]
