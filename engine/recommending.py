"""What of recommendations is public; `engine` passes it on."""

from engine.recommend.rule_sentences import VARIETY, VARIETY_WORDS
from engine.recommend.rule_words import EXAMPLES as RULE_EXAMPLES
from engine.recommend.rule_words import around_product
from engine.services.meant import Meanings, Meant, meanings, segment_meant
from engine.services.recommend import (
    Recommendation,
    Recommendations,
    recommend_for,
    recommend_mix,
    refresh_recommendations,
    set_recommend_mix,
)
from engine.services.recommend_due import DueLine, DueList, due_audience, due_list, export_due
from engine.services.recommend_people import GroupRecommendations, Wish, export_recommendations, recommend_for_segment
from engine.services.recommend_who import WhoFor, export_who, product_audience, who_for_product
from engine.services.recommendation_rules import (
    RulesCard,
    RulesThen,
    change_rules,
    rules_history,
    show_rules,
    undo_last_rule,
    undo_rules,
)
from engine.services.refusals import (
    Refusals,
    Refused,
    RefusedProduct,
    refusals_of,
    refuse,
    refuse_all,
    take_back_refusal,
    take_back_refusal_of_all,
)
from engine.services.similar import SimilarProducts, similar_to
from engine.services.which_product import ProductsLike, product_named, product_ref, products_like
from engine.services.wishes import NoProducts
from engine.store.due_purchases import DuePurchase
from engine.store.similar_products import SimilarProduct
from engine.store.who_for import Wanting

__all__ = [
    "RULE_EXAMPLES",
    "VARIETY",
    "VARIETY_WORDS",
    "DueLine",
    "DueList",
    "DuePurchase",
    "GroupRecommendations",
    "Meanings",
    "Meant",
    "NoProducts",
    "ProductsLike",
    "Recommendation",
    "Recommendations",
    "Refusals",
    "Refused",
    "RefusedProduct",
    "RulesCard",
    "RulesThen",
    "SimilarProduct",
    "SimilarProducts",
    "Wanting",
    "WhoFor",
    "Wish",
    "around_product",
    "change_rules",
    "due_audience",
    "due_list",
    "export_due",
    "export_recommendations",
    "export_who",
    "meanings",
    "product_audience",
    "product_named",
    "product_ref",
    "products_like",
    "recommend_for",
    "recommend_for_segment",
    "recommend_mix",
    "refresh_recommendations",
    "refusals_of",
    "refuse",
    "refuse_all",
    "rules_history",
    "segment_meant",
    "set_recommend_mix",
    "show_rules",
    "similar_to",
    "take_back_refusal",
    "take_back_refusal_of_all",
    "undo_last_rule",
    "undo_rules",
    "who_for_product",
]
