"""Shopify's export of products: one row per variant, the product's own cells on its first row only.

A product here is a variant, as in the orders: by its SKU, else by its name, which is the title and the variant's
options, as in “Lineitem name”. Rows of further pictures have neither.
Source: Shopify Help Center, "Using CSV files to import and export products", both forms of the header.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine import columns as c
from engine.intake import identity, words
from engine.intake.layouts import Known, Reshaped, column
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase, counted

_OF_THE_PRODUCT = (
    "title body(html) description vendor productcategory type tags published publishedononlinestore status "
    "option1name option2name option3name"
)
_OF_THE_VARIANT = ("variantsku", "sku", "variantprice", "price", "option1value", "title")
_ONLY = "default title"  # the option of a product without variants


def _one_row_per_variant(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    handles = (column(table, "handle") or column(table, "urlhandle") or table.columns[0]).recoded(words.text)
    there = np.zeros(len(table.rows), np.bool_)
    for word in _OF_THE_VARIANT:
        found = column(table, word)
        if found is not None:
            there |= ~found.recoded(words.text).blank
    # metafields are told of the product too
    own = {
        header
        for header in table.headers
        if folded(header) in _OF_THE_PRODUCT.split() or "metafields." in header.lower()
    }
    owner, n = np.where(handles.blank, -1, handles.codes).astype(np.int32), len(handles.texts)
    columns = tuple(identity.filled(one, owner, n) if one.header in own else one for one in table.columns)
    table = replace(table, columns=columns).taken(np.flatnonzero(there))
    at = {one.header: one for one in table.columns}
    shaped = {field: at[cell.header] for field, cell in cells.items()}
    kinds = [one for word in ("type", "productcategory") if (one := column(table, word)) is not None]
    if kinds:
        shaped[c.CATEGORY] = identity.first_said([one.recoded(words.name) for one in kinds])
    n_pictures = int((~there).sum())
    note = counted(
        "{n} row is only a further picture of a product: it was left aside.",
        "{n} rows are only further pictures of products: they were left aside.",
        n=n_pictures,
    )
    notes: tuple[Phrase, ...] = (note,) if n_pictures else ()
    return Reshaped(table, {**shaped, c.PRODUCT_NAME: _names(table, shaped[c.PRODUCT_NAME])}, notes)


def _names(table: Table, title: Column) -> Column:
    """The title with the variant's options, as orders have it."""
    options = [one for i in (1, 2, 3) if (one := column(table, f"option{i}value")) is not None]
    parts = np.stack([title.codes, *(one.codes for one in options)])
    different, codes = np.unique(parts, axis=1, return_inverse=True)
    texts = []
    for first, *rest in different.T.tolist():
        said = [words.text(one.texts[code]) for one, code in zip(options, rest, strict=True)]
        variant = " / ".join(text for text in said if text and text.casefold() != _ONLY)
        name = words.name(title.texts[first])
        texts.append(f"{name} - {variant}" if name and variant else name)
    return Column(title.header, codes.ravel().astype(np.int32), texts)


LAYOUT = Known(
    name="Shopify products",
    kind="products",
    platform="Shopify",
    needed="title handle|urlhandle variantprice|price option1value",
    words={
        c.PRODUCT_KEY: "variantsku sku",
        c.PRODUCT_NAME: "title",
        c.CATEGORY: "type productcategory",
        c.PRICE: "variantprice price",
        c.COST: "costperitem",
        c.STOCK: "variantinventoryqty inventoryquantity",
        c.DESCRIPTION: "body(html) description",
        c.LAUNCHED: "createdat publishedat",
    },
    reshape=_one_row_per_variant,
)
