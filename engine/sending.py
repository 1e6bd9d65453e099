"""What of audiences and sending is public; `engine` passes it on."""

from engine.campaigns.exports import ExportLayout, export_layout, export_layouts
from engine.campaigns.mail import Mail
from engine.campaigns.rules import ContactRule
from engine.campaigns.rules.words import EXAMPLES as CONTACT_EXAMPLES
from engine.campaigns.rules.words import PUZZLED as CONTACT_PUZZLED
from engine.campaigns.rules.words import Change as ContactChange
from engine.campaigns.rules.words import channel_meant
from engine.services.approvals import campaign_steps
from engine.services.audiences import (
    Picked,
    audience_by_rule,
    audience_for_product,
    audience_named,
    audience_of_file,
    audience_of_list,
)
from engine.services.by_hand import HandedOver, HandMessage, done_by_hand, next_by_hand
from engine.services.campaign_lists import CampaignList, TakenBack, export_campaign, take_back_list, write_campaign_list
from engine.services.campaign_states import CampaignPage, CampaignState, campaign_states
from engine.services.contact_rules import ContactRules, RuleLine, set_contact_rule, show_contact_rules
from engine.services.first_wave import set_first_wave
from engine.services.learning import Outlook, outlook_for_number, outlook_for_segment
from engine.services.sending import SendReport, send_campaign, send_unknown_again
from engine.services.unsubscribing import Said, ask_for_plain, subscribe, unsubscribe
from engine.services.unsubscribing_many import SaidOfMany, is_opting_out, unsubscribe_file, unsubscribe_told
from engine.services.verdict_news import VerdictNews, note_told, note_untold, verdict_news
from engine.services.wave_newcomers import Newcomers, take_in_newcomers
from engine.services.waves import WaveCard, approve_wave, drop_rest, show_wave
from engine.store.trail import Step
from engine.store.waves import Wave

__all__ = [
    "CONTACT_EXAMPLES",
    "CONTACT_PUZZLED",
    "CampaignList",
    "CampaignPage",
    "CampaignState",
    "ContactChange",
    "ContactRule",
    "ContactRules",
    "ExportLayout",
    "HandMessage",
    "HandedOver",
    "Mail",
    "Newcomers",
    "Outlook",
    "Picked",
    "RuleLine",
    "Said",
    "SaidOfMany",
    "SendReport",
    "Step",
    "TakenBack",
    "VerdictNews",
    "Wave",
    "WaveCard",
    "approve_wave",
    "ask_for_plain",
    "audience_by_rule",
    "audience_for_product",
    "audience_named",
    "audience_of_file",
    "audience_of_list",
    "campaign_states",
    "campaign_steps",
    "channel_meant",
    "done_by_hand",
    "drop_rest",
    "export_campaign",
    "export_layout",
    "export_layouts",
    "is_opting_out",
    "next_by_hand",
    "note_told",
    "note_untold",
    "outlook_for_number",
    "outlook_for_segment",
    "send_campaign",
    "send_unknown_again",
    "set_contact_rule",
    "set_first_wave",
    "show_contact_rules",
    "show_wave",
    "subscribe",
    "take_back_list",
    "take_in_newcomers",
    "unsubscribe",
    "unsubscribe_file",
    "unsubscribe_told",
    "verdict_news",
    "write_campaign_list",
]
