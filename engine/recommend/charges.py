"""Lines of an order that nobody can be recommended: postage, fees, discounts, manual corrections."""

from __future__ import annotations

import re

from engine.phrases import Name

# In English the last word says what a thing is: "DOTCOM POSTAGE" is a charge, "CARRIAGE CLOCK" a clock.
_ENDS_ENGLISH = re.compile(
    r"\b(?<!free )(?<!with )(?<!incl )(?<!including )"
    r"(postage|p&p|packing|packaging|handling|carriage|freight|shipping|delivery|fees?|charges?|surcharge|"
    r"commission|discounts?|rebate|refund|bad debt|price difference)$"
)
_WHOLE_ENGLISH = re.compile(
    r"(free (postage|p&p|shipping|delivery)|manual|samples?|adjustments?|tips?|deposit|rounding|damages)$"
)
_LONGEST_ENGLISH = 4  # words: a longer name describes a product

# "补运费" and "运费补差价专用链接" are charges; "大闸蟹 免运费" is crab.
_CHARGE_CHINESE = (
    r"(?<![免包含减无送])(邮费|邮资|运费险?|快递费|配送费|差价|手续费|服务费|安装费|包装费|加工费|补款|^折扣|^优惠)"
)
_TAIL_CHINESE = r"(补差价?|补拍|专拍|专用|链接|请拍|勿拍|商品|产品|\d+(\.\d+)?元?|元)*"
_ENDS_CHINESE = re.compile(_CHARGE_CHINESE + _TAIL_CHINESE + "$")
_LONGEST_CHINESE = 15  # characters: a longer name describes a product


def is_charge(name: Name) -> bool:
    """Whether this is no product but a charge or correction, as far as its name tells in either language.

    Keys do not tell: one shop's product keys have no digit, another's service codes have.
    """
    return any(_is_charge(text) for text in {name.en, name.zh})


def _is_charge(text: str) -> bool:
    # what stands in brackets or behind a dash only qualifies: "Shipping (UK)", "Delivery - next day"
    core = re.split(r"\s[-–:]\s|[(（\[【:：]", text.strip().casefold(), maxsplit=1)[0].strip(" .!")
    packed = re.sub(r"[\s\-_—–·，,。!！()（）\[\]【】:：]", "", text)
    return bool(
        (len(core.split()) <= _LONGEST_ENGLISH and _ENDS_ENGLISH.search(core))
        or _WHOLE_ENGLISH.match(core)
        or (len(packed) <= _LONGEST_CHINESE and _ENDS_CHINESE.search(packed))
    )
