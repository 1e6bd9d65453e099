"""The rules for what is recommended, what customers said no to, and what changes both."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Buttons, Gap, Item, Line, Reply, Text, Title
from engine import (
    RULE_EXAMPLES,
    VARIETY,
    VARIETY_WORDS,
    Customer,
    Phrase,
    ProductsLike,
    Refusals,
    Refused,
    RulesCard,
    RulesThen,
    counted,
    product_ref,
)

USUAL_DAYS = 30
USUAL_MOST = 2
SHOWN = ("price", "margin", "exclude", "pause", "pin", "category", "without", "together", "new")  # of the examples
LONGEST = 64  # bytes that a button can say
BY_BUTTON = ("in_stock", "relevance")  # whose buttons are always there
MOST_ENDINGS = 10


def rules_reply(card: RulesCard) -> Reply:
    """What holds, what it leaves, and buttons for the usual rules; after a change, one that undoes it."""
    lines: list[Line] = [*_news(card), Title(Phrase("What holds for all recommendations"))]
    lines += [Item(sentence.words) for sentence in card.sentences] or [Phrase("No rule holds: everything may come.")]
    lines += [Gap(), *_effect(card)]
    if card.changed is None:
        lines += [Gap(), Phrase("Write a rule such as:"), *(Item(RULE_EXAMPLES[what][0]) for what in SHOWN)]
    return Reply((Text(tuple(lines), _buttons(card)),), in_place=True)


def history_reply(versions: Sequence[RulesThen]) -> Reply:
    """What held from when on, the newest first."""
    if not versions:
        return Reply((Text((Phrase("No rule has been changed yet."),)),))
    lines: list[Line] = [Title(Phrase("How your rules came to be"))]
    for then in versions:
        changes = (
            *(Phrase("+ {rule}", rule=one.words) for one in then.came),
            *(Phrase("− {rule}", rule=one.words) for one in then.went),
        )
        lines.append(Item(Phrase("{at}: {rules}", at=then.at, rules=changes)))
    return Reply((Text(tuple(lines)),))


def which_product_reply(text: str, like: ProductsLike, before: str, after: str) -> Reply:
    """The products that `text` may mean, as buttons; `before` and `after` are what stands around it."""
    ask = counted(
        "“{text}” is in the name or number of {n} product:",
        "“{text}” is in the name or number of {n} products:",
        n=like.total,
        text=text[:40],
    )
    lines: list[Line] = [ask]
    buttons = []
    for one in like.products:
        said = Phrase("{name}", name=one.name)
        line = " ".join(part for part in ("/rules", before, product_ref(one.id), after) if part)
        if len(line.encode()) <= LONGEST:
            buttons.append((Button(said, line),))
        else:
            lines.append(Item(said))
    if like.total > len(like.products):
        shown = len(like.products)
        lines.append(Phrase("Here are the first {n}. More of the name finds the others.", n=shown))
    return Reply((Text(tuple(lines), tuple(buttons)),))


def refused_reply(said: Refused) -> Reply:
    """What holds now for a customer and a product, or for all products, and how to undo it."""
    return Reply((Text((_refused(said),), _undo_refusal(said)),))


def refusals_reply(refusals: Refusals) -> Reply:
    """All that a customer said no to, with buttons that take it back."""
    who = _called(refusals.customer)
    lines: list[Line] = [Title(Phrase("What {who} said no to", who=who))]
    if refusals.none_since is not None:
        lines.append(Item(Phrase("any product, since {at:%Y-%m-%d}", at=refusals.none_since)))
    lines += [
        Item(Phrase("{product}, since {at:%Y-%m-%d}", product=one.product.name, at=one.at)) for one in refusals.products
    ]
    if len(lines) == 1:
        return Reply((Text((Phrase("{who} has refused no product so far.", who=who),)),))
    key = refusals.customer.key
    rows = [(Phrase("Show {product} again", product=one.product.name), one.product.id) for one in refusals.products]
    made = [(label, f"/rules back {product_ref(id_)} {key}") for label, id_ in rows]
    if refusals.none_since is not None:
        made.insert(0, (Phrase("Show products again"), f"/rules some {key}"))
    buttons = tuple((Button(label, line),) for label, line in made if len(line.encode()) <= LONGEST)
    return Reply((Text(tuple(lines), buttons),))


def _news(card: RulesCard) -> list[Line]:
    if card.changed is None:
        return []
    return [Phrase("Done: this holds from now on.") if card.changed else Phrase("That was so already."), Gap()]


def _effect(card: RulesCard) -> list[Line]:
    """What the rules leave of the products, and what they go without."""
    lines: list[Line] = []
    if card.n_products:
        lines.append(Phrase("{n} of {all} products may be recommended.", n=card.n_allowed, all=card.n_products))
    if card.left_out:
        took = tuple(Phrase("{n}× {what}", n=one.n, what=one.words) for one in card.left_out)
        if card.n_allowed:
            lines.append(Phrase("Left out: {took}", took=took))
        else:
            lines.append(Phrase("So nothing can be recommended to anybody. Left out: {took}", took=took))
    lines += card.notes
    if card.n_refused:
        lines.append(
            counted(
                "Besides, {n} product that a customer said no to does not come again for them.",
                "Besides, {n} products that customers said no to do not come again for them.",
                n=card.n_refused,
            )
        )
    if card.n_wanting_none:
        lines.append(
            counted(
                "{n} customer asked for no product and gets none.",
                "{n} customers asked for no product and get none.",
                n=card.n_wanting_none,
            )
        )
    return lines


def _buttons(card: RulesCard) -> Buttons:
    rules = card.rules
    usual = (
        (rules.in_stock, Phrase("only what is in stock"), "stock on", "stock off"),
        (
            rules.most_per_category == USUAL_MOST,
            Phrase("at most {n} of a category", n=USUAL_MOST),
            f"most {USUAL_MOST}",
            "most off",
        ),
        (
            rules.rest_days == USUAL_DAYS,
            Phrase("not what they bought in {n} days", n=USUAL_DAYS),
            f"bought {USUAL_DAYS}",
            "bought off",
        ),
    )
    rows = [
        (Button(_ticked(label) if holds else label, f"/rules {off if holds else on}"),)
        for holds, label, on, off in usual
    ]
    variety = tuple(
        Button(_ticked(words) if rules.relevance == VARIETY[name] else words, f"/rules variety {name}")
        for name, words in VARIETY_WORDS.items()
    )
    undo = ((Button(Phrase("Undo this"), f"/rules undo {card.version}"),),) if card.changed else ()
    return (*rows, variety, *_endings(card), *undo)


def _endings(card: RulesCard) -> Buttons:
    """A button that ends each rule that has none of its own."""
    ticked = {
        *BY_BUTTON,
        *(["most_per_category"] if card.rules.most_per_category == USUAL_MOST else []),
        *(["rest_days"] if card.rules.rest_days == USUAL_DAYS else []),
    }
    others = [sentence for sentence in card.sentences if sentence.rule not in ticked]
    ended = [(Phrase("End: {rule}", rule=sentence.words), f"/rules {sentence.clear}") for sentence in others]
    fitting = [(Button(label, line),) for label, line in ended if len(line.encode()) <= LONGEST]
    return tuple(fitting[:MOST_ENDINGS])


def _ticked(label: Phrase) -> Phrase:
    return Phrase("✓ {label}", label=label)


def _refused(said: Refused) -> Phrase:
    who = _called(said.customer)
    if said.product is None:
        if said.refused:
            return Phrase(
                "No product is recommended to {who} from now on; campaigns write to them without one.", who=who
            )
        return Phrase("Products are recommended to {who} again.", who=who)
    if said.refused:
        return Phrase("{who} is not shown {product} again.", who=who, product=said.product.name)
    return Phrase("{who} may be shown {product} again.", who=who, product=said.product.name)


def _undo_refusal(said: Refused) -> Buttons:
    key = said.customer.key
    if said.product is None:
        line = f"/rules {'some' if said.refused else 'none'} {key}"
    else:
        line = f"/rules {'back' if said.refused else 'no'} {product_ref(said.product.id)} {key}"
    return ((Button(Phrase("Undo this"), line),),) if said.changed and len(line.encode()) <= LONGEST else ()


def _called(who: Customer) -> str:
    return who.name or who.key
