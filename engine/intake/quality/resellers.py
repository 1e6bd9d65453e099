"""Customers who buy like resellers."""

from __future__ import annotations

from engine.intake import robust
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Money, Phrase, counted

NAME = "resellers"
LOOKED_AT = Phrase("customers who buy like resellers")
NEEDS = ("orders", "customers")
LARGE_SHARE = 0.01  # of all money: who has less does not bend the picture


def check(evidence: Evidence) -> Finding | None:
    """Customers whose money stands far out, and who bring in 1 % of the shop's or more."""
    spent = evidence.spent()
    total = float(spent.sum())
    found = robust.far_out(spent)
    found = found[spent[found] >= LARGE_SHARE * total]
    if not len(found):
        return None
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} customer buys like a reseller: {share:.0%} of the money of all customers.",
            "{n} customers buy like resellers: {share:.0%} of the money of all customers.",
            n=len(found),
            share=float(spent[found].sum()) / total,
        ),
        Phrase("If one of them leaves, sales fall at once; and what they buy says little about the others."),
        Phrase("Write to them yourself instead of putting them in a campaign for all."),
        tuple(
            Phrase(
                "{who}: {sum}, {share:.1%} of the money",
                who=evidence.who(person),
                sum=Money(float(spent[person]), evidence.currency),
                share=float(spent[person]) / total,
            )
            for person in found[:SHOWN].tolist()
        ),
        is_fault=False,
    )
