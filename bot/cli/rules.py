"""zhike rules: what always holds for recommendations, and what customers said no to."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from bot.cli import Face, Verb
from bot.language import everywhere
from bot.replies.rules import history_reply, refusals_reply, refused_reply, rules_reply
from engine import (
    NotAllowed,
    Phrase,
    Refusals,
    Refused,
    RulesCard,
    RulesThen,
    change_rules,
    refusals_of,
    refuse,
    refuse_all,
    rules_history,
    show_rules,
    take_back_refusal,
    take_back_refusal_of_all,
    undo_last_rule,
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="RULE", help="a rule, as in the chat; without it, what holds")


def run(args: argparse.Namespace, face: Face) -> None:
    match args.words:
        case []:
            _show(show_rules(face.shop), face)
        case ["undo"]:
            _show(undo_last_rule(face.shop), face)
        case ["history"]:
            versions = rules_history(face.shop)
            face.show(history_reply(versions), {"versions": [_version(one, face) for one in versions]})
        case ["refused", customer]:
            refusals = refusals_of(face.shop, customer)
            face.show(refusals_reply(refusals), _refusals(refusals, face))
        case ["none", customer]:
            _told(refuse_all(face.shop, customer), face)
        case ["some", customer]:
            _told(take_back_refusal_of_all(face.shop, customer), face)
        case ["refuse", customer, product]:
            _told(refuse(face.shop, customer, product), face)
        case ["take-back", customer, product]:
            _told(take_back_refusal(face.shop, customer, product), face)
        case ["refused" | "none" | "some" | "refuse" | "take-back" as word, *_]:
            raise NotAllowed(
                Phrase(
                    "Say zhike rules {word} and what it is of; names of several words stand in quotes. "
                    "zhike rules -h shows how.",
                    word=word,
                )
            )
        case words:
            _show(change_rules(face.shop, " ".join(words), spoken=everywhere), face)


def _show(card: RulesCard, face: Face) -> None:
    document = {
        "version": card.version,
        "rules": {**asdict(card.rules), "variety": round(1 - card.rules.relevance, 4)},
        "sentences": [face.words(sentence.words) for sentence in card.sentences],
        "products": card.n_products,
        "allowed": card.n_allowed,
        "left_out": {one.rule: one.n for one in card.left_out},
        "notes": [face.words(note) for note in card.notes],
        "refused": card.n_refused,
        "wanting_none": card.n_wanting_none,
    }
    del document["rules"]["relevance"]  # type: ignore[attr-defined]
    face.show(rules_reply(card), document if card.changed is None else {**document, "changed": card.changed})


def _version(then: RulesThen, face: Face) -> dict[str, Any]:
    return {
        "version": then.version,
        "at": then.at,
        "who": then.who,
        "rules": [face.words(sentence.words) for sentence in then.sentences],
    }


def _refusals(refusals: Refusals, face: Face) -> dict[str, Any]:
    return {
        "customer": refusals.customer.key,
        "none_since": refusals.none_since,
        "products": [
            {
                "product": one.product.key,
                "name": one.product.name.in_language(face.language.code),
                "who": one.who,
                "at": one.at,
            }
            for one in refusals.products
        ],
    }


def _told(said: Refused, face: Face) -> None:
    face.show(
        refused_reply(said),
        {
            "customer": said.customer.key,
            "product": None if said.product is None else said.product.key,
            "refused": said.refused,
            "changed": said.changed,
        },
    )


VERBS = [
    Verb(
        "rules",
        "what may be recommended, and what customers said no to",
        'zhike rules\nzhike rules price 20-200\nzhike rules not postage\nzhike rules pin "green tea at 2 for VIP"\n'
        "zhike rules undo\nzhike rules history\nzhike rules none K0003\nzhike rules some K0003\n"
        "zhike rules refuse K0003 T01\nzhike rules take-back K0003 T01\nzhike rules refused K0003",
        run,
        add,
    )
]
