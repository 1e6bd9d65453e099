"""A rule as an owner writes it, read: "orders >= 3 and last order < 60 days", “消费 >= 1000 且 城市 = 上海”."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.segments import rule_signs as signs
from engine.segments.conditions import OPPOSITE, All, Any, Comparison, Condition, Not, RuleField, Sign, folded
from engine.segments.rule_values import Number, number_at

LONGEST = 500  # letters
MOST_COMPARISONS = 30
DEEPEST = 10  # brackets and negations within one another
SHOWN = 14  # fields that an error lists

_AND, _OR, _NOT = (re.compile(rf"\s*{word}\s*", re.I) for word in (signs.AND, signs.OR, signs.NOT))
_IN = re.compile(r"在\s*(?=\d)")
_COMMA = re.compile(r"\s*[,、;/。]\s*")
_BETWEEN, _UP_TO = re.compile(signs.BETWEEN + r"\s*", re.I), re.compile(rf"\s*{signs.UP_TO}\s*", re.I)
# where a word without quotation marks ends
_WORD_ENDS = re.compile(r"\s+(?:and|or)\b|&|\||[(),;、/]|并且|而且|同时|且|或|[<>=!]", re.I)


@dataclass(frozen=True)
class Vocabulary:
    """What a rule may ask for; `more` is asked for further fields when a word is none of `fields`."""

    fields: tuple[RuleField, ...]
    more: Callable[[], tuple[RuleField, ...]] = tuple

    def with_more(self) -> Vocabulary:
        return Vocabulary((*self.fields, *self.more()))

    def at(self, text: str, at: int) -> tuple[RuleField, int] | None:
        """The field whose name stands at this place, the longest name first, and where it ends."""
        best: tuple[RuleField, int] | None = None
        for field in self.fields:
            for name in field.names:
                found = _name(name).match(text, at)
                if found is not None and (best is None or found.end() > best[1]):
                    best = field, found.end()
        return best


@cache
def _name(name: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.split(r"[\s_\-]+", signs.plain(name)) if part]
    whole = r"[\s_\-]*".join(parts) or r"(?!)"
    ending = r"(?![a-z0-9_])" if name[-1:].isascii() and name[-1:].isalnum() else ""
    return re.compile(rf"[\"“「]?{whole}{ending}[\"”」]?", re.I)


def read_rule(text: str, vocabulary: Vocabulary) -> Condition:
    """The condition that the text says. Raises NotAllowed with what is wrong, in one sentence."""
    rule = signs.plain(text).rstrip("。.;,")
    if not rule:
        raise NotAllowed(
            Phrase("The rule is empty; write one such as {example}.", example=Phrase("orders >= 3 and revenue >= 1000"))
        )
    if len(rule) > LONGEST:
        raise NotAllowed(
            Phrase(
                "The rule has {n} letters, and {most} are the most; make two rules of it.", n=len(rule), most=LONGEST
            )
        )
    try:
        return _Reader(rule, vocabulary).whole()
    except _UnknownField as unknown:
        wider = vocabulary.with_more()
        try:
            return _Reader(rule, wider).whole()
        except _UnknownField as still:
            raise NotAllowed(_not_known(still.word, wider.fields)) from unknown


class _UnknownField(Exception):
    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class _Reader:
    """Goes through one rule from left to right; `at` is how far it has come."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text, self.vocabulary = text, vocabulary
        self.at = self.depth = self.n = 0

    def whole(self) -> Condition:
        condition = self._any()
        if self.at < len(self.text):
            rest = self.text[self.at :].strip()
            if rest.startswith(")"):
                raise NotAllowed(Phrase("A bracket “)” is closed that was not opened; take it out."))
            raise NotAllowed(
                Phrase(
                    "“{rest}” is left over: join two conditions with and, or with or; put words in quotation marks if "
                    "they have signs in them.",
                    rest=_cut(rest),
                )
            )
        return condition

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._take(_OR):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._factor()]
        while self._take(_AND) or (self._take(_COMMA) and (self._take(_AND) or True)):
            parts.append(self._factor())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _factor(self) -> Condition:
        self._blanks()
        if self.vocabulary.at(self.text, self.at) is None and self._take(_NOT):
            with_one_more = self._deeper()
            condition = Not(self._factor())
            self.depth = with_one_more
            return condition
        if self.text[self.at : self.at + 1] == "(":
            before = self._deeper()
            self.at += 1
            inner = self._any()
            self._blanks()
            if self.text[self.at : self.at + 1] != ")":
                raise NotAllowed(Phrase("A bracket “(” is not closed; put “)” where it ends."))
            self.at += 1
            self.depth = before
            return inner
        return self._comparison()

    def _deeper(self) -> int:
        before = self.depth
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotAllowed(
                Phrase("More than {most} brackets stand within one another; write the rule more simply.", most=DEEPEST)
            )
        return before

    def _comparison(self) -> Condition:
        self.n += 1
        if self.n > MOST_COMPARISONS:
            raise NotAllowed(
                Phrase("The rule has more than {most} conditions; make two rules of it.", most=MOST_COMPARISONS)
            )
        found = self.vocabulary.at(self.text, self.at)
        if found is None:
            raise _UnknownField(self._unknown_word())
        start, (field, self.at) = self.at, found
        runs_on = self.text[self.at : self.at + 1].isalnum()
        self._blanks()
        if not field.is_text and self._take(_BETWEEN):
            return self._between(field)
        sign = signs.SIGN.match(self.text, self.at)
        if sign is not None:
            self.at = sign.end()
            self._blanks()
            return self._with_value(field, signs.SIGNS[" ".join(sign["sign"].casefold().split())], sign[0].strip())
        condition = self._without_sign(field)
        if condition is None and runs_on:
            self.at = start
            raise _UnknownField(self._unknown_word())
        if condition is None:
            raise NotAllowed(_no_sign(field, self.text[self.at :].strip()))
        return condition

    def _unknown_word(self) -> str:
        """What stands where a field should, up to the next sign or connection."""
        sign = signs.SIGN.search(self.text, self.at)
        end = _WORD_ENDS.search(self.text, self.at)
        stops = [one.start() for one in (sign, end) if one is not None and one.start() > self.at]
        return _cut(self.text[self.at : min(stops, default=len(self.text))].strip())

    def _without_sign(self, field: RuleField) -> Condition | None:
        if field.kind == "yes_no":
            return Comparison(field, "=", (1.0,))
        begin = _IN.match(self.text, self.at)
        at = self.at if begin is None else begin.end()
        number = None if field.is_text else number_at(self.text, at, field)
        if number is not None and number.sign is not None:
            self.at = number.end
            return Comparison(field, number.sign, (number.value,))
        return None

    def _with_value(self, field: RuleField, sign: Sign, said: str) -> Condition:
        known = self._known(field, sign)
        if known is not None:
            return known
        if field.is_text:
            return self._words(field, sign, said)
        if sign in ("has", "has not") and field.kind != "yes_no":
            raise NotAllowed(
                Phrase("{field} is a number: compare it with >=, <, = and the like.", field=_quoted(field))
            )
        if field.kind == "yes_no":
            return self._yes_no(field, "=" if sign == "has" else sign)
        number = self._number(field, said)
        return Comparison(field, number.sign if number.sign and sign == "=" else sign, (number.value,))

    def _number(self, field: RuleField, said: str) -> Number:
        number = number_at(self.text, self.at, field)
        if number is None:
            raise NotAllowed(
                Phrase(
                    "“{value}” is no number: after {field} {sign} comes a number, such as {example}.",
                    value=self._rest_of_value(),
                    field=_quoted(field),
                    sign=said,
                    example=_example(field),
                )
            )
        self.at = number.end
        return number

    def _between(self, field: RuleField) -> Condition:
        low = self._number(field, ">=")
        if not self._take(_UP_TO):
            raise NotAllowed(
                Phrase("Between what? Write {field} between 3 and 5, with both numbers.", field=_quoted(field))
            )
        high = self._number(field, "<=")
        between = re.compile(r"\s*之间").match(self.text, self.at)
        self.at = between.end() if between else self.at
        if isinstance(low.value, date) != isinstance(high.value, date):
            raise NotAllowed(Phrase("Of {field}, compare with two dates or with two numbers.", field=_quoted(field)))
        return All((Comparison(field, ">=", (low.value,)), Comparison(field, "<=", (high.value,))))

    def _known(self, field: RuleField, sign: Sign) -> Comparison | None:
        """“city = unknown”, “email is known”."""
        if sign not in ("=", "!="):
            return None
        word = folded(self._peeked_word())
        if word in signs.KNOWN or word in signs.UNKNOWN:
            self.at += len(self._peeked_word())
            meant: Sign = "known" if word in signs.KNOWN else "unknown"
            return Comparison(field, meant if sign == "=" else OPPOSITE[meant])
        return None

    def _yes_no(self, field: RuleField, sign: Sign) -> Comparison:
        word = folded(self._peeked_word())
        if (word not in signs.YES and word not in signs.NO) or sign not in ("=", "!="):
            raise NotAllowed(
                Phrase("{field} is yes or no: write {field} = yes, or {field} = no.", field=_quoted(field))
            )
        self.at += len(self._peeked_word())
        return Comparison(field, sign, (1.0 if word in signs.YES else 0.0,))

    def _words(self, field: RuleField, sign: Sign, said: str) -> Comparison:
        if sign not in ("=", "!=", "has", "has not"):
            raise NotAllowed(
                Phrase(
                    "{field} is a word and no number, so {sign} says nothing; use = or has.",
                    field=_quoted(field),
                    sign=said,
                )
            )
        listed = self.text[self.at : self.at + 1] == "("
        self.at += listed
        values = [self._word(field, said)]
        while self._goes_on(listed):
            values.append(self._word(field, said))
        if listed:
            self._blanks()
            if self.text[self.at : self.at + 1] != ")":
                raise NotAllowed(Phrase("A bracket “(” is not closed; put “)” where it ends."))
            self.at += 1
        return Comparison(field, sign, tuple(values))

    def _goes_on(self, listed: bool) -> bool:
        """Whether another value of the same comparison follows; then `at` is where it begins."""
        before = self.at
        if self._take(_OR) or self._take(_COMMA):
            starts_anew = (
                self.text[self.at : self.at + 1] in ("(", "", ")")
                or _AND.match(self.text, self.at)
                or _NOT.match(self.text, self.at)
                or self.vocabulary.at(self.text, self.at) is not None
                or self._has_a_sign_behind()
            )
            if listed or not starts_anew:
                return True
        self.at = before
        return False

    def _has_a_sign_behind(self) -> bool:
        """“… or ordres >= 3” is no word, but a condition on something unknown."""
        end = self.at + len(self._peeked_word())
        return re.compile(r"\s*[<>=!]").match(self.text, end) is not None

    def _word(self, field: RuleField, said: str) -> str:
        self._blanks()
        opening = self.text[self.at : self.at + 1]
        if opening in signs.QUOTES and opening:
            end = self.text.find(signs.QUOTES[opening], self.at + 1)
            if end < 0:
                raise NotAllowed(Phrase("A quotation mark is not closed: {rest}", rest=_cut(self.text[self.at :])))
            word, self.at = self.text[self.at + 1 : end].strip(), end + 1
        else:
            word = self._peeked_word()
            self.at += len(word)
            word = word.strip()
        if not word:
            raise NotAllowed(
                Phrase("After {field} {sign} a word is missing; write which one.", field=_quoted(field), sign=said)
            )
        return word

    def _peeked_word(self) -> str:
        end = _WORD_ENDS.search(self.text, self.at)
        return self.text[self.at : len(self.text) if end is None else end.start()]

    def _rest_of_value(self) -> str:
        return _cut(self._peeked_word().strip() or self.text[self.at :].strip()) or "…"

    def _take(self, what: re.Pattern[str]) -> bool:
        found = what.match(self.text, self.at)
        if found is None or found.end() == self.at:
            return False
        self.at = found.end()
        return True

    def _blanks(self) -> None:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1


