"""What a shop's past campaigns tell of the next one's versions: a small hierarchical model.

Each version that was sent is one row, with its wins and sends:

    logit(rate) = level of the campaign + effects of its traits + effect of its text + its own,

the effects normal about 0, levels normal about the shop's level. A trait is a pair such as tone = cheerful; its
effect is what campaigns that had versions with and without it say of it. Modes by Newton's method, variances by EM
with Laplace's approximation, held near what is usual while campaigns are few. So a version written yesterday starts
with what its traits have shown, one that was sent before with what it has shown itself, and how far versions lie
apart in this shop decides how soon a campaign believes its own first outcomes.
Source: Gelman & Hill (2007), "Data Analysis Using Regression and Multilevel/Hierarchical Models", chapters 12 and 14;
Breslow & Clayton (1993), "Approximate Inference in Generalized Linear Mixed Models".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.experiments.priors import Level
from engine.experiments.tally import Weights

USUAL = Level()
MOST_ROWS = 200
_HELD = 4.0  # how many effects the usual variance of each group is worth
_LEVEL_SPREAD = 0.7
_USUAL_SPREADS = (_LEVEL_SPREAD, 0.25, 0.3, 0.3)  # levels, traits, texts, own: those of versions add up to about 0.5
# the past is another time: no prior is surer than this, so that a campaign can always find otherwise
_SPREADS = (0.15, 1.0)
_TILTS = (0.25, 4.0)
_MOST_WINS = 3.0
_ROUNDS, _STEPS = 15, 8

Design = NDArray[np.float64]


@dataclass(frozen=True)
class Version:
    """A version to be sent: which text it is, and its traits, such as tone → cheerful."""

    text: str
    traits: Mapping[str, str]


@dataclass(frozen=True)
class PastVersion(Version):
    """A version that was sent: `wins` of `sends` whose outcome is known, in the campaign of this number.

    They are whole numbers of a shop's own; what stands for others' (`engine.experiments.pooled`) may be parts.
    """

    campaign: int
    wins: float
    sends: float


def prior(past: Sequence[PastVersion], versions: Sequence[Version], usual: Level = USUAL) -> Level | None:
    """What to expect of each of `versions`, beginning from what is `usual`; None while nothing was ever reported.

    The newest 200 of `past` count (campaign numbers grow with time); the order does not matter.
    """
    rows = sorted((row for row in past if row.sends), key=lambda row: row.campaign)[-MOST_ROWS:]
    if not rows:
        return None
    names = _Names.of(rows, versions)
    design, groups = names.design(rows)
    wins, sends = (np.array([getattr(row, name) for row in rows], dtype=float) for name in ("wins", "sends"))
    fitted = _fit(design, groups, wins, sends, np.log(usual.level / (1 - usual.level)))
    return fitted.prior(names.new(versions))


@dataclass(frozen=True)
class _Names:
    """Which column each campaign, trait and text has; columns of the rows' own effects come last."""

    campaigns: tuple[int, ...]
    traits: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    n_rows: int

    @classmethod
    def of(cls, rows: Sequence[PastVersion], versions: Sequence[Version]) -> _Names:
        every: list[Version] = [*rows, *versions]
        return cls(
            tuple(sorted({row.campaign for row in rows})),
            tuple(sorted({trait for one in every for trait in one.traits.items()})),
            tuple(sorted({one.text for one in every})),
            len(rows),
        )

    def effects(self, versions: Sequence[Version]) -> Design:
        """Of traits and texts only."""
        trait = {name: i for i, name in enumerate(self.traits)}
        text = {name: i for i, name in enumerate(self.texts)}
        design = np.zeros((len(versions), len(trait) + len(text)))
        for row, version in enumerate(versions):
            design[row, [trait[one] for one in version.traits.items()]] = 1
            design[row, len(trait) + text[version.text]] = 1
        return design

    def design(self, rows: Sequence[PastVersion]) -> tuple[Design, NDArray[np.intp]]:
        levels = np.array([[row.campaign == one for one in self.campaigns] for row in rows], dtype=float)
        sizes = (len(self.campaigns), len(self.traits), len(self.texts), self.n_rows)
        return np.hstack([levels, self.effects(rows), np.eye(self.n_rows)]), np.repeat(np.arange(4), sizes)

    def new(self, versions: Sequence[Version]) -> Design:
        """Rows of the design for versions to come, without a campaign's level and without their own effects."""
        return np.hstack(
            [
                np.zeros((len(versions), len(self.campaigns))),
                self.effects(versions),
                np.zeros((len(versions), self.n_rows)),
            ]
        )


@dataclass(frozen=True, eq=False)
class _Fitted:
    """The shop's level (a logit), the effects with their covariance, and the variance of each of the four groups."""

    level: float
    effects: Weights
    covariance: Design
    variances: Weights

    def prior(self, new: Design) -> Level:
        # what all versions of the campaign share is its level, and no difference between them
        apart = new - new.mean(axis=0)
        n = len(new)
        own = self.variances[3] * (1 - 1 / n) if n > 1 else self.variances[3]
        variance = np.einsum("ij,jk,ik->i", apart, self.covariance, apart) + own
        level = 1 / (1 + np.exp(-self.level))
        rates = 1 / (1 + np.exp(-(self.level + apart @ self.effects)))
        spreads = np.clip(np.sqrt(variance) * (1 - rates), *_SPREADS)
        tilts = np.clip(rates / level, *_TILTS)
        return Level(
            level=float(level),
            wins=min(float(1 / self.variances[0]), _MOST_WINS),
            spread=float(spreads.mean()),
            tilts=tuple(tilts.tolist()),
            spreads=tuple(spreads.tolist()),
        )


def _fit(design: Design, groups: NDArray[np.intp], wins: Weights, sends: Weights, usual_level: float) -> _Fitted:
    variances = np.square(_USUAL_SPREADS)
    usual = variances.copy()
    sizes = np.bincount(groups, minlength=4)
    effects, level = np.zeros(design.shape[1]), usual_level
    covariance = np.zeros((design.shape[1],) * 2)
    for _ in range(_ROUNDS):
        level, effects, covariance = _mode(design, wins, sends, variances[groups], level, effects, usual_level)
        squares = np.square(effects) + np.diag(covariance)
        new = (_HELD * usual + np.bincount(groups, squares, minlength=4)) / (_HELD + sizes)
        if np.allclose(new, variances, rtol=1e-3):
            break
        variances = new
    return _Fitted(level, effects, covariance, variances)


def _mode(
    design: Design, wins: Weights, sends: Weights, variance: Weights, level: float, effects: Weights, usual_level: float
) -> tuple[float, Weights, Design]:
    """Newton's method for the level (with a wide prior about the usual one) and the effects; their covariance, too."""
    columns = np.hstack([np.ones((len(wins), 1)), design])
    precision = 1 / np.concatenate([[4 * _LEVEL_SPREAD**2], variance])
    centre = np.concatenate([[usual_level], np.zeros(effects.size)])
    point = np.concatenate([[level], effects])
    for _ in range(_STEPS):
        rates = 1 / (1 + np.exp(-np.clip(columns @ point, -30, 30)))
        curvature = columns.T @ (columns * (sends * rates * (1 - rates))[:, None]) + np.diag(precision)
        slope = columns.T @ (wins - sends * rates) - precision * (point - centre)
        step = np.linalg.solve(curvature, slope)
        point = point + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    covariance = np.linalg.inv(curvature)
    return float(point[0]), point[1:], covariance[1:, 1:]
