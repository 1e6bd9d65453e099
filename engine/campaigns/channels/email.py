"""E-mail: a subject, the line that inboxes show behind it, the text, and HTML where a template brings its own.

Lengths: a header line has at most 998 characters (RFC 5322, 2.1.1) and inboxes show some 60; Gmail cuts off what is
behind 102 KB of HTML.
"""

from types import MappingProxyType

from engine.campaigns.channels import BYTES, HTML, TEXT, WAYS_OUT, Channel, OptOut, Part
from engine.phrases import Phrase

CHANNEL = Channel(
    "email",
    Phrase("E-mail"),
    2,
    (
        Part("subject", Phrase("subject"), 150, one_line=True),
        Part("preheader", Phrase("preview line"), 150, one_line=True, needed=False),
        Part(TEXT, Phrase("text"), 20_000),
        Part(HTML, Phrase("HTML"), 102_000, BYTES, escaped=True, needed=False),
    ),
    OptOut(
        WAYS_OUT,
        MappingProxyType({"en": "Reply STOP and I won't write again.", "zh": "不想再收到这样的邮件，回复“退订”就行。"}),
    ),
)
