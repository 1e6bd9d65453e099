"""/plan: what can be learned with so many people, before anything is sent.

/plan                → for whom?
/plan 400            → with 400 people
/plan Regulars x3    → with a segment, in three versions; a stage, or a rule such as orders >= 3, the same
/plan for 12         → with segment 12, by a button
"""

from __future__ import annotations

import re

from bot.commands import Command, Request
from bot.language import everywhere
from bot.replies import Reply
from bot.replies.plan import plan_reply, whom_to_plan_for
from bot.roles import ANYTHING
from engine import (
    NotAllowed,
    Outlook,
    Phrase,
    Progress,
    Shop,
    audience_by_rule,
    audience_named,
    latest_segments,
    outlook_for_number,
    outlook_for_segment,
    owner_rules,
    silent,
)

VERSIONS = re.compile(r"\s[x×*](\d{1,2})$", re.I)
A_RULE = re.compile(r"[<>=≥≤＞＜＝]|\bin\b|大于|小于|等于")
TEXT = "text"


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if not request.text:
        newest = latest_segments(shop)
        own = tuple(rule.segment for rule in owner_rules(shop) if rule.segment is not None)
        return whom_to_plan_for((*own, *(() if newest is None else newest.segments)))
    found = VERSIONS.search(request.text)
    versions = 2 if found is None else int(found[1])
    audience = request.text if found is None else request.text[: found.start()]
    return plan_reply(outlook_named(shop, audience, versions, progress=progress))


def outlook_named(shop: Shop, text: str, versions: int, *, channel: str = TEXT, progress: Progress = silent) -> Outlook:
    """For the people whom a text means: so many, a rule, a segment or a stage. Raises NotFound, NotAllowed."""
    said = text.strip().removesuffix("人").strip()
    number = said.replace(",", "").replace("，", "")
    if number.isdecimal():
        if len(number) > 9:
            raise NotAllowed(Phrase("Say how many people, 1 or more."))
        return outlook_for_number(shop, int(number), versions)
    way, _, rest = said.partition(" ")
    if way == "for" and rest.isdecimal():
        return outlook_for_segment(shop, int(rest), versions, channel)
    if way in ("rule", "for") and rest:
        said = rest
    picked = (
        audience_by_rule(shop, said)
        if way == "rule" or A_RULE.search(said)
        else audience_named(shop, said, everywhere, progress=progress)
    )
    return outlook_for_segment(shop, picked.segment.id, versions, channel)


COMMANDS = [
    Command(
        "plan",
        Phrase("what can be learned with so many people, before you send"),
        run,
        long=True,
        helpers=ANYTHING,
        draws=ANYTHING,
    )
]
