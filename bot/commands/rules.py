"""/rules: what always holds for recommendations.

/rules                    → what holds, with buttons for the usual rules
/rules price 20-200       → a rule, in English or Chinese; `engine.recommend.rule_words` has them all
/rules undo               → as before the last change; `undo 12` what a button says of a certain one
/rules history            → what held when
/rules none CUSTOMER      → recommend nothing to them; `some CUSTOMER` again
/rules refused CUSTOMER   → what they said no to; `back #p12 CUSTOMER` takes one back, `no #p12 CUSTOMER` adds one
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.commands.customer import one_of_them
from bot.language import everywhere
from bot.replies import Reply
from bot.replies.rules import history_reply, refusals_reply, refused_reply, rules_reply, which_product_reply
from bot.roles import only
from engine import (
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    around_product,
    change_rules,
    customer_named,
    products_like,
    refusals_of,
    refuse,
    refuse_all,
    rules_history,
    show_rules,
    take_back_refusal,
    take_back_refusal_of_all,
    undo_last_rule,
    undo_rules,
)

# the longest first, since some begin with others
OF_CUSTOMERS = {
    "none": ("none", "不给推荐", "不推荐给", "别推荐给", "不要推荐给"),
    "some": ("some", "可以推荐给", "恢复推荐给", "可推荐给"),
    "refused": ("refused", "拒绝过", "不喜欢"),
}
UNDO = ("undo", "撤销", "撤回")
HISTORY = ("history", "历史", "记录")


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            return rules_reply(show_rules(shop))
        case (word,) if word.lower() in UNDO:
            return rules_reply(undo_last_rule(shop, who=request.who))
        case (word, number) if word.lower() in UNDO and number.isdecimal():
            return rules_reply(undo_rules(shop, int(number), who=request.who))
        case (word,) if word.lower() in HISTORY:
            return history_reply(rules_history(shop))
        case ("back" | "no" as word, product, *customer) if product.startswith("#p") and customer:
            change = refuse if word == "no" else take_back_refusal
            return refused_reply(change(shop, " ".join(customer), product, who=request.who))
    of_customer = _of_customer(request.text)
    if of_customer is not None:
        return _for_customer(shop, *of_customer, request.who)
    try:
        return rules_reply(change_rules(shop, request.text, who=request.who, spoken=everywhere))
    except (NotFound, NotAllowed) as error:
        return _one_of_the_products(shop, request.text, error)


def _of_customer(text: str) -> tuple[str, str] | None:
    """What is asked of a customer, and how they are called."""
    for what, words in OF_CUSTOMERS.items():
        for word in words:
            rest = text[len(word) :]
            if text.lower().startswith(word) and (not word.isascii() or rest[:1] in ("", " ")):
                return what, rest.strip()
    return None


def _for_customer(shop: Shop, what: str, text: str, who: str) -> Reply:
    if not text:
        raise NotAllowed(Phrase("Which customer? Write a name or number behind it, such as /rules none K0003."))
    try:
        key = customer_named(shop, text).key
    except (NotFound, NotAllowed) as error:
        return one_of_them(shop, text, f"/rules {what}", error)
    if what == "refused":
        return refusals_reply(refusals_of(shop, key))
    change = refuse_all if what == "none" else take_back_refusal_of_all
    return refused_reply(change(shop, key, who=who))


def _one_of_the_products(shop: Shop, text: str, error: NotFound | NotAllowed) -> Reply:
    """Those that the text may mean, to choose from; raises `error` where it was not about several products."""
    parts = around_product(text)
    if parts is None:
        raise error
    before, product, after = parts
    like = products_like(shop, product)
    if like.total < 2 or str(product) not in str(error):
        raise error
    return which_product_reply(product, like, before, after)


COMMANDS = [
    Command(
        "rules",
        Phrase("what may be recommended: in stock, prices, categories, pins and more"),
        run,
        helpers=only("", *HISTORY, "refused …", "拒绝过* …", "不喜欢* …"),
    )
]
