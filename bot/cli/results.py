"""zhike outcome record, zhike results: what came back, and what it means."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.replies.results import orders_news_reply, outcome_reply, results_reply
from engine import (
    HoldoutMoney,
    NotAllowed,
    OrdersOfCampaign,
    OutcomeReceipt,
    Phrase,
    Results,
    all_orders_known,
    campaign_results,
    latest_campaign_id,
    record_counts,
    record_people,
    set_window,
    use_outcomes,
)


def add_record(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int, help="the campaign's number")
    parser.add_argument("outcome", help="'A 3/40, B 5/41' (bought/sent), or a CSV of those who bought")


def record(args: argparse.Namespace, face: Face) -> None:
    is_file = args.outcome.lower().endswith((".csv", ".txt")) or Path(args.outcome).is_file()
    if is_file:
        receipt = record_people(face.shop, args.id, Path(args.outcome), who="command line")
    else:
        receipt = record_counts(face.shop, args.id, args.outcome, who="command line")
    show_told(receipt, face)


def show_told(receipt: OutcomeReceipt, face: Face) -> None:
    """What was recorded of a campaign, and what it means now."""
    results = campaign_results(face.shop, receipt.campaign)
    notes = [face.words(note) for note in receipt.notes]
    face.show(outcome_reply(receipt, results), {"changed": receipt.changed, "notes": notes, **document(results, face)})


def add_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int, nargs="?", help="the campaign's number (default: the latest)")


def show(args: argparse.Namespace, face: Face) -> None:
    number = args.id if args.id is not None else latest_campaign_id(face.shop)
    if number is None:
        raise NotAllowed(Phrase("No campaign has been approved yet: zhike campaign draft drafts one."))
    results = campaign_results(face.shop, number)
    face.show(results_reply(results, None), document(results, face))


def document(results: Results, face: Face) -> dict[str, Any]:
    return {
        "campaign": results.campaign,
        "segment": face.words(results.segment_name),
        "goal": results.goal,
        "holdout": results.holdout,
        "variants": [
            {
                "variant": variant.label,
                "sends": variant.sends,
                "not_sent": variant.unsent,
                "reported": variant.reported,
                "conversions": variant.conversions,
                "rate": variant.rate,
                "interval": variant.interval,
                "weight": variant.weight,
            }
            for variant in results.variants
        ],
        "planned": results.planned,
        "caution": None if results.caution is None else face.words(results.caution),
        "verdict": {"state": results.verdict.state, "sentence": face.words(results.verdict.sentence)},
        "which_now": None if results.which_now is None else face.words(results.which_now),
        "next": None if results.next is None else face.words(results.next),
        "money": None if results.money is None else _money(results.money, face),
        "orders": None if results.orders is None else _by_orders(results.orders, face),
    }


def _money(money: HoldoutMoney, face: Face) -> dict[str, Any]:
    return {
        "sent": money.sent,
        "not_sent": money.unsent,
        "held": money.held,
        "days": money.days,
        "each": money.each,
        "each_interval": money.each_interval,
        "total": money.total,
        "total_interval": money.total_interval,
        "sentence": face.words(money.sentence),
    }


def _by_orders(orders: OrdersOfCampaign, face: Face) -> dict[str, Any]:
    found = orders.found
    groups = {**found.versions, **({"held out": found.held} if found.held.n else {})}
    return {
        "used": orders.used,
        "days": found.days,
        "until": found.end,
        "known_until": found.known_until,
        "groups": {label: asdict(group) for label, group in groups.items()},
        "sentences": [face.words(said) for said in orders.sentences],
        "against": None if orders.against is None else face.words(orders.against),
    }


def add_orders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int, help="the campaign's number")
    parser.add_argument("--days", type=int, help="for how many days after the message orders count")
    parser.add_argument("--use", choices=["orders", "told"], help="what holds where the two differ")
    parser.add_argument("--complete", action="store_true", help="no order until now is missing")


def set_orders(args: argparse.Namespace, face: Face) -> None:
    who, news = "command line", None
    if args.days is not None:
        news = set_window(face.shop, args.id, args.days, who=who)
    if args.complete:
        news = all_orders_known(face.shop, args.id, who=who)
    if args.use is not None:
        news = use_outcomes(face.shop, args.id, args.use, who=who)
    if news is None:
        raise NotAllowed(Phrase("Say what to set: --days 14, --use orders or --complete."))
    told = [face.words(what) for what in news.what]
    face.show(orders_news_reply(news), {"campaign": news.campaign, "what": told})


VERBS = [
    Verb(
        "outcome orders",
        "how orders count for a campaign",
        "zhike outcome orders 3 --days 14\nzhike outcome orders 3 --use told",
        set_orders,
        add_orders,
    ),
    Verb(
        "outcome record",
        "tell what came of a campaign",
        "zhike outcome record 3 'A 3/40, B 5/41'\nzhike outcome record 3 bought.csv",
        record,
        add_record,
    ),
    Verb("results", "what a campaign's outcome means", "zhike results\nzhike results 3 --json", show, add_results),
]
