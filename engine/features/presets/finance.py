"""A bank, an insurer or an adviser: people hold products, and answer calls."""

from engine.features.presets import Preset
from engine.phrases import Phrase

PRESET = Preset(
    name="finance",
    label=Phrase("financial services"),
    about=Phrase("people hold products, keep balances, and answer offers"),
    stages={
        "awareness": ("visit", "view", "open", "click"),
        "interest": ("sign_up", "search", "survey", "subscribe"),
        "evaluation": ("apply", "call", "trial"),
        "purchase": ("deposit", "loan", "buy"),
        "use": ("login", "transfer", "use", "withdraw", "repay", "support"),
        "loyalty": ("renew", "referral", "rating"),
    },
    ratings=("rating",),
    leaving=("complaint", "unsubscribe"),
    activity=("transactions", "logins", "isactivemember", "campaign", "previous", "交易次数", "登录次数", "活跃"),
    held=(
        *("balance", "loan", "housing", "mortgage", "deposit", "numofproducts", "hascrcard", "policies", "creditcard"),
        *("余额", "存款", "贷款", "房贷", "持有产品", "理财", "保单", "信用卡"),
    ),
    satisfaction=("satisfaction", "satisfactionscore", "nps", "满意度"),
    signs=(
        *("balance", "loan", "housing", "mortgage", "default", "deposit", "poutcome", "creditscore", "numofproducts"),
        *("余额", "贷款", "房贷", "存款", "理财", "持有产品", "保单", "信用卡", "违约"),
    ),
    deeds=("deposit", "loan", "transfer", "withdraw", "repay"),
)
