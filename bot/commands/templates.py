"""/templates: the words of your messages.

/templates                       → by goal
/templates win_back              → the messages for a goal; `win_back zh` in the other language
/templates show REF              → one message, with what the hardest customers would read; REF as in
                                   win_back.plain_hello.sms.en
/templates edit REF              → the next text is its new wording; `write REF TEXT` in one go
/templates new win_back sms      → the next text is a message of your own; `add win_back sms TEXT` in one go
/templates versions REF          → every wording it had; `back 12` makes one of them the newest
/templates drop REF              → offer it no more
/templates shop                  → what messages say of the shop; `name`, `address` and `price` say it
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import NAMES
from bot.replies import Reply
from bot.replies.templates import (
    ask_setting_reply,
    ask_text_reply,
    card_reply,
    channels_reply,
    dropped_reply,
    goal_reply,
    goals_reply,
    settings_reply,
    versions_reply,
)
from bot.roles import all_but
from engine import (
    NotAllowed,
    Phrase,
    Progress,
    Shop,
    back_to_version,
    channel_named,
    channels,
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

SETTINGS = ("name", "address", "price")


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            return goals_reply(goals(shop))
        case ("shop",):
            return settings_reply(message_settings(shop))
        case ("show", ref):
            return card_reply(show_template(shop, ref), request.language)
        case ("edit", ref):
            return ask_text_reply(show_template(shop, ref), request.language)
        case ("versions", ref):
            return versions_reply(ref, template_versions(shop, ref))
        case ("back", number) if number.isdecimal():
            return card_reply(back_to_version(shop, int(number), who=request.who), request.language)
        case ("drop", ref):
            return dropped_reply(drop_template(shop, ref, who=request.who), request.language)
        case ("new", goal):
            return channels_reply(list_templates(shop, goal)[0], tuple(channels().values()))
        case ("new", goal, channel):
            return channels_reply(list_templates(shop, goal)[0], (channel_named(channel),))
        case ("set", setting) | (setting,) if setting in SETTINGS:
            return ask_setting_reply(setting)
        case ("write", ref, _, *_):
            text = _behind(request.text, 2)
            return card_reply(write_template(shop, ref, text, who=request.who), request.language)
        case ("add", goal, channel, _, *_):
            text = _behind(request.text, 3)
            made = new_template(shop, goal, channel, request.language, text, who=request.who)
            return card_reply(made, request.language)
        case (setting, *_) if setting in SETTINGS:
            said = _behind(request.text, 1)
            return settings_reply(set_message_setting(shop, setting, said, who=request.who), changed=True)
        case (goal,):
            return goal_reply(*list_templates(shop, goal, request.language), request.language)
        case (goal, code) if code in NAMES:
            return goal_reply(*list_templates(shop, goal, code), code)
    raise NotAllowed(Phrase("Say /templates and choose with the buttons, or /templates win_back for one goal."))


def _behind(text: str, n: int) -> str:
    """What stands behind the first `n` words, with its lines as they are."""
    return text.split(maxsplit=n)[n] if len(text.split(maxsplit=n)) > n else ""


COMMANDS = [
    Command(
        "templates",
        Phrase("the words of your messages: look at them, edit, write your own"),
        run,
        helpers=all_but("drop …", "set …", *(f"{setting} …" for setting in SETTINGS)),
    )
]
