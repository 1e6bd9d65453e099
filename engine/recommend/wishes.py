"""Which of the shop's own columns say that a customer wants no product recommended, and for whom they do."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# columns in which a yes, or a no, asks for no product; names as attributes have them: folded, without spaces
IF_YES: Final = frozenset(
    (
        *("norecommendations", "norecommendation", "donotrecommend", "norecs", "optoutofrecommendations"),
        *("recommendationsoptout", "recommendationoptout", "nopersonalization", "nopersonalisation"),
        *("不要推荐", "不要给我推荐", "拒绝推荐", "不接受推荐", "不想要推荐", "谢绝推荐", "关闭推荐", "关闭个性化推荐"),
        *("拒绝个性化推荐", "不要个性化推荐", "免推荐"),
    )
)
IF_NO: Final = frozenset(
    (
        *("recommendations", "wantsrecommendations", "recommendationsoptin", "recommendationoptin"),
        *("personalizedrecommendations", "personalisedrecommendations", "personalization", "personalisation"),
        *(
            "个性化推荐",
            "接受推荐",
            "接受个性化推荐",
            "允许推荐",
            "同意推荐",
            "允许个性化推荐",
            "同意个性化推荐",
            "推荐授权",
        ),
        *("个性化推荐授权", "开启个性化推荐", "是否接受推荐"),
    )
)
_YES = frozenset(
    ("yes", "y", "true", "1", "on", "是", "要", "同意", "接受", "允许", "开", "开启", "opted in", "granted")
)
_NO = frozenset(
    (
        *("no", "n", "false", "0", "off", "否", "不", "不要", "不同意", "不接受", "拒绝", "关", "关闭", "已关闭"),
        *("opted out", "withdrawn", "unsubscribed", "never"),
    )
)


def folded_key(key: str) -> str:
    """An attribute's key as it is compared here."""
    return "".join(char for char in key.casefold() if char.isalnum())


def tells(key: str) -> bool:
    """Whether an attribute of this key says who wants no product."""
    return folded_key(key) in IF_YES | IF_NO


def says_none(key: str, answers: pd.Series) -> NDArray[np.bool_]:
    """For whom an attribute that `tells` asks for no product. Answers are texts; a missing one says nothing."""
    words = _YES if folded_key(key) in IF_YES else _NO
    return answers.map(lambda text: isinstance(text, str) and text.strip().casefold() in words).to_numpy(np.bool_)
