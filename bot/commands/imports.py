"""/import, or just a file."""

from __future__ import annotations

from bot.commands import Command, Request, pool
from bot.language import language, speaker
from bot.replies import Item, Reply, Title, says
from bot.replies.columns import card_reply
from bot.replies.imports import receipt_reply
from bot.replies.pictures.imports import timeline_picture
from bot.replies.results import outcome_reply
from bot.roles import NOTHING
from engine import (
    MappingCard,
    Phrase,
    Progress,
    Receipt,
    Shop,
    campaign_of_report,
    campaign_results,
    import_or_ask,
    is_pool_file,
    record_people,
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if request.file is None:
        return says(
            Title(Phrase("Drop the file in here.")),
            Item(
                Phrase(
                    "An export of your orders, a row for each thing sold: CSV, Excel, ODS, Parquet, or these in a ZIP."
                )
            ),
            Item(Phrase("A list of customers works too: it adds names, cities, ages, interests and consent.")),
            Item(Phrase("So do events: who did what and when, such as visits, views, carts, posts and ratings.")),
            Item(Phrase("Further columns of a list of customers, such as survey answers, are kept as well.")),
            Item(Phrase("Up to 20 MB in the chat; larger files where Zhike runs: zhike import FILE")),
        )
    if is_pool_file(request.file):
        return pool.run(shop, request, progress)
    reported = campaign_of_report(shop, request.file, name=request.file_name)
    if reported is not None:
        made = record_people(shop, reported, request.file, name=request.file_name, who=request.who)
        return outcome_reply(made, campaign_results(shop, reported))
    receipt = import_or_ask(
        shop,
        request.file,
        name=request.file_name or request.file.name,
        who=request.who,
        progress=progress,
        say=speaker(request.language),
    )
    if isinstance(receipt, MappingCard):
        return card_reply(receipt, in_place=False)
    return shown(receipt, request)


def shown(receipt: Receipt, request: Request) -> Reply:
    """The receipt with its picture and the rows that were left out."""
    rejected = None if receipt.rejected_file is None else receipt.rejected_file.read_bytes()
    timeline = None if receipt.already else receipt.timeline
    picture = None if timeline is None else timeline_picture(timeline, language(request.language))
    return receipt_reply(receipt, rejected, picture)


COMMANDS = [
    Command(
        "import",
        Phrase("read an export of your orders, customers, products or events"),
        run,
        long=True,
        helpers=NOTHING,
    )
]
