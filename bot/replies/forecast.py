"""A forecast of one customer, in words that a seller uses."""

from __future__ import annotations

from bot.replies import Line
from engine import CardForecast, CustomerForecast, DayEstimate, Estimate, Money, Phrase

SURE = 0.95
WIDE = 10  # times the middle: a range with a higher end tells nothing
LONGEST = 365  # days in which a next order may lie: a longer range tells nothing
FEW_ORDERS = 0.1  # expected: below, a number would say nothing


def forecast_lines(told: CardForecast, currency: str | None) -> list[Line]:
    """What the card says of the days to come."""
    one = told.forecast
    lines: list[Line] = [
        Phrase("will order again within {days} days: {chance}", days=told.days, chance=chance(one))
        if told.tells_who
        else Phrase("whether they order again: your past orders do not let me tell"),
        Phrase("expected in this time: {orders}, {money}", orders=orders(one), money=money(one.money, currency)),
    ]
    if one.usual_money is not None:
        lines.append(Phrase("their pace so far would bring {money:0}", money=Money(one.usual_money, currency)))
    if one.next_order is not None:
        lines.append(next_order(one.next_order))
    if not told.is_fresh:
        lines.append(
            Phrase("This is from {as_of}; there are newer data since: /value computes it again.", as_of=told.as_of)
        )
    return lines


def chance(one: CustomerForecast) -> Phrase:
    """How likely an order is, in tenths."""
    share = 1 - one.p_none.value
    if share >= SURE:
        return Phrase("almost certain")
    if share <= 1 - SURE:
        return Phrase("hardly")
    return Phrase("{tenths} of 10", tenths=max(1, min(9, round(10 * share))))


def orders(one: CustomerForecast) -> Phrase:
    n = one.orders.value
    if n < FEW_ORDERS:
        return Phrase("hardly any order")
    if round(n, 1) == 1:
        return Phrase("about 1 order")
    return Phrase("about {n:.1f} orders", n=n) if n < 10 else Phrase("about {n:.0f} orders", n=n)


def money(estimate: Estimate, currency: str | None) -> Phrase:
    if estimate.high > WIDE * estimate.value:
        return Phrase("about {money:0}, but that is hard to tell", money=Money(estimate.value, currency))
    return Phrase(
        "about {money:0} (likely {low:0} to {high:0})",
        money=Money(estimate.value, currency),
        low=Money(estimate.low, currency),
        high=Money(estimate.high, currency),
    )


def next_order(day: DayEstimate) -> Phrase:
    if day.high is None:
        return Phrase("next order around {day}, hardly before {low}", day=day.value, low=day.low)
    if (day.high - day.low).days > LONGEST:
        return Phrase("when the next order comes is hard to tell")
    return Phrase("next order around {day}, between {low} and {high}", day=day.value, low=day.low, high=day.high)
