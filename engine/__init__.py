"""Zhike's engine: the domain, without a face. The names here are public; everything else may change."""

from engine import keeping, letting_in, outcomes_of_orders, personal, pooling, recommending, sending, sharing
from engine.campaigns.channels import Channel, channel_named, channels
from engine.campaigns.drafts import CampaignLine, Draft, Sample, SmsCost
from engine.campaigns.templates import Goal
from engine.errors import Cancelled, EngineError, NotAllowed, NotFound, StoreError
from engine.experiments.modes import DEFAULT as USUAL_WAY
from engine.experiments.modes import Way, way_named, ways
from engine.experiments.policies import policies, policy_named
from engine.experiments.verdict import Verdict
from engine.features.presets import STAGES
from engine.intake import KeptColumn, Receipt
from engine.intake.choices import KINDS
from engine.intake.evidence import Finding
from engine.intake.fields import WORDS
from engine.intake.limits import Limit
from engine.intake.proposal import Guess
from engine.intake.timeline import Timeline
from engine.keeping import *  # noqa: F403 - passed on as they are
from engine.letting_in import *  # noqa: F403 - passed on as they are
from engine.lifecycle.worth import Brought, Estimate, Group
from engine.missing.treatments import treatment_words
from engine.missing.uses import Use as MissingUse
from engine.outcomes_of_orders import *  # noqa: F403 - passed on as they are
from engine.personal import *  # noqa: F403 - passed on as they are
from engine.phrases import ENGLISH, Language, Money, Name, Phrase, counted, in_people, in_percent
from engine.pooling import *  # noqa: F403 - passed on as they are
from engine.progress import Progress, silent
from engine.recommending import *  # noqa: F403 - passed on as they are
from engine.segments.called import METHODS as SEGMENT_METHODS
from engine.segments.called import method_called
from engine.segments.facts import Drawing as SegmentDrawing
from engine.segments.facts import Facts as SegmentFacts
from engine.sending import *  # noqa: F403 - passed on as they are
from engine.services.bases import BasisChoice, bases_named, basis_choices
from engine.services.campaigns import (
    SampleText,
    approve_campaign,
    draft_campaign,
    drop_campaign,
    goals,
    list_campaigns,
    sample_texts,
    show_campaign,
    undo_approval,
)
from engine.services.chats import has_owner, owners_chats, pair_owner, paired_chat, set_awaited, set_language
from engine.services.choosing import said_columns
from engine.services.customer_table import CustomerTable, export_features
from engine.services.customers import (
    CustomerCard,
    CustomerList,
    CustomerRow,
    Engagement,
    customer_card,
    has_customers,
    list_customers,
)
from engine.services.demo import is_demo, load_demo
from engine.services.evaluate import evaluate
from engine.services.evaluations import Bar, Chart, Evaluation, Row, evaluations
from engine.services.exports import Exported, export_shop
from engine.services.holdout_money import HoldoutMoney
from engine.services.identity import SamePeople, Settled, count_as_one, count_as_two, same_people
from engine.services.imports import import_file
from engine.services.inbox import Inbox, waiting_updates
from engine.services.lifecycle import GroupLine, LifecycleReport, Move, StageLine, StageMonth, find_stages
from engine.services.lifecycle_people import (
    CustomerStage,
    StagePeople,
    StagePerson,
    StageThen,
    export_lifecycle,
    lifecycle_audience,
    lifecycle_group_named,
    lifecycle_groups,
    lifecycle_people,
)
from engine.services.message_settings import MessageSettings, message_settings, set_message_setting
from engine.services.missing import Choice as MissingChoice
from engine.services.missing import (
    MissingDetail,
    MissingField,
    MissingReport,
    clear_treatment,
    missing_field,
    missing_report,
    set_treatment,
)
from engine.services.outcomes import OutcomeReceipt, record_counts, record_people
from engine.services.presets import PresetCard, choose_preset, kind_words, preset_labels, preset_names, show_preset
from engine.services.quality import QualityReport, data_quality, quality_sheet
from engine.services.results import Results, VariantResult, campaign_results, latest_campaign_id
from engine.services.sales import SalesReport, Sold, sales_report
from engine.services.segment_moves import MoverList, SegmentMoves, export_movers, segment_movers
from engine.services.segment_places import Places, PlaceShare
from engine.services.segment_rules import DroppedRule, RuleSegment, drop_rule, owner_rules, rule_named, save_rule
from engine.services.segments import (
    SegmentMembers,
    SegmentReport,
    export_segment,
    find_segments,
    last_bases,
    latest_segments,
    segment_members,
    segment_methods,
    segment_named,
)
from engine.services.templates import (
    TemplateCard,
    TemplateLine,
    TemplateVersion,
    back_to_version,
    drop_template,
    list_templates,
    new_template,
    show_template,
    template_versions,
    write_template,
)
from engine.services.value import (
    CardForecast,
    PeopleList,
    ValueReport,
    export_value,
    value_people,
    value_report,
)
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
from engine.services.whom import Namesakes, customer_named, customer_ref, customers_like
from engine.sharing import *  # noqa: F403 - passed on as they are
from engine.shop import Shop
from engine.store.attributes import Answer
from engine.store.chats import Chat
from engine.store.customers import Customer
from engine.store.events import PastEvent
from engine.store.forecasts import CustomerForecast, DayEstimate, Expected
from engine.store.orders import Product
from engine.store.pairs import Side, StoredPair
from engine.store.segments import StoredSegment

