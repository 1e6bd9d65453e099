"""WeCom (企业微信): a mass message to customers has a text of at most 4,000 bytes."""

from engine.campaigns.channels import BYTES, TEXT, Channel, Part
from engine.phrases import Phrase

CHANNEL = Channel("wecom", Phrase("WeCom"), 4, (Part(TEXT, Phrase("text"), 4_000, BYTES),), borrows="text")
