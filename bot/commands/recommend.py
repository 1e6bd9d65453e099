"""/recommend: what a customer would buy next, what a group would want, who for a product, who is due.

/recommend Ann, /recommend tea → a customer's list, a segment's, or who wants a product: whatever is called so
/recommend again #c12        → what this customer may buy again; also new, both
/recommend no #c12 #p7 both  → not this one, from now on; undo takes it back
/recommend who #p7 10        → who wants a product, after the first 10
/recommend csv #p7           → a list of them; csv 3 everyone's own products in segment 3, csv those of all
/recommend due, due 10, due csv → repeat purchases that are due
/recommend mix 0.5           → half of each list is to buy again from now on; mix score goes by the score
/recommend refresh           → everything learned anew
"""

from __future__ import annotations

from pathlib import Path

from bot.commands import Command, Request
from bot.commands.customer import one_of_them
from bot.language import everywhere, speaker
from bot.replies import Reply
from bot.replies.recommend import (
    ask_reply,
    due_reply,
    file_reply,
    group_reply,
    mix_reply,
    recommendations_reply,
    refreshed_reply,
    which_reply,
    who_reply,
)
from bot.roles import all_but
from engine import (
    Meanings,
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Refused,
    Shop,
    due_list,
    export_due,
    export_recommendations,
    export_who,
    meanings,
    recommend_for,
    recommend_for_segment,
    recommend_mix,
    refresh_recommendations,
    refuse,
    segment_meant,
    set_recommend_mix,
    take_back_refusal,
    who_for_product,
)

SHOWN = 5  # products of a customer
LISTED = 10  # people, purchases
MOST_SKIPPED = 1_000_000_000  # more than any shop has


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            return ask_reply()
        case ("due",):
            return due_reply(due_list(shop, LISTED, progress=progress))
        case ("due", "csv"):
            return _file(export_due(shop, say=speaker(request.language), progress=progress), Phrase("Who is due."))
        case ("due", after) if after.isdecimal():
            return due_reply(due_list(shop, LISTED, offset=_skipped(after), progress=progress))
        case ("mix",):
            return mix_reply(recommend_mix(shop))
        case ("mix", share):
            return mix_reply(set_recommend_mix(shop, _share(share)), changed=True)
        case ("refresh",):
            return refreshed_reply(refresh_recommendations(shop, refresh=True, progress=progress).quality["customers"])
        case ("csv", *what) if len(what) <= 1:
            return _csv(shop, request, what[0] if what else None, progress)
        case ("again" | "new" | "both" as which, *who) if who:
            return recommendations_reply(recommend_for(shop, " ".join(who), SHOWN, progress, which=which))
        case ("no" | "undo" as deed, who, product, "again" | "new" | "both" as which):
            said = (refuse if deed == "no" else take_back_refusal)(shop, who, product, who=request.who)
            return _list(shop, who, SHOWN, progress, which, said)
        case ("who", product, after) if after.isdecimal():
            return who_reply(who_for_product(shop, product, LISTED, offset=_skipped(after), progress=progress))
    return _named(shop, request, progress)


def _named(shop: Shop, request: Request, progress: Progress) -> Reply:
    """Whatever is called so: a customer, a segment or group, or a product."""
    words, n = request.words, SHOWN
    if len(words) > 1 and words[-1].isdecimal() and len(words[-1]) < 3:
        words, n = words[:-1], int(words[-1])
    text = " ".join(words)
    found = meanings(shop, text, everywhere)
    if len(found.found) > 1 or found.n_more:
        return _ask(shop, text, found)
    (one,) = found.found
    if one.kind == "customer":
        return _list(shop, one.ref, n, progress)
    if one.kind == "product":
        return who_reply(who_for_product(shop, one.ref, LISTED, progress=progress))
    segment = segment_meant(shop, one.ref)
    assert segment is not None
    return group_reply(recommend_for_segment(shop, segment, LISTED, progress=progress))


def _list(shop: Shop, who: str, n: int, progress: Progress, which: str = "both", said: Refused | None = None) -> Reply:
    return recommendations_reply(recommend_for(shop, who, n, progress, which=which), said)


def _ask(shop: Shop, text: str, found: Meanings) -> Reply:
    if any(one.kind != "customer" for one in found.found):
        return which_reply(found, "/recommend")
    return one_of_them(shop, text, "/recommend", NotFound(Phrase("There is no customer “{text}”.", text=text)))


def _csv(shop: Shop, request: Request, what: str | None, progress: Progress) -> Reply:
    say = speaker(request.language)
    if what is not None and what.startswith("#p"):
        return _file(export_who(shop, what, say=say, progress=progress), Phrase("Who may want it, and why."))
    segment = None if what is None else int(what) if what.isdecimal() else segment_meant(shop, what)
    path = export_recommendations(shop, segment, say=say, progress=progress)
    return _file(path, Phrase("What each of them may want, and why."))


def _file(path: Path, about: Phrase) -> Reply:
    return file_reply(path.name, path.read_bytes(), str(path), about)


def _share(text: str) -> float | None:
    if text == "score":
        return None
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        raise NotAllowed(
            Phrase("The share of products to buy again is a number such as 0.5 or 50%, not “{text}”.", text=text)
        ) from None
    return number / 100 if text.endswith("%") else number


def _skipped(text: str) -> int:
    return min(int(text[:12]), MOST_SKIPPED)


COMMANDS = [
    Command(
        "recommend",
        Phrase("what a customer or group would buy next, who for a product, who is due"),
        run,
        long=True,
        helpers=all_but("csv …", "due csv", "mix *", "no * * *", "undo * * *"),
    )
]
