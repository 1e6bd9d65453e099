"""Texts to copy into whatever the shop writes with; short enough for WeChat."""

from engine.campaigns.channels import TEXT, Channel, Part
from engine.phrases import Phrase

CHANNEL = Channel("text", Phrase("texts to copy"), 0, (Part(TEXT, Phrase("text"), 600),))
