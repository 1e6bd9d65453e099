"""What a shop's earlier campaigns say of the versions of the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from engine.campaigns import templates
from engine.campaigns.templates import Template
from engine.campaigns.trait_words import trait_words
from engine.errors import NotAllowed
from engine.experiments import pooled, pooling
from engine.experiments.pooling import PastVersion, Version
from engine.experiments.priors import Level
from engine.phrases import Phrase
from engine.services.pool import pooled_in_use
from engine.store import outcomes
from engine.store.outcomes import PastText

SHOWN = 4  # values of traits on a draft


def prior_for(db: Database, texts: Sequence[Template], but: int | None = None) -> Level | None:
    """What to expect of each of `texts`, from all approved campaigns on their channel and in their language, and from
    what other shops saw where this shop has pooled.

    None while nothing is known of any. `but`: a campaign that is left out, as it is counted by itself.
    """
    channel, language = texts[0].channel, texts[0].language
    past = [
        PastVersion(_text(row.goal, row.template), _traits(row, channel, language), row.campaign, wins, row.sends)
        for row in outcomes.past_versions(db, channel=channel, language=language)
        for wins in [row.conversions]
        if row.campaign != but
    ]
    for number, (_, told) in enumerate(pooled_in_use(db, channel)):
        # older than everything of this shop's own
        past += pooled.as_versions(told.cells, told.deviation, first=-1 - 1_000 * number)
    return pooling.prior(past, [Version(_text(text.goal, text.name), text.traits) for text in texts])


def tells_apart(prior: Level | None) -> bool:
    """Whether the prior expects one version to do better than another."""
    return prior is not None and max(prior.tilts) - min(prior.tilts) > 1e-6


def pooled_note(db: Database, texts: Sequence[Template]) -> Phrase | None:
    """What other shops saw of the traits that tell these versions apart; None where nothing is known of it."""
    goal, found = texts[0].goal, []
    for pool, told in pooled_in_use(db, texts[0].channel):
        for cell in pooled.told_apart(told.cells, told.deviation):
            having = sum(text.traits.get(cell.trait) == cell.value for text in texts)
            if cell.goal == goal and 0 < having < len(texts):
                found.append((abs(pooled.ratio(cell) - 1), pool, told.n_shops, cell))
    if not found:
        return None
    found.sort(key=lambda one: -one[0])
    _, pool, n_shops, _ = found[0]
    return Phrase(
        "What {n} shops saw together counts until your own outcomes outweigh it; buyers against what was to be "
        "expected: {ratios}. Without it: /pool off {id}",
        n=n_shops,
        ratios=tuple(
            Phrase("{trait} × {ratio:.2f}", trait=trait_words(cell.trait, cell.value), ratio=pooled.ratio(cell))
            for _, _, _, cell in found[:SHOWN]
        ),
        id=str(pool),
    )


def _text(goal: str, template: str) -> str:
    return f"{goal}/{template}"


def _traits(row: PastText, channel: str, language: str) -> Mapping[str, str]:
    """As they stood in the template when it was sent; none where it can no longer be read."""
    try:
        return templates.parsed(row.source, name=row.template, goal=row.goal, channel=channel, language=language).traits
    except NotAllowed:
        return {}
