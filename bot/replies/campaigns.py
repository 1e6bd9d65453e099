"""All campaigns, each with where it stands in words."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Reply, Text, Title, says
from engine import CampaignPage, CampaignState, Phrase, counted


def campaigns_reply(page: CampaignPage) -> Reply:
    """One page of campaigns, the newest first, with a button to open each."""
    if not page.campaigns:
        return says(Phrase("No campaign has been drafted yet: /campaign begins one."))
    lines: list[Line] = [Title(Phrase("Your campaigns, the newest first"))]
    for state in page.campaigns:
        lines += [Item(campaign_line(state))]
    if page.pages > 1:
        lines += [Gap(), Phrase("Page {page} of {pages}", page=page.page, pages=page.pages)]
    openers = [
        Button(Phrase("Campaign {id}", id=str(state.line.campaign)), f"/campaign show {state.line.campaign}")
        for state in page.campaigns
    ]
    rows = [tuple(openers[i : i + 2]) for i in range(0, len(openers), 2)]
    turning = []
    if page.page > 1:
        turning.append(Button(Phrase("Newer"), f"/campaigns {page.page - 1}"))
    if page.page < page.pages:
        turning.append(Button(Phrase("Older"), f"/campaigns {page.page + 1}"))
    if turning:
        rows.append(tuple(turning))
    return Reply((Text(tuple(lines), tuple(rows)),), in_place=True)


def campaign_line(state: CampaignState) -> Phrase:
    line = state.line
    return Phrase(
        "Campaign {id}, {goal}, for “{segment}”: {state}",
        id=str(line.campaign),
        goal=line.goal_title,
        segment=line.segment_name,
        state=state_words(state),
    )


def state_words(state: CampaignState) -> Phrase:
    """Where a campaign stands, and whether somebody waits for a later wave."""
    words = _alone(state)
    if not state.line.waiting:
        return words
    return counted(
        "{state}; {n} person waits for the next wave",
        "{state}; {n} people wait for the next wave",
        n=state.line.waiting,
        state=words,
    )


def _alone(state: CampaignState) -> Phrase:
    n, sent = state.line.audience, state.sent
    match state.state:
        case "draft":
            return counted("a draft to {n} person", "a draft to {n} people", n=n)
        case "dropped":
            return Phrase("dropped")
        case "approved":
            return counted("approved, nothing sent yet to {n} person", "approved, nothing sent yet to {n} people", n=n)
        case "going out":
            return Phrase("going out, {sent} of {n} sent", sent=sent, n=n)
        case "no outcomes":
            return counted("{n} message sent, waiting for outcomes", "{n} messages sent, waiting for outcomes", n=sent)
        case "enough":
            return Phrase("verdict: {best} works best", best=state.best or "")
        case "never":
            return Phrase("verdict: the versions cannot be told apart")
    return Phrase("no verdict yet, {answered} of {n} answered", answered=state.answered, n=n)