__all__ = [
    "ENGLISH",
    "KINDS",
    "SEGMENT_METHODS",
    "STAGES",
    "USUAL_WAY",
    "WORDS",
    "Answer",
    "Bar",
    "BasisChoice",
    "Brought",
    "CampaignLine",
    "Cancelled",
    "CardForecast",
    "Channel",
    "Chart",
    "Chat",
    "Customer",
    "CustomerCard",
    "CustomerForecast",
    "CustomerList",
    "CustomerRow",
    "CustomerStage",
    "CustomerTable",
    "DayEstimate",
    "Draft",
    "DroppedRule",
    "Engagement",
    "EngineError",
    "Estimate",
    "Evaluation",
    "Expected",
    "Exported",
    "Finding",
    "Goal",
    "Group",
    "GroupLine",
    "Guess",
    "HoldoutMoney",
    "ImportColumns",
    "Inbox",
    "KeptColumn",
    "Language",
    "LifecycleReport",
    "Limit",
    "MappingCard",
    "MessageSettings",
    "MissingChoice",
    "MissingDetail",
    "MissingField",
    "MissingReport",
    "MissingUse",
    "Money",
    "Move",
    "MoverList",
    "Name",
    "Namesakes",
    "NotAllowed",
    "NotFound",
    "OutcomeReceipt",
    "PastEvent",
    "PeopleList",
    "Phrase",
    "PlaceShare",
    "Places",
    "PresetCard",
    "Product",
    "Progress",
    "QualityReport",
    "Receipt",
    "Results",
    "Row",
    "RuleSegment",
    "SalesReport",
    "SamePeople",
    "Sample",
    "SampleText",
    "SegmentDrawing",
    "SegmentFacts",
    "SegmentMembers",
    "SegmentMoves",
    "SegmentReport",
    "Settled",
    "Shop",
    "Side",
    "SmsCost",
    "Sold",
    "StageLine",
    "StageMonth",
    "StagePeople",
    "StagePerson",
    "StageThen",
    "StoreError",
    "StoredPair",
    "StoredSegment",
    "TemplateCard",
    "TemplateLine",
    "TemplateVersion",
    "Timeline",
    "ValueReport",
    "VariantResult",
    "Verdict",
    "Way",
    "approve_campaign",
    "ask_next_time",
    "back_to_version",
    "bases_named",
    "basis_choices",
    "campaign_results",
    "channel_named",
    "channels",
    "choose_preset",
    "clear_treatment",
    "columns_of_import",
    "count_as_one",
    "count_as_two",
    "counted",
    "customer_card",
    "customer_named",
    "customer_ref",
    "customers_like",
    "data_quality",
    "draft_campaign",
    "drop_campaign",
    "drop_rule",
    "drop_template",
    "drop_waiting",
    "evaluate",
    "evaluations",
    "export_features",
    "export_lifecycle",
    "export_movers",
    "export_segment",
    "export_shop",
    "export_value",
    "find_segments",
    "find_stages",
    "goals",
    "has_customers",
    "has_owner",
    "import_file",
    "import_or_ask",
    "import_waiting",
    "in_people",
    "in_percent",
    "is_demo",
    "kind_words",
    "last_bases",
    "latest_campaign_id",
    "latest_segments",
    "lifecycle_audience",
    "lifecycle_group_named",
    "lifecycle_groups",
    "lifecycle_people",
    "list_campaigns",
    "list_customers",
    "list_templates",
    "load_demo",
    "message_settings",
    "method_called",
    "missing_field",
    "missing_report",
    "new_template",
    "owner_rules",
    "owners_chats",
    "pair_owner",
    "paired_chat",
    "policies",
    "policy_named",
    "preset_labels",
    "preset_names",
    "quality_sheet",
    "record_counts",
    "record_people",
    "rule_named",
    "said_columns",
    "sales_report",
    "same_people",
    "sample_texts",
    "save_rule",
    "segment_members",
    "segment_methods",
    "segment_movers",
    "segment_named",
    "set_awaited",
    "set_column",
    "set_day_first",
    "set_kind",
    "set_language",
    "set_message_setting",
    "set_treatment",
    "show_campaign",
    "show_columns",
    "show_preset",
    "show_template",
    "silent",
    "template_versions",
    "treatment_words",
    "try_file",
    "undo_approval",
    "value_people",
    "value_report",
    "waiting_updates",
    "way_named",
    "ways",
    "write_template",
]
__all__ += keeping.__all__
__all__ += letting_in.__all__
__all__ += outcomes_of_orders.__all__
__all__ += personal.__all__
__all__ += pooling.__all__
__all__ += recommending.__all__
__all__ += sending.__all__
__all__ += sharing.__all__
