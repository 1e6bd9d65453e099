"""A list for any tool, and for the eye."""

from engine.campaigns.exports import PLAIN, ExportLayout
from engine.phrases import Phrase

LAYOUT = ExportLayout(
    name=PLAIN,
    label=Phrase("a plain list"),
    header=(
        *(Phrase("customer"), Phrase("name"), Phrase("email"), Phrase("phone"), Phrase("version"), Phrase("text")),
        Phrase("subject"),
    ),
    cells=lambda row: (row.customer, row.name, row.email, row.phone, row.version, row.text, row.subject),
)
