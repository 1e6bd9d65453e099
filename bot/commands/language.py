"""/language: Chinese or English."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import NAMES, code_of
from bot.replies import Button, Reply, Text, says
from bot.roles import ANYTHING
from engine import NotAllowed, Phrase, Progress, Shop

SPELLED = {
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
    "zh": "zh",
    "中文": "zh",
    "汉语": "zh",
    "chinese": "zh",
}


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    word = request.text.lower()
    if not word:
        choice = tuple(Button(Phrase("{name}", name=name), f"/language {code}") for code, name in NAMES.items())
        return says(Phrase("Which language shall I speak?"), buttons=(choice,))
    code = SPELLED.get(word) or (code_of(word) if word.startswith("zh") else None)
    if code is None:
        raise NotAllowed(
            Phrase("I speak English and Chinese, not '{word}'. Say /language en or /language zh", word=word)
        )
    return Reply((Text((Phrase("From now on I speak English."),)),), language=code)


COMMANDS = [Command("language", Phrase("Chinese or English"), run, helpers=ANYTHING)]