def _no_sign(field: RuleField, rest: str) -> Phrase:
    return Phrase(
        "After {field} must come a sign and a value, such as {example}; there is “{rest}”.",
        field=_quoted(field),
        example=Phrase("= Shanghai") if field.is_text else Phrase(">= 3"),
        rest=_cut(rest) if rest else "…",
    )


def _not_known(word: str, fields: Sequence[RuleField]) -> Phrase:
    names = {folded(name): name for field in fields for name in field.names}
    near = get_close_matches(folded(word), names, n=1, cutoff=0.6)
    allowed = tuple(_quoted(field) for field in fields[:SHOWN])
    if near:
        return Phrase(
            "“{word}” is nothing that I know of your customers; did you mean “{near}”? You can use: {allowed}.",
            word=word or "…",
            near=names[near[0]],
            allowed=allowed,
        )
    return Phrase(
        "“{word}” is nothing that I know of your customers. You can use: {allowed}.", word=word or "…", allowed=allowed
    )


def _quoted(field: RuleField) -> Phrase:
    return Phrase("“{name}”", name=field.words)


def _example(field: RuleField) -> str | Phrase:
    match field.kind:
        case "days":
            return Phrase("60 days")
        case "money":
            return Phrase("1000")
        case "share":
            return "50%"
    return "3"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
