"""A template's check before it is kept: what would go wrong, for whom, and what an SMS of it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.campaigns import sms
from engine.campaigns.channels import channel_named
from engine.campaigns.messages import LONGEST_FACT, Facts, Written, compiled
from engine.campaigns.templates import Template
from engine.campaigns.typed import blanks, left_in_brackets
from engine.errors import NotAllowed
from engine.phrases import Phrase, counted

# names as there are, the product's twice as long as most
NAMES = {
    "en": ("Ann", "Bartholomew Featherstonehaugh-Cholmondeley"),
    "zh": ("李薇", "阿卜杜热合曼·买买提艾力·艾克拜尔江"),
}
PRODUCTS = {
    "en": ("Oolong tea", "Traditional charcoal-roasted Tieguanyin oolong, 250 g tin in a gift box"),
    "zh": ("铁观音", "传统炭焙安溪铁观音乌龙茶特级浓香型礼盒装250克"),
}
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
    name, long_name = NAMES.get(language, NAMES["en"])
    product, long_product = PRODUCTS.get(language, PRODUCTS["en"])
    usual = replace(shop, name=name, product=product, last_order_days=90)
    return (
        (Phrase("a usual customer"), usual),
        (Phrase("without a name"), replace(usual, name=None)),
        (Phrase("without a recommendation"), replace(usual, product=None)),
        (Phrase("with a long name and a long product"), replace(usual, name=long_name, product=long_product)),
        (Phrase("of whom nothing is known"), replace(shop, name=None, product=None, last_order_days=None)),
        (Phrase("with signs and an emoji in the name"), replace(usual, name='<b>"A&B"</b> {{ x }} 😀')),
    )


def checked(template: Template, shop: Facts) -> Checked:
    """What the template makes of the hardest customers of this shop.

    Raises NotAllowed for a template that cannot be written for one of them, is too long for one, or does not tell
    every reader the way out.
    """
    render, opt_out = compiled(template), channel_named(template.channel).opt_out
    hard = []
    for who, facts in hardest(template.language, shop):
        written = render(facts)
        bodies = [text for text in (written.text, written.html) if text is not None]
        if opt_out is not None and not all(map(opt_out.told, bodies)):
            raise _no_way_out(template, opt_out.examples)
        hard.append(Hard(who, written))
    # the longest that facts can be has to fit too, or one customer would hold up a whole campaign
    longest = "W" * LONGEST_FACT
    render(replace(shop, name=longest, product=longest, last_order_days=99_999))
    n_parts = [one.written.parts for one in hard]
    return Checked(tuple(hard), _warnings(template, hard, shop), min(n_parts), max(n_parts))


def _not_filled(template: Template) -> list[Phrase]:
    found = left_in_brackets(template.body)
    if channel_named(template.channel).charged and template.body.lstrip().startswith(found[:1]):
        found = found[1:]  # an SMS opens with the sender in brackets
    if not found:
        return []
    return [
        Phrase(
            "I fill in {blanks}; this goes out as it stands: {found}.",
            blanks=blanks(template.language),
            found=found,
        )
    ]


def _no_way_out(template: Template, examples: Mapping[str, str]) -> NotAllowed:
    return NotAllowed(
        Phrase(
            "The message “{template}” does not tell every reader how to get no more of them: end it with “{example}”.",
            template=template.title,
            example=examples.get(template.language, examples["en"]),
        )
    )


def unsaid(template: Template, shop: Facts) -> Phrase | None:
    """What the shop has not said of itself and the message ought to tell; None where nothing is lacking."""
    if template.channel == "email" and shop.shop_address is None:
        return Phrase(
            "Your postal address is not said yet; the law of the US and others wants it in advertising e-mails."
        )
    if template.channel == "sms" and "shop_name" in template.body and shop.shop_name is None:
        return Phrase("Your shop has no name yet, so the SMS goes without its signature: say what it is called.")
    return None


def _warnings(template: Template, hard: Sequence[Hard], shop: Facts) -> tuple[Phrase, ...]:
    lacking = unsaid(template, shop)
    said = [] if lacking is None else [lacking]
    said += _not_filled(template)
    if not channel_named(template.channel).charged:
        return tuple(said)
    usual = hard[0].written
    if template.language == "zh" and lacking is None and "【" not in usual.text:
        said.append(Phrase("A Chinese SMS opens with the sender in 【】; this one has no signature."))
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
