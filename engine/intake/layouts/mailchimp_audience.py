"""Mailchimp's export of an audience: one file each of those who are subscribed, unsubscribed or cleaned (bounced).

The file itself is the consent, to e-mails: its name or its columns say which of them it is. No orders and no revenue.
Source: Mailchimp help, "View or export contacts".
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine import columns as c
from engine.intake import fields as f
from engine.intake.identity import first_said
from engine.intake.layouts import Known, Reshaped, column
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

_TIMES: Final = ("optintime", "confirmtime")
_TOLD: Final = {
    "unsubscribed": Phrase("These people have unsubscribed in Mailchimp: Zhike will not write to them."),
    "cleaned": Phrase("Mailchimp could not reach these people (cleaned): Zhike will not write to them."),
    "nonsubscribed": Phrase("These people never subscribed in Mailchimp: the file is no consent to be written to."),
    "subscribed": Phrase("Taken as the people who are subscribed in Mailchimp: they agreed to receive e-mails."),
}


def _with_consent(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    which = _which(table)
    new = dict(cells)
    times = [found for word in _TIMES if (found := column(table, word)) is not None]
    if times:
        new[c.JOINED] = first_said(times)
    if which != "nonsubscribed":
        new[f.EMAIL_CONSENT] = Column("", np.zeros(len(table.rows), dtype=np.int32), [which])
    return Reshaped(table, new, (_TOLD[which],))


def _which(table: Table) -> str:
    """By the file's own name, as Mailchimp calls it (unsubscribed_members_export_….csv), else by its columns."""
    called = folded(table.name)
    if "nonsubscribed" in called or "transactional" in called:
        return "nonsubscribed"
    headers = {folded(header) for header in table.headers}
    if "unsubscribed" in called or "unsubtime" in headers:
        return "unsubscribed"
    return "cleaned" if "cleaned" in called or "cleantime" in headers else "subscribed"


LAYOUT = Known(
    name="Mailchimp audience",
    kind="customers",
    platform="Mailchimp",
    needed="emailaddress leid|euid memberrating|lastchanged",
    words={
        c.EMAIL: "emailaddress",
        f.FIRST_NAME: "firstname fname",
        f.LAST_NAME: "lastname lname",
        c.PHONE: "phonenumber phone",
        c.JOINED: "optintime confirmtime",
        c.REGION: "region",
        c.COUNTRY: "cc",
        c.INTERESTS: "tags",
    },
    reshape=_with_consent,
)
