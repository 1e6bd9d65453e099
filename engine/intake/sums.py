"""Which of a file's columns of money is what buyers paid for goods, by what adds up over its rows.

A price, a discount, shipping, tax and a sum stand in one file, and headers alone do not say which of them is before
discounts, with shipping, of a piece or of a line. So each sum is held against the prices, with and without what else
is told, and the reading that fits most rows is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake.moneys import Moneys, moneys
from engine.intake.paid import of_order
from engine.intake.proposal import Guess, Proposal
from engine.intake.tables import Table
from engine.intake.totals import BY_AMOUNTS
from engine.phrases import Phrase

Floats = NDArray[np.float64]
CENT: Final = 0.011  # of a sum of rounded parts
FITS: Final = 0.6  # share of orders that have to add up
LEAST: Final = 0.5  # of what the prices come to, that a sum may be which does not add up
MOST: Final = 1.5
NEARLY_ALL: Final = 0.99
_SUMS: Final = (c.PRICE, c.REVENUE, f.ORDER_TOTAL, f.PAID)


@dataclass(frozen=True)
class Reading:
    """One way to add up: the price is of a piece, or of the line; what else is in the sum; how many orders fit.

    discount  "" none, "once" the order's, stated on its rows, "each" the line's
    """

    by_piece: bool
    discount: str
    shipping: bool
    tax: bool
    by_line: bool
    fits: float

    @property
    def terms(self) -> int:
        return bool(self.discount) + self.shipping + self.tax

    @property
    def holds(self) -> bool:
        return self.fits >= FITS


def settled(table: Table, proposal: Proposal) -> tuple[Proposal, tuple[Phrase, ...]]:
    """The proposal in which money is what buyers paid for goods, as far as the file tells, and notes that tell how.

    What the founder has said of a column stands.
    """
    if proposal.kind != "orders" or proposal.known:
        return proposal, ()
    proposal = _opened(proposal)
    said = set(proposal.choice.fields.values())
    told = None if said & set(_SUMS) else moneys(table, proposal)
    if told is None:
        return proposal, ()
    if said & {f.DISCOUNT, f.LINE_DISCOUNT}:
        return _with_discount_said(proposal, told)
    if told.base_at < 0 or (told.is_supposed and not any(_read(told, amount).holds for amount in told.sums.values())):
        return _of_sums_alone(proposal, told)
    for at in told.sums:
        read = _read(told, told.sums[at])
        if _is_of_use(told, at, read):
            return _with_sum(proposal, told, at, read)
    return _without_sum(proposal, told)


def _opened(proposal: Proposal) -> Proposal:
    """The proposal in which only the founder has said what comes off, and a sum that was paid is a sum as others."""
    roles: dict[int, str | None] = {}
    for guess in proposal.guesses:
        if guess.field in (f.SHIPPING, f.DISCOUNT, f.LINE_DISCOUNT, f.SUBTOTAL):
            roles[guess.position] = None
        if guess.field == f.PAID and guess.header not in proposal.choice.fields:
            if f.ORDER_TOTAL in proposal.columns:
                roles[proposal.columns[f.ORDER_TOTAL]] = None
            roles[guess.position] = f.ORDER_TOTAL
    return _with_roles(proposal, roles)


def _with_discount_said(proposal: Proposal, told: Moneys) -> tuple[Proposal, tuple[Phrase, ...]]:
    """The founder has said what comes off the price; the amounts say whether that is of a piece."""
    if told.base_at < 0 or told.is_supposed:
        return proposal, ()
    read = next((read for at in told.sums if (read := _read(told, told.sums[at])).holds), None)
    field, notes = _of_base(told, read)
    roles: dict[int, str | None] = {told.base_at: field}
    if c.PRICE in proposal.columns and c.REVENUE in proposal.columns and field == c.REVENUE:
        roles[proposal.columns[c.REVENUE]] = None
    return _with_roles(proposal, roles), notes


def _of_sums_alone(proposal: Proposal, told: Moneys) -> tuple[Proposal, tuple[Phrase, ...]]:
    """No price tells what a sum is made of: the one that is called paid is taken, as an order's amount."""
    if not told.sums or f.ORDER_TOTAL not in proposal.columns:
        return proposal, ()
    was = proposal.columns[f.ORDER_TOTAL]
    at = next(iter(told.sums))
    if told.rank[at] <= told.rank.get(was, 0):
        at = was
    roles: dict[int, str | None] = {} if at == was else {was: None, at: f.ORDER_TOTAL}
    notes = () if at == was else (_told_of_paid(told.header(at)),)
    if at in told.sums and told.has_shipping and not told.is_of_goods(at) and not _differs(told, told.sums[at]):
        roles |= {at: f.PAID, told.shipping_at: f.SHIPPING}
        notes = (_told_of_assumed_shipping(told.header(at), told.header(told.shipping_at)),)
    return _with_roles(proposal, roles), notes


