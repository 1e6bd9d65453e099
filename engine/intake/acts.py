"""What people do besides ordering, as files call it in Chinese and English, and as a sentence calls it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from engine.phrases import Phrase

WORDS: Final[Mapping[str, Phrase]] = {
    "visit": Phrase("visit"),
    "view": Phrase("view"),
    "search": Phrase("search"),
    "sign_up": Phrase("sign-up"),
    "login": Phrase("log-in"),
    "favourite": Phrase("favourite"),
    "cart": Phrase("into the cart"),
    "buy": Phrase("purchase"),
    "trial": Phrase("trial"),
    "use": Phrase("use"),
    "open": Phrase("opened"),
    "click": Phrase("clicked"),
    "post": Phrase("post"),
    "comment": Phrase("comment"),
    "like": Phrase("like"),
    "share": Phrase("share"),
    "follow": Phrase("follow"),
    "unfollow": Phrase("unfollow"),
    "rating": Phrase("rating"),
    "survey": Phrase("survey"),
    "support": Phrase("support request"),
    "complaint": Phrase("complaint"),
    "referral": Phrase("referral"),
    "subscribe": Phrase("subscribed"),
    "unsubscribe": Phrase("unsubscribing"),
    "call": Phrase("call"),
    "apply": Phrase("application"),
    "deposit": Phrase("deposit"),
    "withdraw": Phrase("withdrawal"),
    "transfer": Phrase("transfer"),
    "loan": Phrase("loan"),
    "repay": Phrase("repayment"),
    "renew": Phrase("renewal"),
    "returned": Phrase("returned"),
}

_SAID: Final[Mapping[str, str]] = {
    "visit": "visited pagevisit session 访问 到访 进店 到店 来访",
    "view": "views viewed pv pageview productview viewitem viewproduct detail 浏览 查看 曝光 阅读 观看 浏览商品",
    "search": "searched 搜索",
    "sign_up": "signup signedup register registered registration join joined 注册 入会 开户 加入会员 成为会员",
    "login": "log_in loggedin signin 登录 登陆",
    "favourite": "favorite fav collect wishlist save bookmark addtowishlist 收藏 关注商品 收藏商品",
    "cart": "addtocart addcart cartadd incart basket 加购 加入购物车 加购物车 购物车",
    "buy": "purchase purchased bought order ordered paid pay payment checkout 购买 下单 支付 成交 付款",
    "trial": "trialstart starttrial triedout try 试用 体验 试听",
    "use": "used usage 使用 用了",
    "open": "opened emailopen openemail 打开 打开邮件",
    "click": "clicked clicks emailclick 点击 点开 点击链接",
    "post": "posted publish 发帖 发布 发文 投稿",
    "comment": "commented reply 评论 留言 回复",
    "like": "liked 点赞 赞",
    "share": "shared forward repost retweet 分享 转发",
    "follow": "followed 关注",
    "unfollow": "unfollowed 取关 取消关注",
    "rating": "rate rated review reviewed score nps 评分 评价 打分 满意度",
    "survey": "surveyanswered questionnaire 问卷 调查 调研",
    "support": "ticket helpdesk contactsupport supportticket 客服 咨询 求助 售后",
    "complaint": "complain complained 投诉",
    "referral": "refer referred invite invited invitation 推荐 邀请 介绍 转介绍",
    "subscribe": "subscribed optin 订阅",
    "unsubscribe": "unsubscribed optout 退订 取消订阅",
    "call": "called phonecall 电话 通话 去电 来电",
    "apply": "applied application 申请",
    "deposit": "deposited 存款 存入 充值",
    "withdraw": "withdrew withdrawal 取款 提现",
    "transfer": "transferred 转账",
    "loan": "borrow 贷款 借款",
    "repay": "repaid repayment 还款",
    "renew": "renewed renewal 续费 续约 续保",
    # “return” is what an export of orders says, and is counted as money there
    "returned": "return refund refunded 退货 退款",
}

_IGNORED = re.compile(r"[\s_\-.:/]+")
_MEANS: Final = {_IGNORED.sub("", word): kind for kind, words in _SAID.items() for word in [kind, *words.split()]}


def kind_of(word: str) -> str:
    """What kind of event a word names; an unknown word is its own kind, in lower case."""
    lower = " ".join(unicodedata.normalize("NFKC", word).lower().split())
    return _MEANS.get(_IGNORED.sub("", lower), lower)


def called(kind: str) -> Phrase:
    """The kind in a sentence; what a file has named itself is said as it stands."""
    return WORDS.get(kind) or Phrase("{word}", word=kind)
