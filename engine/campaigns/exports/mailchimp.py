"""Contacts for Mailchimp's import: its own fields, a tag for the version, and the message as merge fields.

The texts go into a mail as *|MESSAGE|* and *|SUBJECT|*; the field type “text” of Mailchimp takes 255 characters, so
choose “long text” where it asks. Source: Mailchimp help, "Format guidelines for your import file".
"""

from engine.campaigns.exports import ExportLayout
from engine.phrases import Phrase

LAYOUT = ExportLayout(
    name="mailchimp",
    label=Phrase("for Mailchimp"),
    header=("Email Address", "First Name", "Last Name", "Phone Number", "Tags", "SUBJECT", "MESSAGE"),
    cells=lambda row: (
        *(row.email, row.first_name, row.last_name, row.number),
        *(f"zhike-{row.campaign}-{row.version}", row.subject, row.text),
    ),
    needs="email",
)
