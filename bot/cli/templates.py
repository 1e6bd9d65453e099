"""zhike templates: the words of messages, their versions, and what they say of the shop."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.cli.campaign import who
from bot.replies import Item
from bot.replies.templates import card_reply, dropped_reply, goal_reply, goals_reply, settings_reply, versions_reply
from engine import (
    MessageSettings,
    NotAllowed,
    Phrase,
    TemplateCard,
    TemplateLine,
    back_to_version,
    drop_template,
    goals,
    list_templates,
    message_settings,
    new_template,
    set_message_setting,
    show_template,
    template_versions,
    write_template,
)

MOST_BYTES = 1_000_000


def add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("goal", nargs="?", help="what the messages are for, such as win_back; without it, all goals")


def run_list(args: argparse.Namespace, face: Face) -> None:
    if args.goal is None:
        found = goals(face.shop)
        rows = [{"goal": goal.key, "title": face.words(goal.title), "versions": goal.variants} for goal in found]
        face.show(goals_reply(found), {"goals": rows})
        if not face.as_json:
            face.say(*(Item(Phrase("{goal}: {title}", goal=goal.key, title=goal.title)) for goal in found))
        return
    goal, lines = list_templates(face.shop, args.goal.strip().lower().replace("-", "_"), face.language.code)
    face.show(goal_reply(goal, lines, face.language.code), {"goal": goal.key, "templates": [*map(_line, lines)]})
    if not face.as_json:
        face.say(*(Item(Phrase("{ref}: {title}", ref=line.ref, title=line.title)) for line in lines))


def add_ref(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ref", metavar="REF", help="which message: goal.name.channel.language")


def add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the message, with [name] and [product] as blanks")
    parser.add_argument("--file", metavar="FILE", help="a file with the message instead")


def show(args: argparse.Namespace, face: Face) -> None:
    _show(show_template(face.shop, args.ref), face)


def add_edit(parser: argparse.ArgumentParser) -> None:
    add_ref(parser)
    add_text(parser)


def edit(args: argparse.Namespace, face: Face) -> None:
    _show(write_template(face.shop, args.ref, _text(args), who=who()), face)


def add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("goal", help="what it is for, such as win_back")
    parser.add_argument("channel", help="how it is sent: text, sms, email, wechat, wecom, telegram")
    add_text(parser)
    parser.add_argument("--name", help="what it is called: small letters, digits and _")


def new(args: argparse.Namespace, face: Face) -> None:
    goal, code = args.goal.strip().lower().replace("-", "_"), face.language.code
    _show(new_template(face.shop, goal, args.channel, code, _text(args), name=args.name, who=who()), face)


def versions(args: argparse.Namespace, face: Face) -> None:
    found = template_versions(face.shop, args.ref)
    rows = [
        {"id": one.id, "version": one.version, "text": one.text, "came_with_zhike": one.ours, "dropped": one.dropped,
         "who": one.who, "at": one.at}
        for one in found
    ]  # fmt: skip
    face.show(versions_reply(args.ref, found), {"ref": args.ref, "versions": rows})


def add_back(parser: argparse.ArgumentParser) -> None:
    add_ref(parser)
    parser.add_argument("version", type=int, help="which version, as `zhike templates versions` has it")


def back(args: argparse.Namespace, face: Face) -> None:
    found = template_versions(face.shop, args.ref)
    then = next((one for one in found if one.version == args.version), None)
    if then is None:
        raise NotAllowed(
            Phrase(
                "“{ref}” has no version {n}; there are: {versions}.",
                ref=args.ref,
                n=args.version,
                versions=tuple(one.version for one in reversed(found)),
            )
        )
    _show(back_to_version(face.shop, then.id, who=who()), face)


def drop(args: argparse.Namespace, face: Face) -> None:
    line = drop_template(face.shop, args.ref, who=who())
    face.show(dropped_reply(line, face.language.code), _line(line))


def add_shop(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="what the shop is called; messages sign with it")
    parser.add_argument("--address", help="its postal address; e-mails end with it")
    parser.add_argument("--price", help="what one part of an SMS costs, such as 0.05")


def shop(args: argparse.Namespace, face: Face) -> None:
    said = {setting: getattr(args, setting) for setting in ("name", "address", "price")}
    changes = {setting: text for setting, text in said.items() if text is not None}
    for setting, text in changes.items():
        set_message_setting(face.shop, setting, text, who=who())
    settings = message_settings(face.shop)
    face.show(settings_reply(settings, changed=bool(changes)), _settings(settings))


def _text(args: argparse.Namespace) -> str:
    if (args.text is None) == (args.file is None):
        raise NotAllowed(Phrase("Give the message as a text, or its file with --file."))
    if args.text is not None:
        return str(args.text)
    try:
        if Path(args.file).stat().st_size > MOST_BYTES:
            raise NotAllowed(Phrase("{path} is too large to be a message.", path=args.file))
        return Path(args.file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotAllowed(Phrase("{path} cannot be read as UTF-8 text.", path=args.file)) from error


def _show(card: TemplateCard, face: Face) -> None:
    template = card.template
    document: dict[str, Any] = {
        "ref": card.ref,
        "title": template.title.in_language(face.language.code),
        "version": template.version,
        "traits": dict(template.traits),
        "text": template.body,
        **template.extras,
        "sms_parts": None if not card.channel.charged else [card.checked.least_parts, card.checked.most_parts],
        "warnings": [face.words(warning) for warning in card.checked.warnings],
        "read_by": [{"who": face.words(one.who), "text": one.written.text} for one in card.checked.hard],
    }
    if card.changed is not None:
        document["changed"] = card.changed
    face.show(card_reply(card, face.language.code), document)


def _line(line: TemplateLine) -> dict[str, Any]:
    return {
        "ref": line.ref,
        "title": {"en": line.title.en, "zh": line.title.zh},
        "channel": line.channel.key,
        "language": line.language,
        "version": line.version,
        "own": line.own,
    }


def _settings(settings: MessageSettings) -> dict[str, Any]:
    return {"name": settings.shop_name, "address": settings.shop_address, "sms_price": settings.sms_price}


REF = "win_back.plain_hello.sms.en"
VERBS = [
    Verb(
        "templates list",
        "the messages there are",
        "zhike templates list\nzhike templates list win_back",
        run_list,
        add_list,
    ),
    Verb("templates show", "one message, as customers would read it", f"zhike templates show {REF}", show, add_ref),
    Verb(
        "templates edit",
        "give a message another wording",
        f'zhike templates edit {REF} "Hi [name], how are you? Reply STOP to opt out"\n'
        f"zhike templates edit {REF} --file hello.txt",
        edit,
        add_edit,
    ),
    Verb(
        "templates new",
        "a message of your own",
        'zhike templates new win_back sms "Hi [name], how are you? Reply STOP to opt out"',
        new,
        add_new,
    ),
    Verb("templates versions", "every wording a message had", f"zhike templates versions {REF}", versions, add_ref),
    Verb("templates back", "back to an earlier wording", f"zhike templates back {REF} 1", back, add_back),
    Verb("templates drop", "offer a message no more", f"zhike templates drop {REF}", drop, add_ref),
    Verb(
        "templates shop",
        "what messages say of your shop, and what an SMS costs",
        "zhike templates shop --name 'Hill Tea' --price 0.05",
        shop,
        add_shop,
    ),
]
