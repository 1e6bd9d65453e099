"""The European Union and the United Kingdom: ePrivacy with its soft opt-in, PECR, GDPR Art. 7 and 21."""

from collections.abc import Mapping
from typing import Any, Final

from engine.campaigns.rules import Country
from engine.phrases import Name, Phrase

_SOFT: Final[Mapping[str, Mapping[str, Any]]] = {
    "email": {
        "consent": "bought",
        "why": (Phrase("soft opt-in: who agreed, or bought similar things from you and never objected"),),
    },
    "sms": {
        "consent": "bought",
        "why": (Phrase("soft opt-in: who agreed, or bought similar things from you and never objected"),),
    },
}
# with the hours by which their clocks may differ from UTC, winter and summer
_UNION: Final = (
    ("AT", Name("Austria", "奥地利"), ("österreich",), (1, 2)),
    (
        "BE",
        Name("Belgium", "比利时"),
        (
            "belgique",
            "belgië",
        ),
        (1, 2),
    ),
    ("BG", Name("Bulgaria", "保加利亚"), (), (2, 3)),
    ("HR", Name("Croatia", "克罗地亚"), (), (1, 2)),
    ("CY", Name("Cyprus", "塞浦路斯"), (), (2, 3)),
    ("CZ", Name("Czechia", "捷克"), ("czech republic",), (1, 2)),
    ("DK", Name("Denmark", "丹麦"), (), (1, 2)),
    ("EE", Name("Estonia", "爱沙尼亚"), (), (2, 3)),
    ("FI", Name("Finland", "芬兰"), (), (2, 3)),
    ("FR", Name("France", "法国"), (), (1, 2)),
    ("DE", Name("Germany", "德国"), ("deutschland",), (1, 2)),
    ("GR", Name("Greece", "希腊"), ("el",), (2, 3)),
    ("HU", Name("Hungary", "匈牙利"), (), (1, 2)),
    (
        "IE",
        Name("Ireland", "爱尔兰"),
        (
            "eire",
            "republic of ireland",
        ),
        (0, 1),
    ),
    ("IT", Name("Italy", "意大利"), ("italia",), (1, 2)),
    ("LV", Name("Latvia", "拉脱维亚"), (), (2, 3)),
    ("LT", Name("Lithuania", "立陶宛"), (), (2, 3)),
    ("LU", Name("Luxembourg", "卢森堡"), (), (1, 2)),
    ("MT", Name("Malta", "马耳他"), (), (1, 2)),
    (
        "NL",
        Name("the Netherlands", "荷兰"),
        (
            "netherlands",
            "holland",
            "nederland",
        ),
        (1, 2),
    ),
    ("PL", Name("Poland", "波兰"), ("polska",), (1, 2)),
    ("PT", Name("Portugal", "葡萄牙"), (), (-1, 1)),
    ("RO", Name("Romania", "罗马尼亚"), (), (2, 3)),
    ("SK", Name("Slovakia", "斯洛伐克"), (), (1, 2)),
    ("SI", Name("Slovenia", "斯洛文尼亚"), (), (1, 2)),
    ("ES", Name("Spain", "西班牙"), ("españa",), (0, 2)),
    ("SE", Name("Sweden", "瑞典"), (), (1, 2)),
)
COUNTRIES = (
    *(Country(code, name, called, offsets, _SOFT) for code, name, called, offsets in _UNION),
    Country(
        "GB",
        Name("the United Kingdom", "英国"),
        ("uk", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland"),
        (0, 1),
        _SOFT,
    ),
)