def _is_of_use(told: Moneys, at: int, read: Reading) -> bool:
    """Whether the sum tells what was paid: it is called so, or it adds up to less than the prices."""
    amount = told.sums[at]
    if not np.nansum(amount) > 0 or not np.isfinite(of_order(amount, told.order, told.n_orders)).mean() >= FITS:
        return False
    return read.holds or (told.rank[at] > 1 and _is_of_size(told, amount))


def _is_of_size(told: Moneys, amount: Floats) -> bool:
    """Whether it is in all about what the prices come to, by piece or by line, and so no deposit and no yes or no."""
    rows = told.counts if _differs(told, amount) else told.counts & told.leads
    whole = float(np.nansum(np.where(rows, of_order(amount, told.order, told.n_orders), 0.0)))
    if _differs(told, amount):
        whole = float(np.nansum(amount[rows]))
    worths = (told.base * told.pieces, told.base)
    return any(LEAST * worth <= whole <= MOST * worth for one in worths if (worth := np.nansum(one[told.counts])) > 0)


def _with_sum(proposal: Proposal, told: Moneys, at: int, read: Reading) -> tuple[Proposal, tuple[Phrase, ...]]:
    base_field, notes = _of_base(told, read if read.holds else None)
    roles: dict[int, str | None] = {told.base_at: base_field}
    if read.fits >= NEARLY_ALL and not read.terms:
        return _with_roles(proposal, roles), notes
    ships = told.has_shipping and (read.shipping if read.holds else not read.by_line and not told.is_of_goods(at))
    has_more = read.tax or (read.by_line and ships)
    if read.holds and (has_more or not (read.discount or told.rank[at] > 1)):
        # the prices and the discount say without shipping and tax what the sum says with them
        if read.discount:
            roles[told.discount_at] = f.DISCOUNT if read.discount == "once" else f.LINE_DISCOUNT
            notes += (_told_of_discount(told.header(told.discount_at)),)
        return _with_roles(proposal, roles), notes
    if f.ORDER_TOTAL in proposal.columns:
        roles[proposal.columns[f.ORDER_TOTAL]] = None
    if c.REVENUE in proposal.columns and proposal.columns[c.REVENUE] != told.base_at:
        roles[proposal.columns[c.REVENUE]] = None
    if read.by_line:
        whole = np.isfinite(told.sums[at])[np.isfinite(told.base)].mean() >= NEARLY_ALL
        if whole:
            roles |= {told.base_at: None, at: c.REVENUE}
            notes = (_told_of_paid(told.header(at)),)
        return _with_roles(proposal, roles), notes
    roles[at] = f.PAID
    if not ships:
        return _with_roles(proposal, roles), (*notes, _told_of_paid(told.header(at)))
    roles[told.shipping_at] = f.SHIPPING
    tell = _told_of_shipping if read.holds else _told_of_assumed_shipping
    return _with_roles(proposal, roles), (*notes, tell(told.header(at), told.header(told.shipping_at)))


def _without_sum(proposal: Proposal, told: Moneys) -> tuple[Proposal, tuple[Phrase, ...]]:
    """No sum tells what was paid: a discount comes off prices, which are told before it, and that is said."""
    field, notes = _of_base(told, None)
    roles: dict[int, str | None] = {told.base_at: field}
    is_price = c.PRICE in proposal.columns
    if is_price and c.REVENUE in proposal.columns and field == c.REVENUE:
        roles[proposal.columns[c.REVENUE]] = None
    if told.has_discount and is_price:
        once = not _differs(told, told.discount)
        several = np.bincount(told.order[told.order >= 0], minlength=1).max() > 1
        roles[told.discount_at] = f.DISCOUNT if once and several else f.LINE_DISCOUNT
        notes += (_told_of_discount(told.header(told.discount_at)),)
    return _with_roles(proposal, roles), notes


def _of_base(told: Moneys, read: Reading | None) -> tuple[str, tuple[Phrase, ...]]:
    """Whether the price is of a piece or of the line, and the note where it is not as its name says."""
    was_piece = told.base_field == c.PRICE
    by_piece = was_piece
    if read is not None and _decides(told, read):
        by_piece = read.by_piece
    elif was_piece and _is_of_lines(told):
        by_piece = False
    header = told.header(told.base_at)
    if by_piece == was_piece:
        return told.base_field, ()
    if by_piece:
        return c.PRICE, (
            Phrase("“{column}” was taken as the price of one piece: so the amounts add up.", column=header),
        )
    return c.REVENUE, (
        Phrase(
            "“{column}” was taken as the amount of the line, not of one piece: so the amounts add up.", column=header
        ),
    )


def _decides(told: Moneys, read: Reading) -> bool:
    """Whether pieces matter in this reading: the other reading of the price fits fewer orders."""
    return bool((np.abs(told.pieces - 1) > 0).any()) and read.fits > 0


