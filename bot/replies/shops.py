"""The shops of a bot that many founders share, as whoever runs it sees them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Item, Line, Reply, Title, says
from engine import Phrase, ShopLine

STATES = {
    "open": Phrase("in use"),
    "invited": Phrase("invited, not yet here"),
    "closed": Phrase("closed"),
}


def invited_reply(name: str, code: str) -> Reply:
    return says(
        Phrase("Pass this code on to the founder of {name}, who sends it to the bot within 3 days:", name=name),
        Title(Phrase("{code}", code=code)),
        Phrase("It works once. Whoever sends it owns the shop from then on."),
    )


def shops_reply(shops: Sequence[ShopLine]) -> Reply:
    if not shops:
        return says(Phrase("There is no shop yet: zhike invite makes a code for its founder."))
    lines: list[Line] = [Title(Phrase("Shops"))]
    for shop in shops:
        used = (
            Phrase("never used")
            if shop.last_used is None
            else Phrase("last used {at:%Y-%m-%d %H:%M}", at=shop.last_used.astimezone())
        )
        size = f"{shop.size / 1e6:.1f}"
        lines.append(
            Item(
                Phrase(
                    "{name}: {state}, {used}, {size} MB", name=shop.name, state=STATES[shop.state], used=used, size=size
                )
            )
        )
    return says(*lines)
