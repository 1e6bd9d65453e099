"""What of audiences and sending is public; `engine` passes it on."""

from engine.campaigns.exports import ExportLayout, export_layouts
from engine.campaigns.rules import CHANNELS
from engine.services.approvals import campaign_steps
from engine.services.campaign_lists import CampaignList, export_campaign, take_back_list, write_campaign_list

__all__ = [
    "CHANNELS",
    "CampaignList",
    "ExportLayout",
    "campaign_steps",
    "export_campaign",
    "export_layouts",
    "take_back_list",
    "write_campaign_list",
]
