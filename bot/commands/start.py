"""/start and /help: what this is, and what it can do."""

from __future__ import annotations

from bot.commands import Command, Request, commands
from bot.replies import Button, Gap, Item, Line, Reply, Title, says
from bot.roles import ANYTHING, HELPER
from engine import Phrase, Progress, Shop, has_customers, is_demo


def start(shop: Shop, request: Request, progress: Progress) -> Reply:
    greeting: tuple[Line, ...] = (
        Title(Phrase("Hello, I am Zhike, your marketing assistant.")),
        Phrase("Everything you give me is kept on your own machine."),
        Gap(),
    )
    if request.role == HELPER:
        greeting = (
            *greeting,
            Phrase("You help here: you can look at everything and draft campaigns, which the owner approves."),
            Gap(),
        )
    if not has_customers(shop):
        return says(
            *greeting,
            Phrase(
                "Send me an export of your orders to begin: CSV, Excel, ODS, Parquet or a ZIP; just drop it in here."
            ),
        )
    begin = (
        (
            Phrase("What is here now is a demo: a made-up tea shop to play with, with made-up customers."),
            Phrase("Begin with its segments, or send me an export of your own orders, which takes its place."),
        )
        if is_demo(shop)
        else (Phrase("Begin with your segments, or send me a newer export of your orders."),)
    )
    return says(
        *greeting,
        *begin,
        buttons=(
            (Button(Phrase("Who are my customers?"), "/segments"),),
            (Button(Phrase("Draft a campaign"), "/campaign"), Button(Phrase("What can you do?"), "/help")),
        ),
    )


def help_(shop: Shop, request: Request, progress: Progress) -> Reply:
    rows: list[Line] = [Title(Phrase("What I can do")), Gap()]
    for command in commands().values():
        if command.listed and command.open_to(request.role, ""):
            rows.append(Phrase("/{name} – {summary}", name=command.name, summary=command.summary))
    rows += [
        Gap(),
        Title(Phrase("Once round")),
        Item(Phrase("Send an export of your orders as a file.")),
        Item(Phrase("/segments shows who your customers are.")),
        Item(Phrase("/campaign drafts messages for one segment; nothing goes out before you approve.")),
        Item(Phrase("Send the list with your own tool, then tell me the outcome: A 3/40, B 5/41")),
        Item(Phrase("/results says what it means, and what it does not.")),
    ]
    return says(*rows)


COMMANDS = [
    Command("start", Phrase("hello, and where to begin"), start, listed=False, helpers=ANYTHING),
    Command("help", Phrase("what I can do"), help_, helpers=ANYTHING),
]
