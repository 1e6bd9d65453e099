"""A shop, online or round the corner."""

from engine.features.presets import Preset
from engine.phrases import Phrase

PRESET = Preset(
    name="shop",
    label=Phrase("shop"),
    about=Phrase("people look, put things into the cart, buy, and come back"),
    stages={
        "awareness": ("visit", "open"),
        "interest": ("view", "click", "favourite", "follow", "subscribe", "sign_up"),
        "evaluation": ("cart", "search", "trial", "comment"),
        "purchase": ("buy",),
        "use": ("use", "login", "support"),
        "loyalty": ("rating", "share", "referral", "renew"),
    },
    ratings=("rating", "survey"),
    leaving=("unsubscribe", "returned", "complaint"),
    activity=("visits", "numwebvisitsmonth", "logins", "views", "访问次数", "浏览次数", "消费次数", "成长值"),
    held=("points", "memberlevel", "coupons", "积分", "等级", "储值余额", "优惠券"),
    satisfaction=("satisfaction", "nps", "rating", "满意度", "评分"),
    signs=("成长值", "购物车", "消费次数", "消费金额"),
    deeds=("cart", "favourite", "buy"),
)
