"""/send: an approved campaign goes out by e-mail, each message once.

/send 3        → send what is left of campaign 3, for some minutes at a time
/send 3 again  → also those of whom it is not known whether they arrived
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import language
from bot.replies import Reply
from bot.replies.sending import sent_reply
from bot.roles import NOTHING
from bot.settings import read_settings
from engine import Mail, NotAllowed, Phrase, Progress, Shop, send_campaign, send_unknown_again

MINUTES = 5  # for which the chat is busy at a time

NO_SERVER = Phrase(
    "No mail server is set: start Zhike with ZHIKE_SMTP_HOST and ZHIKE_SMTP_FROM (and ZHIKE_SMTP_USER, "
    "ZHIKE_SMTP_PASSWORD), or take the list and send it with your own tool."
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case (number,) | (number, "again") if number.isdecimal():
            if shop.house is not None:
                raise NotAllowed(
                    Phrase(
                        "This bot serves several shops, and has no mail server of yours. Download the list with "
                        "/campaign list {id} and send it with your own mail tool.",
                        id=number,
                    )
                )
            mail = mail_server(read_settings().mail)
            if request.words[1:]:
                send_unknown_again(shop, int(number), who=request.who)
            report = send_campaign(
                shop,
                int(number),
                mail,
                languages=language,
                who=request.who,
                most=MINUTES * mail.per_minute,
                progress=progress,
            )
            return sent_reply(report)
    raise NotAllowed(Phrase("Say which campaign is to go out by e-mail, such as /send 3"))


def mail_server(mail: Mail | None) -> Mail:
    """Raises NotAllowed without one."""
    if mail is None:
        raise NotAllowed(NO_SERVER)
    return mail


COMMANDS = [
    Command(
        "send",
        Phrase("send an approved campaign by e-mail"),
        run,
        long=True,
        stopped=Phrase(
            "Stopped. What has gone out has gone out; /send with the campaign's number goes on with the rest."
        ),
        helpers=NOTHING,
    )
]
