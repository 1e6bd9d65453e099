"""What the ways of grouping are called, as a seller would ask for them; a new one has its own name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.phrases import Phrase

METHODS: Mapping[str, Phrase] = {
    "kmeans": Phrase("Who is alike (the usual way)"),
    "ward": Phrase("A tree of who is alike"),
    "average": Phrase("A tree that sets odd ones apart"),
    "dbscan": Phrase("Who fits no group"),
    "hdbscan": Phrase("Crowds, and who stands alone"),
    "rfm_eight": Phrase("The eight groups: lately, often, much"),
    "rfm_ten": Phrase("Ten groups: how lately and how often"),
    "rfm_eleven": Phrase("The groups that Shopify shows"),
}


def method_called(method: str) -> Phrase:
    """The name of this way of grouping; the word itself of one without a name."""
    return METHODS.get(method, Phrase("{field}", field=method))
