"""What of outcomes found in orders is public; `engine` passes it on."""

from engine.intake.receipt import CampaignNews
from engine.services.matching import OrdersOfCampaign, all_orders_known, set_window, use_outcomes
from engine.services.recipient_reports import campaign_of_report

__all__ = ["CampaignNews", "OrdersOfCampaign", "all_orders_known", "campaign_of_report", "set_window", "use_outcomes"]
