"""Message templates: one file, one variant, in `templates/<goal>/<variant>.<channel>.<language>.j2`.

A file may open with front matter, lines of `name: value` between two lines of `---`: `title_en` and `title_zh`
(what the owner sees it called), its traits, such as `tone`, and the short parts of a message beside its text, such as
an e-mail's `subject`, which may use fields too. The rest is the message; behind a line `--- html` is its HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from engine.campaigns.channels import HTML, TEXT, channel_named, channels
from engine.errors import NotAllowed, NotFound
from engine.phrases import Name, Phrase

FENCE = "---"
HTML_FENCE = "--- html"
ENDING = ".j2"
# in the order in which a customer comes to them
TITLES: Mapping[str, Phrase] = MappingProxyType(
    {
        "welcome": Phrase("Welcome somebody new"),
        "first_purchase": Phrase("Invite to a first order"),
        "repeat_purchase": Phrase("Invite to buy again"),
        "cross_sell": Phrase("Suggest something that goes with it"),
        "win_back": Phrase("Win people back"),
        "loyalty_thanks": Phrase("Thank loyal customers"),
        "birthday": Phrase("Wish a happy birthday"),
        "review_request": Phrase("Ask how they like it"),
    }
)
TRAITS = ("tone", "offer", "call_to_action", "length")


@dataclass(frozen=True)
class Template:
    """One variant in one language.

    `source` is the whole file, `body` the message without its front matter, `extras` the templates of its other parts.
    `version` counts from 1 and `id` is the stored one; 0 and None where it is as it came with Zhike.
    """

    name: str
    goal: str
    channel: str
    language: str
    title: Name
    traits: Mapping[str, str]
    source: str
    body: str
    extras: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    id: int | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.goal, self.name, self.channel, self.language

    @property
    def names_product(self) -> bool:
        return any(re.search(r"\bproduct\b|商品", source) for source in (self.body, *self.extras.values()))


@dataclass(frozen=True)
class Goal:
    """What a campaign is for, and the names of the variants there are for it, sorted."""

    key: str
    title: Phrase
    variants: tuple[str, ...]


def title(goal: str) -> Phrase:
    """What a goal is called. A goal that only its folder knows is called as the folder is."""
    return TITLES.get(goal) or Phrase("{goal}", goal=goal.replace("_", " "))


def in_folder(folder: Path) -> tuple[Template, ...]:
    """All templates of a folder. Raises NotAllowed for a file that is none, or is called wrongly."""
    return tuple(_read(path) for path in sorted(folder.glob(f"*/*{ENDING}")))


def goals(templates: Iterable[Template]) -> tuple[Goal, ...]:
    """All goals that there are templates for: those that ship with Zhike first, then by name."""
    known = list(TITLES)
    names: dict[str, set[str]] = {}
    for template in templates:
        names.setdefault(template.goal, set()).add(template.name)
    ordered = sorted(names, key=lambda key: (known.index(key) if key in TITLES else len(known), key))
    return tuple(Goal(key, title(key), tuple(sorted(names[key]))) for key in ordered)


def goal_named(templates: Iterable[Template], key: str) -> Goal:
    """Raises NotFound, which names those that there are."""
    there = {goal.key: goal for goal in goals(templates)}
    if key not in there:
        raise NotFound(Phrase("There is no goal “{goal}”; choose one of: {goals}.", goal=key, goals=(*there,)))
    return there[key]


def on_channel(templates: Iterable[Template], channel: str) -> list[Template]:
    """Those of a channel, and for each variant that has none there the one of the channel that it borrows from."""
    found, lender = list(templates), channel_named(channel).borrows
    own = [template for template in found if template.channel == channel]
    taken = {(template.goal, template.name, template.language) for template in own}
    return own + [
        replace(template, channel=channel)
        for template in found
        if template.channel == lender and (template.goal, template.name, template.language) not in taken
    ]


def chosen(
    templates: Iterable[Template],
    goal: str,
    *,
    channel: str,
    language: str,
    variants: tuple[str, ...] | None = None,
) -> tuple[Template, ...]:
    """The templates for a campaign: those named, in that order, or all there are, by name.

    Raises NotFound for a goal, channel, language or variant that has no template, naming those that have.
    """
    there = tuple(templates)
    goal_named(there, goal)
    of_goal = on_channel((template for template in there if template.goal == goal), channel)
    if not of_goal:
        have = tuple(key for key in channels() if on_channel((one for one in there if one.goal == goal), key))
        raise NotFound(
            Phrase(
                "There is no message on the channel “{channel}” for “{goal}”; choose one of: {channels}.",
                channel=channel,
                goal=title(goal),
                channels=have,
            )
        )
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
    start = 0
    if lines and lines[0].strip() == FENCE:
        end = next((i for i, line in enumerate(lines[1:], start=1) if line.strip() == FENCE), None)
        if end is None:
            raise NotAllowed(
                Phrase("The message “{name}” opens with --- but has no second --- line; add it.", name=name)
            )
        fields = dict(_field(name, line) for line in lines[1:end] if line.strip())
        start = end + 1
    parts = {part.key for part in channel_named(channel).parts} - {TEXT}
    extras = {key: fields.pop(key) for key in [*fields] if key in parts}
    body, html = _divided(lines[start:]) if HTML in parts else ("\n".join(lines[start:]), "")
    if html:
        extras[HTML] = html
    titles = {code: fields.pop(f"title_{code}", "") for code in ("en", "zh")}
    if not any(titles.values()):
        titles["en"] = name.replace("_", " ").capitalize()
    return Template(
        *(name, goal, channel, language, Name(**titles), MappingProxyType(fields), source, body.strip()),
        extras=MappingProxyType({key: text for key, text in extras.items() if text.strip()}),
    )


def rewritten(template: Template, text: str, extras: Mapping[str, str]) -> str:
    """The source of this template with another text, and other parts where `extras` has them; HTML is made anew."""
    parts = {**{key: part for key, part in template.extras.items() if key != HTML}, **extras}
    called = (("en", template.title.en), ("zh", template.title.zh))
    front = {f"title_{code}": word for code, word in called if word}
    front |= {**template.traits, **{key: " ".join(part.split()) for key, part in parts.items()}}
    head = [FENCE, *(f"{key}: {value}" for key, value in front.items()), FENCE]

    return "\n".join([*head, text.strip()]) + "\n"


def _divided(lines: list[str]) -> tuple[str, str]:
    """The text, and the HTML behind its line."""
    at = next((i for i, line in enumerate(lines) if line.strip().lower() == HTML_FENCE), len(lines))
    return "\n".join(lines[:at]), "\n".join(lines[at + 1 :]).strip()


def _field(name: str, line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        raise NotAllowed(
            Phrase("The message “{name}”: the line “{line}” is not of the form “name: value”.", name=name, line=line)
        )
    return key.strip(), value.strip()


def _read(path: Path) -> Template:
    parts = path.name.removesuffix(ENDING).split(".")
    if len(parts) != 3 or not all(parts) or parts[1] not in channels():
        raise NotAllowed(
            Phrase(
                "The message file {file} must be called <variant>.<channel>.<language>.j2, such as {example}; "
                "the channels are: {channels}.",
                file=path.name,
                example="plain_hello.text.en.j2",
                channels=(*channels(),),
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
