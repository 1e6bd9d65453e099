"""Which of several products is meant."""

from __future__ import annotations

from bot.replies import Button, Line, Reply, Text
from engine import Phrase, ProductsLike, counted, product_ref


def which_product_reply(text: str, like: ProductsLike, command: str) -> Reply:
    """The products that `text` may mean, as buttons that ask `command` of each."""
    shown = len(like.products)
    lines: list[Line] = [
        counted(
            "“{text}” is in the name or number of {n} product:",
            "“{text}” is in the name or number of {n} products:",
            n=like.total,
            text=text[:40],
        )
    ]
    if like.total > shown:
        lines.append(Phrase("Here are the first {n}. More of the name finds the others.", n=shown))
    buttons = tuple(
        (Button(Phrase("{product}", product=one.name), f"{command} {product_ref(one.id)}"),) for one in like.products
    )
    return Reply((Text(tuple(lines), buttons),), awaits=command)
