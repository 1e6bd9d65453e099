"""Products as what they are: sparse vectors of words, category, price and attributes.

Latin words are taken whole and as groups of 3 to 5 letters, so that "mugs" is near "mug"; Chinese, which has no spaces,
as groups of 2 and 3 characters. A term that fewer products share says more of them (TF-IDF).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import Floats, History
from engine.recommend.scores import best
from engine.recommend.sparse import set_itself

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LONGEST = 1_000  # characters of a description that count: what a product is stands at its beginning
NEAREST = 200  # other products of each
BLOCK = 4_000_000  # pairs of products at once: about 50 MB
BLOCKS = "blocks"  # in a history's `of_catalogue`
PRICE_STEPS = 2.0  # per doubling

_TAG = re.compile(r"<[^>]{0,500}>")
_LATIN = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+")
_LIST = re.compile(r"[,，;；、|/]")
_LEVELS = re.compile(r"\s*(?:>|/|\\|›|»|\||;|；|、|->)\s*")


@dataclass(frozen=True)
class Fields:
    """How much each part of what is known of a product counts; parts that a shop lacks count nothing."""

    words: float = 1.0
    letters: float = 0.5
    description: float = 0.5
    category: float = 0.5
    price: float = 0.25
    attributes: float = 0.5


Blocks = dict[str, "csr_array"]


def blocks(history: History) -> Blocks:
    """One row per product in each block, of length 1, or 0 where nothing is told. Blocks without a value are absent."""
    if BLOCKS not in history.of_catalogue:
        history.of_catalogue[BLOCKS] = _blocks(history)
    found: Blocks = history.of_catalogue[BLOCKS]
    return found


def _blocks(history: History) -> Blocks:
    catalogue = history.catalogue
    made = {
        "words": _weighted([words_of(name) for name in history.names]),
        "letters": _weighted([letters_of(name) for name in history.names]),
        "description": _weighted([terms(text) for text in _texts(catalogue[c.DESCRIPTION])]),
        "category": _weighted([levels_of(text) for text in _texts(catalogue[c.CATEGORY])]),
        "attributes": _weighted([list(traits_of(told)) for told in catalogue[c.ATTRIBUTES]]),
        "price": bands(catalogue[c.PRICE].to_numpy(np.float64)),
    }
    return {name: block for name, block in made.items() if block.nnz}


def nearest(history: History, weights: Fields) -> csr_array:
    """Products by products: the cosine to the `NEAREST` that are most alike in all that is told, but to itself."""
    from scipy.sparse import csr_array, vstack

    key = f"{NEAREST} nearest by {weights}"
    if key not in history.of_catalogue:
        described = joined(blocks(history), weights)
        across = csr_array(described.T)
        found = []
        step = max(1, BLOCK // max(1, described.shape[0]))
        for start in range(0, described.shape[0], step):
            cosine = (described[start : start + step] @ across).toarray()
            set_itself(cosine, start, 0)
            found.append(best(cosine, NEAREST))
        history.of_catalogue[key] = csr_array(vstack(found))
    near: csr_array = history.of_catalogue[key]
    return near


def joined(parts: Blocks, weights: Fields) -> csr_array:
    """The blocks side by side, each as heavy as its field, rows of length 1 (or 0)."""
    from scipy.sparse import csr_array, hstack

    heavy = [block * np.sqrt(getattr(weights, name)) for name, block in parts.items()]
    return _unit(csr_array(hstack(heavy)))


def spellings(name: Name) -> list[str]:
    """A name in both its languages; once where they are the same."""
    return list(dict.fromkeys((name.en, name.zh)))


def words_of(name: Name) -> list[str]:
    """The words of a name in both its languages, each spelling once."""
    return [term for text in spellings(name) for term in terms(text)]


def letters_of(name: Name) -> list[str]:
    """Groups of letters of its Latin words."""
    words = {word for text in spellings(name) for word in latin(folded(text))}
    return [gram for word in sorted(words) for gram in _grams(f" {word} ", (3, 4, 5))]


def terms(text: str) -> list[str]:
    """Latin words and groups of Chinese characters of a text, in order, as often as they occur."""
    plain = folded(text)
    return [*latin(plain), *_groups(plain)]


def levels_of(category: str) -> list[str]:
    """A category and all above it: "Home > Kitchen" is also in "Home"."""
    path = [level for level in _LEVELS.split(folded(category).strip()) if level]
    return [">".join(path[:depth]) for depth in range(1, len(path) + 1)]


def traits_of(told: object) -> dict[str, str]:
    """Each attribute with its value, and how it is shown; of a list of tags, with each of them."""
    if not isinstance(told, Mapping):
        return {}
    return {
        f"{folded(name)}={folded(part)}": f"{name}: {part}"
        for name, value in told.items()
        for part in map(str.strip, _LIST.split(value))
        if part
    }


def bands(price: Floats) -> csr_array:
    """Prices as overlapping bands of a logarithmic scale: the cosine falls from 1 to about a half at half as much
    again, and to nothing at three times as much.
    """
    from scipy.sparse import csr_array

    told = np.flatnonzero(price > 0)
    place = np.log2(price[told]) * PRICE_STEPS
    low = np.floor(place.min(initial=0)) - 2
    columns = np.floor(place)[:, None].astype(np.int64) + np.arange(-1, 3)
    values = np.exp(-((place[:, None] - columns) ** 2))
    rows = np.repeat(told, columns.shape[1])
    wide = int(columns.max(initial=0) - low) + 1
    where = (rows, (columns - int(low)).ravel())
    return _unit(csr_array((values.ravel(), where), shape=(price.size, wide), dtype=np.float32))


def _texts(column: Iterable[object]) -> list[str]:
    return [text if isinstance(text, str) else "" for text in column]


@cache
def _shown(char: str) -> bool:
    return unicodedata.category(char) != "Mn"


def folded(text: str) -> str:
    """Lower case, half width, without accents, tags and what lies beyond `LONGEST`."""
    shown = html.unescape(_TAG.sub(" ", text[: 10 * LONGEST]))[:LONGEST]
    return "".join(filter(_shown, unicodedata.normalize("NFKD", shown).casefold()))


def latin(plain: str) -> Iterator[str]:
    """Its Latin words and numbers, in order."""
    return (word for part in _CJK.split(plain) for word in _LATIN.findall(part))


def _groups(plain: str) -> Iterator[str]:
    for run in _CJK.findall(plain):
        yield from _grams(run, (2, 3)) if len(run) > 1 else run


def chinese(plain: str) -> str:
    """Its groups of Chinese characters, with spaces between."""
    return " ".join(_CJK.findall(plain))


def _grams(text: str, lengths: Sequence[int]) -> Iterator[str]:
    for length in lengths:
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def _weighted(documents: list[list[str]]) -> csr_array:
    """TF-IDF with a logarithm of how often a term occurs, rows of length 1; terms of one product alone say nothing."""
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import TfidfVectorizer

    same: Callable[[list[str]], list[str]] = _same
    if not any(documents):
        return csr_array((len(documents), 0), dtype=np.float32)
    return csr_array(TfidfVectorizer(analyzer=same, sublinear_tf=True, dtype=np.float32).fit_transform(documents))


def _same(terms: list[str]) -> list[str]:
    return terms


def _unit(matrix: csr_array) -> csr_array:
    from scipy.sparse import csr_array, diags_array

    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return csr_array(diags_array(1.0 / np.where(length > 0, length, 1.0)) @ matrix)
