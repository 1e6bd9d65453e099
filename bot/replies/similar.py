"""Products like a product."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Reply, Title, says
from engine import Phrase, SimilarProduct, SimilarProducts, counted, in_percent, product_ref

OTHERS = 3  # to ask for with a button


def similar_reply(found: SimilarProducts) -> Reply:
    lines: list[Line] = [Title(Phrase("What is like {product}", product=found.product.name))]
    if found.n_buyers:
        lines.append(
            counted("{n} person bought it so far.", "{n} people bought it so far.", n=found.n_buyers),
        )
    if found.note is not None:
        lines.append(found.note)
    if found.together:
        lines += [Gap(), Title(Phrase("Bought by the same people"))]
        lines += [Item(_together(one, found.n_buyers)) for one in found.together]
    if found.alike:
        lines += [Gap(), Title(Phrase("Alike in name, category or price"))]
        lines += [Item(_alike(one)) for one in found.alike]
    others = [*found.together, *found.alike][:OTHERS]
    buttons = (
        (Button(Phrase("Who may want it?"), f"/recommend {product_ref(found.product.id)}"),),
        *(
            (
                Button(
                    Phrase("And like {product}?", product=one.product.name), f"/similar {product_ref(one.product.id)}"
                ),
            )
            for one in others
        ),
    )
    return says(*lines, buttons=buttons)


def _together(one: SimilarProduct, n_buyers: int) -> Phrase:
    common = one.n_common or 0
    return counted(
        "{product}: {n} of them bought it too ({share})",
        "{product}: {n} of them bought it too ({share})",
        n=common,
        product=one.product.name,
        share=in_percent(common / n_buyers if n_buyers else 0.0),
    )


def _alike(one: SimilarProduct) -> Phrase:
    if one.reason is None:
        return Phrase("{product}", product=one.product.name)
    return Phrase("{product}: {reason}", product=one.product.name, reason=one.reason)


def _further(one: SimilarProduct) -> Button:
    return Button(Phrase("And like {product}?", product=one.product.name), f"/similar {product_ref(one.product.id)}")
