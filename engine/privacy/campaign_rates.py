"""The share of buyers from noisy counts."""

from __future__ import annotations

import math

from engine.privacy.noise import variance

_Z = 1.96


def rate_interval(bought: float, not_bought: float, scale: float) -> tuple[float, float, float]:
    """Low, the share itself, high: 95 % with both the chance of who bought and the noise of both counts.

    Agresti & Coull's two more of each keep the chance from vanishing at few buyers; the noise goes by the delta method:
    the share b / (b + m) moves with (1 − share) / n for noise in b, and with share / n for noise in m.
    Source: Agresti & Coull (1998), "Approximate Is Better than 'Exact'".
    """
    bought, not_bought = max(0.0, bought), max(0.0, not_bought)
    n = max(1.0, bought + not_bought)
    share = bought / n
    middle = (bought + 2) / (n + 4)
    spread = middle * (1 - middle) / (n + 4) + variance(scale) * ((1 - middle) ** 2 + middle**2) / n**2
    half = _Z * math.sqrt(spread)
    return max(0.0, middle - half), share, min(1.0, middle + half)
