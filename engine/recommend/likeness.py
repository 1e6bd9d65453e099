"""In what two products are alike, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.phrases import Name, Phrase
from engine.recommend.descriptions import Blocks, Fields, chinese, folded, latin, traits_of, words_of
from engine.recommend.history import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TELLING = 0.15  # of the whole likeness: less is not named
MOST_WORDS = 4


@dataclass(frozen=True)
class Likeness:
    """What is known of the products, and how much each field of it counts."""

    names: tuple[Name, ...]
    attributes: Sequence[object]  # of each product, by name; None where nothing is told
    blocks: Blocks
    weights: Fields

    def reasons(self, products: Ints, others: Ints, last: Ints) -> list[Phrase]:
        """Why each product is like the other, which was bought last at that second since 1970 (shop's time)."""
        if not products.size:
            return []
        pairs, which = np.unique(np.stack([products, others]), axis=1, return_inverse=True)
        alike = list(self._alike(*pairs))
        days = [datetime.fromtimestamp(second, UTC).date() for second in np.asarray(last).tolist()]
        return [
            Phrase(
                "like {other}, which they bought last on {last}: {alike}",
                other=self.names[other],
                last=day,
                alike=alike[pair],
            )
            for pair, other, day in zip(which.ravel().tolist(), others.tolist(), days, strict=True)
        ]

    def _alike(self, products: Ints, others: Ints) -> Iterator[tuple[Phrase, ...]]:
        cosine = {name: _of_pairs(block, products, others) for name, block in self.blocks.items()}
        share = {name: getattr(self.weights, name) * values for name, values in cosine.items()}
        whole = np.sum(list(share.values()), axis=0)
        for place, (product, other) in enumerate(zip(products.tolist(), others.tolist(), strict=True)):
            telling = {name for name in cosine if share[name][place] >= TELLING * whole[place] > 0}
            yield tuple(self._named(product, other, telling)) or (Phrase("similar in name or description"),)

    def _named(self, product: int, other: int, telling: set[str]) -> Iterator[Phrase]:
        one, another = self._named_so[product], self._named_so[other]
        if one.en.plain == another.en.plain:
            yield Phrase("of the same name")
        elif telling & {"words", "letters"}:
            words = self._shared(one, another)
            if words is not None:
                yield Phrase("both “{words}”", words=words)
        if "category" in telling:
            yield Phrase("of the same category")
        if "attributes" in telling:
            theirs = traits_of(self.attributes[other])
            both = [shown for trait, shown in traits_of(self.attributes[product]).items() if trait in theirs]
            yield Phrase("both {traits}", traits=tuple(both[:MOST_WORDS]))
        if "price" in telling:
            yield Phrase("at a similar price")

    def _shared(self, one: _Spelled, other: _Spelled) -> Name | None:
        """The most telling words that both names have, in each language."""
        en = self._both(one.en, other.en)
        same = one.zh is one.en and other.zh is other.en
        shared = Name(en, en if same else self._both(one.zh, other.zh))
        return shared if shared.en or shared.zh else None

    def _both(self, one: _Words, other: _Words) -> str:
        common = [word for word in one.latin if word in other.latin and len(word) > 1 and not word.isdecimal()]
        rarest = sorted(common, key=self._frequency.__getitem__)[:MOST_WORDS]
        return " ".join([*(word for word in common if word in rarest), *_runs(one.chinese, other.chinese)])

    @cached_property
    def _named_so(self) -> list[_Spelled]:
        return list(map(_Spelled.of, self.names))

    @cached_property
    def _frequency(self) -> Counter[str]:
        """How many products have a word in their name."""
        return Counter(word for name in self.names for word in set(words_of(name)))


@dataclass(frozen=True)
class _Words:
    """A name as it is compared: folded, its Latin words once each, and its groups of Chinese characters."""

    plain: str
    latin: dict[str, None]
    chinese: str

    @classmethod
    def of(cls, text: str) -> _Words:
        plain = folded(text)
        return cls(plain, dict.fromkeys(latin(plain)), chinese(plain))


@dataclass(frozen=True)
class _Spelled:
    """A name in both languages; one object twice where they are spelled the same."""

    en: _Words
    zh: _Words

    @classmethod
    def of(cls, name: Name) -> _Spelled:
        en = _Words.of(name.en)
        return cls(en, en if name.zh == name.en else _Words.of(name.zh))


def _runs(one: str, other: str) -> list[str]:
    """The longest groups of Chinese characters that both have."""
    if not one or not other:
        return []
    matching = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    runs = [run for block in matching for run in one[block.a : block.a + block.size].split() if len(run) > 1]
    longest = sorted(runs, key=len, reverse=True)[:MOST_WORDS]
    return [run for run in runs if run in longest]


def _of_pairs(block: csr_array, products: Ints, others: Ints) -> Floats:
    return np.asarray(block[products].multiply(block[others]).sum(axis=1), np.float64).ravel()
