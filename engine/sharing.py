"""What of reports that may be shared is public; `engine` passes it on."""

from engine.privacy.budget import Budget, Spend
from engine.privacy.report import Entry, PrivateReport, Section
from engine.services.share import (
    MadeReport,
    ReportLine,
    ReportOffer,
    make_report,
    offer_report,
    pass_report_on,
    privacy_budget,
)

__all__ = [
    "Budget",
    "Entry",
    "MadeReport",
    "PrivateReport",
    "ReportLine",
    "ReportOffer",
    "Section",
    "Spend",
    "make_report",
    "offer_report",
    "pass_report_on",
    "privacy_budget",
]
