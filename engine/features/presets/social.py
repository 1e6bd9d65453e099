"""An account in social media: followers who read, answer and share."""

from engine.features.presets import Preset
from engine.phrases import Phrase

PRESET = Preset(
    name="social",
    label=Phrase("social media"),
    about=Phrase("people see posts, follow, answer, and share"),
    stages={
        "awareness": ("visit", "view", "open"),
        "interest": ("follow", "like", "click", "subscribe", "sign_up"),
        "evaluation": ("comment", "favourite", "search", "trial"),
        "purchase": ("buy",),
        "use": ("post", "login", "use"),
        "loyalty": ("share", "referral", "rating"),
    },
    ratings=("rating", "survey"),
    leaving=("unfollow", "unsubscribe", "complaint"),
    activity=(
        "posts",
        "likes",
        "comments",
        "shares",
        "visits",
        "logins",
        "发帖数",
        "点赞数",
        "评论数",
        "互动次数",
        "活跃天数",
    ),
    held=("followers", "following", "badges", "粉丝数", "关注数", "勋章", "会员等级"),
    satisfaction=("satisfaction", "nps", "sentiment", "满意度", "好感度"),
    signs=("posts", "likes", "comments", "shares", "followers", "following", "发帖", "点赞", "评论数", "转发", "粉丝"),
    deeds=("post", "like", "comment", "share", "follow", "unfollow"),
)
