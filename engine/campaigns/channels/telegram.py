"""Telegram: at most 4,096 UTF-16 units, in HTML. A bot reaches only those who have started it."""

from engine.campaigns.channels import TEXT, UNITS, Channel, Part
from engine.phrases import Phrase

CHANNEL = Channel(
    "telegram", Phrase("Telegram"), 5, (Part(TEXT, Phrase("text"), 4_096, UNITS, escaped=True),), borrows="text"
)
