"""WeChat accounts: a text of at most 600 characters, as the stricter of its documents has it; a title of 64 bytes."""

from engine.campaigns.channels import BYTES, TEXT, Channel, Part
from engine.phrases import Phrase

CHANNEL = Channel(
    "wechat",
    Phrase("WeChat"),
    3,
    (
        Part("title", Phrase("title"), 64, BYTES, one_line=True, needed=False),
        Part(TEXT, Phrase("text"), 600),
    ),
    borrows="text",
)