def _is_of_lines(told: Moneys) -> bool:
    """Whether products cost as many times more as pieces were bought of them, and none costs the same for several."""
    sold = (told.product >= 0) & np.isfinite(told.base) & (told.pieces > 0) & (told.base > 0)
    goods, pieces, amount = told.product[sold], told.pieces[sold], told.base[sold]
    order = np.lexsort((pieces, goods))
    goods, pieces, amount = goods[order], pieces[order], amount[order]
    same = (goods[1:] == goods[:-1]) & (pieces[1:] != pieces[:-1])
    each = np.abs(amount[1:] / pieces[1:] - amount[:-1] / pieces[:-1]) <= CENT
    alike = np.abs(amount[1:] - amount[:-1]) <= CENT
    lines, single = (len(np.unique(goods[1:][same & mask])) for mask in (each, alike))
    return lines > 1 and not single


def _read(told: Moneys, amount: Floats) -> Reading:
    """The reading of the price and the rest that fits this sum on most orders; of two alike the simpler."""
    readings = list(_readings(told, amount))
    best = max(
        readings,
        key=lambda one: (
            round(one.fits, 2),
            -one.terms,
            one.by_piece == (told.base_field == c.PRICE),
            not one.by_line,
        ),
    )
    return replace(best, by_line=True) if _differs(told, amount) else best


def _readings(told: Moneys, amount: Floats) -> Iterator[Reading]:
    differs = _differs(told, amount)
    ships = (False, True) if told.has_shipping else (False,)
    taxes = (False, True) if told.has_tax else (False,)
    for by_piece, shipping, tax in product((True, False), ships, taxes):
        worth = told.base * told.pieces if by_piece else told.base
        for discount in ("", "once", "each") if told.has_discount else ("",):
            if not differs:
                fits = _fit_of_orders(told, amount, worth, discount, shipping, tax)
                yield Reading(by_piece, discount, shipping, tax, False, fits)
            if discount != "once":
                rest = told.off(discount) + (told.shipping if shipping else 0.0) + (told.tax if tax else 0.0)
                near = np.abs(worth + rest - amount) <= CENT
                counts = told.counts & np.isfinite(amount)
                fits = float(near[counts].mean()) if counts.any() else 0.0
                yield Reading(by_piece, discount, shipping, tax, True, fits)


def _fit_of_orders(told: Moneys, amount: Floats, worth: Floats, discount: str, shipping: bool, tax: bool) -> float:
    """The share of orders whose lines add up to the sum that stands on one or all of their rows."""
    sums = told.summed(worth) + (told.summed(told.off("each")) if discount == "each" else 0.0)
    first = of_order(amount, told.order, told.n_orders)
    if discount == "once":
        sums = sums + np.nan_to_num(of_order(told.off("once"), told.order, told.n_orders))
    if shipping:
        sums = sums + np.nan_to_num(of_order(told.shipping, told.order, told.n_orders))
    if tax:
        sums = sums + told.summed(told.tax)
    counts = told.counts & np.isfinite(first)
    return float((np.abs(sums - first) <= CENT)[counts].mean()) if counts.any() else 0.0


def _differs(told: Moneys, amount: Floats) -> bool:
    first = of_order(amount, told.order, told.n_orders)
    return bool((np.abs(amount - first) > CENT).any())


def _with_roles(proposal: Proposal, roles: Mapping[int, str | None]) -> Proposal:
    """The proposal with these columns as these fields, but for what the founder has said."""

    def turned(guess: Guess) -> Guess:
        field = roles.get(guess.position, guess.field)
        if field == guess.field or guess.header in proposal.choice.fields:
            return guess
        surely = guess.confidence if guess.field is not None else 1.0
        return replace(guess, field=field, confidence=surely if field is not None else 0.0, why=BY_AMOUNTS)

    return replace(proposal, guesses=tuple(turned(guess) for guess in proposal.guesses))


def _told_of_paid(header: str) -> Phrase:
    return Phrase("“{column}” was taken as what buyers paid.", column=header)


def _told_of_shipping(header: str, shipping: str) -> Phrase:
    return Phrase(
        "“{column}” was taken as what buyers paid, without the shipping in “{shipping}”.",
        column=header,
        shipping=shipping,
    )


def _told_of_assumed_shipping(header: str, shipping: str) -> Phrase:
    return Phrase(
        "“{column}” was taken as what buyers paid. Nothing shows whether it includes the shipping in “{shipping}”; "
        'that was taken off. If it does not include it, say --map "{shipping}=-".',
        column=header,
        shipping=shipping,
    )


def _told_of_discount(header: str) -> Phrase:
    return Phrase(
        '“{column}” was taken off the prices as a discount. If they are already without it, say --map "{column}=-".',
        column=header,
    )
