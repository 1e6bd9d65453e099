"""What a shop's earlier campaigns say of the versions of the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from engine.campaigns import templates
from engine.campaigns.templates import Template
from engine.errors import NotAllowed
from engine.experiments import pooling
from engine.experiments.pooling import PastVersion, Version
from engine.experiments.priors import Level
from engine.store import outcomes
from engine.store.outcomes import PastText


def prior_for(db: Database, texts: Sequence[Template], but: int | None = None) -> Level | None:
    """What to expect of each of `texts`, from all approved campaigns on their channel and in their language.

    None while nothing is known of any. `but`: a campaign that is left out, as it is counted by itself.
    """
    channel, language = texts[0].channel, texts[0].language
    past = [
        PastVersion(_text(row.goal, row.template), _traits(row, channel, language), row.campaign, wins, row.sends)
        for row in outcomes.past_versions(db, channel=channel, language=language)
        for wins in [row.conversions]
        if row.campaign != but
    ]
    return pooling.prior(past, [Version(_text(text.goal, text.name), text.traits) for text in texts])


def tells_apart(prior: Level | None) -> bool:
    """Whether the prior expects one version to do better than another."""
    return prior is not None and max(prior.tilts) - min(prior.tilts) > 1e-6


def _text(goal: str, template: str) -> str:
    return f"{goal}/{template}"


def _traits(row: PastText, channel: str, language: str) -> Mapping[str, str]:
    """As they stood in the template when it was sent; none where it can no longer be read."""
    try:
        return templates.parsed(row.source, name=row.template, goal=row.goal, channel=channel, language=language).traits
    except NotAllowed:
        return {}
