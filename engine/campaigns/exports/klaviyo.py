"""Profiles for Klaviyo's import of a list; what it does not know by itself becomes a property of the profile.

The texts go into a mail as {{ person.zhike_message }}. No column claims consent: what Klaviyo knows of it stays.
Source: Klaviyo help, "How to format your CSV to import contacts".
"""

from engine.campaigns.exports import ExportLayout
from engine.phrases import Phrase

LAYOUT = ExportLayout(
    name="klaviyo",
    label=Phrase("for Klaviyo"),
    header=(
        *("Email", "First Name", "Last Name", "Phone Number"),
        *("zhike_campaign", "zhike_version", "zhike_subject", "zhike_message"),
    ),
    cells=lambda row: (
        *(row.email, row.first_name, row.last_name, row.number),
        *(str(row.campaign), row.version, row.subject, row.text),
    ),
    needs="email",
)
