"""Every phrase of the house has its Chinese, with the same facts in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.language import catalogue_path, language
from engine import Phrase, counted

ROOT = Path(__file__).parents[2]
KEYWORDS = {"Phrase": 1, "counted": 2}  # and how many messages each takes


def phrases() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Where each phrase of the code stands, and its message, or its messages for one and for many."""
    for path in sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("engine/**/*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in KEYWORDS:
                continue
            values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            texts = [value for value in values if isinstance(value, str)]
            if len(texts) == KEYWORDS[node.func.id]:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield place, texts[0] if len(texts) == 1 else tuple(texts)


def fields(message: str) -> set[tuple[str, str]]:
    """The facts of a message with their format."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(message) if name is not None}


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with catalogue_path("zh").open("rb") as file:
        return read_po(file)


def shown(place: str, message: str | tuple[str, ...]) -> str:
    if isinstance(message, str):
        return f'# {place}\nmsgid "{message}"\nmsgstr ""\n'
    return f'# {place}\nmsgid "{message[0]}"\nmsgid_plural "{message[1]}"\nmsgstr[0] ""\n'


def test_every_phrase_has_its_chinese(chinese: Catalog) -> None:
    found = list(phrases())
    assert len(found) > 150
    missing = [shown(place, message) for place, message in found if not translated(chinese, message)]
    assert not missing, f"put these into {catalogue_path('zh')} with their Chinese:\n\n" + "\n".join(missing)


def translated(catalogue: Catalog, message: str | tuple[str, ...]) -> bool:
    entry: Message | None = catalogue.get(message)
    return entry is not None and not entry.fuzzy and all(strings(entry))


def strings(entry: Message) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def test_no_translation_is_left_over(chinese: Catalog) -> None:
    used = {message if isinstance(message, str) else message[0] for _, message in phrases()}
    ids = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in chinese if entry.id}
    assert ids - used == set()


def test_a_translation_has_the_same_facts(chinese: Catalog) -> None:
    for entry in chinese:
        if not entry.id:
            continue
        wanted = fields(entry.id if isinstance(entry.id, str) else entry.id[1])
        for string in strings(entry):
            assert fields(string) == wanted, f"{entry.id!r} against {string!r}"


def test_the_catalogue_speaks() -> None:
    assert Phrase(", ").say(language("zh")) == "、"
    assert counted("{n} customer", "{n} customers", n=3).say(language("zh")).startswith("3")
