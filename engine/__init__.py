"""Zhike's engine: the domain, without a face. The names here are public; everything else may change."""

from engine.campaigns.drafts import CampaignLine, Draft
from engine.campaigns.templates import Goal
from engine.errors import Cancelled, EngineError, NotAllowed, NotFound, StoreError
from engine.experiments.policies import policies, policy_named
from engine.experiments.verdict import Verdict
from engine.intake import Receipt
from engine.intake.choices import KINDS
from engine.intake.fields import WORDS
from engine.intake.proposal import Guess
from engine.phrases import ENGLISH, Language, Money, Name, Phrase, counted
from engine.progress import Progress, silent
from engine.services.campaigns import (
    approve_campaign,
    draft_campaign,
    drop_campaign,
    export_campaign,
    goals,
    list_campaigns,
    sample_texts,
    show_campaign,
)
from engine.services.chats import has_owner, pair_owner, paired_chat, set_awaited, set_language
from engine.services.choosing import said_columns
from engine.services.customers import (
    CustomerCard,
    CustomerList,
    CustomerRow,
    customer_card,
    has_customers,
    list_customers,
)
from engine.services.demo import is_demo, load_demo
from engine.services.imports import import_file
from engine.services.inbox import (
    begin_update,
    delivered_parts,
    finish_update,
    note_delivered,
    receive_update,
    waiting_updates,
)
from engine.services.outcomes import OutcomeReceipt, record_counts, record_people
from engine.services.recommend import Recommendations, recommend_for
from engine.services.results import Results, VariantResult, campaign_results, latest_campaign_id
from engine.services.segments import (
    SegmentMembers,
    SegmentReport,
    export_segment,
    find_segments,
    segment_members,
    segment_named,
)
from engine.services.upkeep import back_up, chat_of, check_store
from engine.services.waiting import (
    ImportColumns,
    MappingCard,
    ask_next_time,
    columns_of_import,
    drop_waiting,
    import_or_ask,
    import_waiting,
    set_column,
    set_day_first,
    set_kind,
    show_columns,
    try_file,
)
from engine.services.whom import Namesakes, customer_named, customers_like
from engine.shop import Shop
from engine.store.chats import Chat
from engine.store.customers import Customer
from engine.store.segments import StoredSegment

__all__ = [
    "ENGLISH",
    "KINDS",
    "WORDS",
    "CampaignLine",
    "Cancelled",
    "Chat",
    "Customer",
    "CustomerCard",
    "CustomerList",
    "CustomerRow",
    "Draft",
    "EngineError",
    "Goal",
    "Guess",
    "ImportColumns",
    "Language",
    "MappingCard",
    "Money",
    "Name",
    "Namesakes",
    "NotAllowed",
    "NotFound",
    "OutcomeReceipt",
    "Phrase",
    "Progress",
    "Receipt",
    "Recommendations",
    "Results",
    "SegmentMembers",
    "SegmentReport",
    "Shop",
    "StoreError",
    "StoredSegment",
    "VariantResult",
    "Verdict",
    "approve_campaign",
    "ask_next_time",
    "back_up",
    "begin_update",
    "campaign_results",
    "chat_of",
    "check_store",
    "columns_of_import",
    "counted",
    "customer_card",
    "customer_named",
    "customers_like",
    "delivered_parts",
    "draft_campaign",
    "drop_campaign",
    "drop_waiting",
    "export_campaign",
    "export_segment",
    "find_segments",
    "finish_update",
    "goals",
    "has_customers",
    "has_owner",
    "import_file",
    "import_or_ask",
    "import_waiting",
    "is_demo",
    "latest_campaign_id",
    "list_campaigns",
    "list_customers",
    "load_demo",
    "note_delivered",
    "pair_owner",
    "paired_chat",
    "policies",
    "policy_named",
    "receive_update",
    "recommend_for",
    "record_counts",
    "record_people",
    "said_columns",
    "sample_texts",
    "segment_members",
    "segment_named",
    "set_awaited",
    "set_column",
    "set_day_first",
    "set_kind",
    "set_language",
    "show_campaign",
    "show_columns",
    "silent",
    "try_file",
    "waiting_updates",
]
