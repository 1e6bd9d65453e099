"""A template's check before it is kept: what would go wrong, for whom, and what an SMS of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.campaigns import sms
from engine.campaigns.channels import channel_named
from engine.campaigns.messages import Facts, Written, compiled
from engine.campaigns.templates import Template
from engine.errors import NotAllowed
from engine.phrases import Phrase, counted

LONG = {"en": "Bartholomew Featherstonehaugh-Cholmondeley ", "zh": "买买提·阿卜杜热合曼·艾克拜尔江"}
N_FOREIGN = 5  # characters that are named


@dataclass(frozen=True)
class Hard:
    """One customer for whom a message is hard to write: who it is, and what they would read."""

    who: Phrase
    written: Written


@dataclass(frozen=True)
class Checked:
    """A template that may be kept: what the hardest customers would read, and what its owner should know.

    `least_parts` and `most_parts` are those of an SMS, 0 on other channels.
    """

    hard: tuple[Hard, ...]
    warnings: tuple[Phrase, ...]
    least_parts: int
    most_parts: int


def hardest(language: str, shop: Facts) -> tuple[tuple[Phrase, Facts], ...]:
    """The customers that a message must be right for; of the shop is known what `shop` says."""
    long = LONG.get(language, LONG["en"]) * 3
    product = "铁观音" if language == "zh" else "Oolong"
    usual = replace(shop, name="李薇" if language == "zh" else "Ann", product=product, last_order_days=90)
    return (
        (Phrase("a usual customer"), usual),
        (Phrase("without a name"), replace(usual, name=None)),
        (Phrase("with a long name and a long product"), replace(usual, name=long, product=f"{product} " * 40)),
        (Phrase("without a recommendation"), replace(usual, product=None)),
        (Phrase("of whom nothing is known"), replace(shop, name=None, product=None, last_order_days=None)),
        (Phrase("with signs and an emoji in the name"), replace(usual, name='<b>"A&B"</b> {{ x }} 😀')),
    )


def checked(template: Template, shop: Facts) -> Checked:
    """What the template makes of the hardest customers, with and without what the shop is called.

    Raises NotAllowed for a template that cannot be written for one of them, is too long for one, or does not tell
    every reader the way out.
    """
    render, opt_out = compiled(template), channel_named(template.channel).opt_out
    hard = []
    for known in (shop, Facts()):
        for who, facts in hardest(template.language, known):
            written = _written(render(facts), who, template)
            bodies = [text for text in (written.text, written.html) if text is not None]
            if opt_out is not None and not all(map(opt_out.told, bodies)):
                raise _no_way_out(template, opt_out.examples)
            hard.append(Hard(who, written))
    shown = tuple(hard[: len(hard) // 2])
    n_parts = [one.written.parts for one in shown]
    return Checked(shown, _warnings(template, shown, shop), min(n_parts), max(n_parts))


def _written(written: Written, who: Phrase, template: Template) -> Written:
    """As it is; raises NotAllowed where another part than the text came out empty."""
    for key in template.extras:
        if not getattr(written, key):
            raise NotAllowed(
                Phrase(
                    "The {part} of the message “{template}” is empty for a customer {who}.",
                    part=key,
                    template=template.name,
                    who=who,
                )
            )
    return written


def _no_way_out(template: Template, examples: Mapping[str, str]) -> NotAllowed:
    return NotAllowed(
        Phrase(
            "The message “{template}” does not tell every reader how to get no more of them: end it with “{example}”.",
            template=template.name,
            example=examples.get(template.language, examples["en"]),
        )
    )


def _warnings(template: Template, hard: tuple[Hard, ...], shop: Facts) -> tuple[Phrase, ...]:
    channel = channel_named(template.channel)
    if not channel.charged:
        return ()
    usual = hard[0].written
    said: list[Phrase] = []
    if template.language == "zh" and "【" not in usual.text:
        said.append(Phrase("A Chinese SMS opens with the sender in 【】; this one has no signature."))
    elif "shop_name" in template.source and shop.shop_name is None:
        said.append(Phrase("Your shop has no name yet, so the SMS goes without its signature: say what it is called."))
    rare = sms.foreign(usual.text)
    if template.language == "en" and rare:
        said.append(
            Phrase(
                "{signs} makes the whole SMS dearer: with it a part holds 70 characters, without it 160.",
                signs=tuple(f"“{sign}”" for sign in rare[:N_FOREIGN]),
            )
        )
    most = max(one.written.parts for one in hard)
    if most > usual.parts:
        said.append(Phrase("Usually {usual}, for a long name up to {most} SMS parts.", usual=usual.parts, most=most))
    elif usual.parts > 1:
        said.append(counted("Each SMS is of {n} part.", "Each SMS is of {n} parts.", n=usual.parts))
    return tuple(said)
