"""Message templates: one file, one variant, in `templates/<goal>/<variant>.<channel>.<language>.j2`.

A file may open with front matter, lines of `name: value` between two lines of `---`: `title_en` and `title_zh`
(what the owner sees it called) and its traits, such as `tone`. The rest is the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.errors import NotAllowed, NotFound
from engine.phrases import Name, Phrase

FENCE = "---"
ENDING = ".j2"
TITLES: Mapping[str, Phrase] = MappingProxyType(
    {
        "win_back": Phrase("Win people back"),
        "repeat_purchase": Phrase("Invite to buy again"),
    }
)


@dataclass(frozen=True)
class Template:
    """One variant in one language. `source` is the whole file, `body` the message without its front matter."""

    name: str
    goal: str
    channel: str
    language: str
    title: Name
    traits: Mapping[str, str]
    source: str
    body: str

    @property
    def names_product(self) -> bool:
        return re.search(r"\bproduct\b", self.body) is not None


@dataclass(frozen=True)
class Goal:
    """What a campaign is for, and the names of the variants there are for it, sorted."""

    key: str
    title: Phrase
    variants: tuple[str, ...]


def title(goal: str) -> Phrase:
    """What a goal is called. A goal that only its folder knows is called as the folder is."""
    return TITLES.get(goal) or Phrase("{goal}", goal=goal.replace("_", " "))


def goals(folder: Path) -> tuple[Goal, ...]:
    """All goals in `folder`: those that ship with Zhike first, then by name."""
    known = list(TITLES)
    keys = {path.name for path in folder.iterdir() if any(path.glob(f"*{ENDING}"))}
    ordered = sorted(keys, key=lambda key: (known.index(key) if key in TITLES else len(known), key))
    return tuple(Goal(key, title(key), tuple(sorted({t.name for t in _all(folder / key)}))) for key in ordered)


def chosen(
    folder: Path, goal: str, *, channel: str, language: str, variants: tuple[str, ...] | None = None
) -> tuple[Template, ...]:
    """The templates for a campaign: those named, in that order, or all there are, by name.

    Raises NotFound for a goal, language or variant that has no file, naming those that have.
    """
    there = tuple(known.key for known in goals(folder))
    if goal not in there:
        raise NotFound(Phrase("There is no goal “{goal}”; choose one of: {goals}.", goal=goal, goals=there))
    of_goal = [template for template in _all(folder / goal) if template.channel == channel]
    found = {template.name: template for template in of_goal if template.language == language}
    if not found:
        languages = tuple(sorted({template.language for template in of_goal}))
        raise NotFound(
            Phrase(
                "There is no message in the language “{language}” for “{goal}”; choose one of: {languages}.",
                language=language,
                goal=title(goal),
                languages=languages,
            )
        )
    if variants is None:
        return tuple(found[name] for name in sorted(found))
    for name in variants:
        if name not in found:
            raise NotFound(
                Phrase(
                    "There is no message “{variant}” in the language “{language}” for “{goal}”; "
                    "choose from: {variants}.",
                    variant=name,
                    language=language,
                    goal=title(goal),
                    variants=tuple(sorted(found)),
                )
            )
    return tuple(found[name] for name in dict.fromkeys(variants))


def parsed(source: str, *, name: str, goal: str, channel: str, language: str) -> Template:
    """The template that a file's text holds. Raises NotAllowed if its front matter is not as described above."""
    lines = source.splitlines()
    fields: dict[str, str] = {}
    body = source
    if lines and lines[0].strip() == FENCE:
        end = next((i for i, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), None)
        if end is None:
            raise NotAllowed(
                Phrase("The message “{name}” opens with --- but has no second --- line; add it.", name=name)
            )
        fields = dict(_field(name, line) for line in lines[1:end] if line.strip())
        body = "\n".join(lines[end + 1 :])
    titles = {code: fields.pop(f"title_{code}", "") for code in ("en", "zh")}
    if not any(titles.values()):
        titles["en"] = name.replace("_", " ").capitalize()
    return Template(name, goal, channel, language, Name(**titles), MappingProxyType(fields), source, body.strip())


def _field(name: str, line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise NotAllowed(
            Phrase("The message “{name}”: the line “{line}” is not of the form “name: value”.", name=name, line=line)
        )
    return key.strip(), value.strip()


def _all(folder: Path) -> list[Template]:
    return [_read(path) for path in sorted(folder.glob(f"*{ENDING}"))]


def _read(path: Path) -> Template:
    parts = path.name.removesuffix(ENDING).split(".")
    if len(parts) != 3 or not all(parts):
        raise NotAllowed(
            Phrase(
                "The message file {file} must be called <variant>.<channel>.<language>.j2, such as {example}.",
                file=path.name,
                example="plain_hello.text.en.j2",
            )
        )
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAllowed(
            Phrase("The message file {file} is not UTF-8 text; save it as UTF-8.", file=path.name)
        ) from error
    name, channel, language = parts
    return parsed(source, name=name, goal=path.parent.name, channel=channel, language=language)
