"""SMS: paid for by the part, however short the last one is.

The carriers and gateways put together up to 10 parts. In China 【签名】 stands in front, and the way out is a reply.
"""

from types import MappingProxyType

from engine.campaigns.channels import SMS_PARTS, TEXT, WAYS_OUT, Channel, OptOut, Part
from engine.phrases import Phrase

CHANNEL = Channel(
    "sms",
    Phrase("SMS"),
    1,
    (Part(TEXT, Phrase("text"), 10, SMS_PARTS),),
    OptOut(WAYS_OUT, MappingProxyType({"en": "Reply STOP to opt out", "zh": "拒收请回复R"})),
    charged=True,
)
