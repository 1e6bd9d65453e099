"""Which tables hold what of a person: by it they are forgotten, and by it they get their own data.

A table that is missing here fails a test: a new one has to say what becomes of its rows when somebody is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Then = Literal["deleted", "kept"]

# who is spoken of: `listed` makes these tables
PERSONS: Final = "customer_id IN (SELECT id FROM temp.persons)"
KEYS: Final = "identity_id IN (SELECT id FROM temp.person_keys)"
OF_RUN: Final = f"run_id IN (SELECT id FROM runs) AND {PERSONS}"
OF_CAMPAIGN: Final = f"campaign_id IN (SELECT id FROM campaigns) AND {PERSONS}"


@dataclass(frozen=True)
class Personal:
    """A table with rows of persons, those of which `where` holds.

    deleted  its rows go
    kept     what the shop's sums are made of stays, as of nobody; rows of campaigns that never went out go
    `order` of a person's rows for themselves; `hidden` columns tell nothing about them, such as their place in a table.
    """

    where: str
    then: Then = "deleted"
    order: str = "rowid"
    hidden: tuple[str, ...] = ()


_OF_WISH = ("id", "identity_id", "who", "taken_back_by", "cause")
_OF_MESSAGE = ("customer_id", "variant_id", "draw_id", "position", "propensity", "parts", "plain")
_RUN = Personal(OF_RUN, order="run_id", hidden=("customer_id",))

# children first
PERSONAL: Final[dict[str, Personal]] = {
    "answers": Personal(PERSONS, order="attribute_id", hidden=("customer_id", "identity_id", "number")),
    "consents": Personal(PERSONS, order="id", hidden=("id", "customer_id", "identity_id")),
    "refusals": Personal(
        KEYS, order="id", hidden=("id", "identity_id", "who", "taken_back_by", "cause", "taken_back_cause")
    ),
    "plain_only": Personal(KEYS, order="id", hidden=_OF_WISH),
    "memberships": _RUN,
    "standings": _RUN,
    "stage_changes": Personal(OF_RUN, order="run_id, day", hidden=("customer_id",)),
    "forecasts": _RUN,
    "recommendations": Personal(OF_RUN, order="run_id, again, rank", hidden=("customer_id", "score", "ranker")),
    "updated_customers": Personal(OF_RUN, order="run_id", hidden=("run_id", "customer_id")),
    "who_for_products": Personal(PERSONS, order="run_id, rank", hidden=("customer_id", "score", "ranker")),
    "due_purchases": _RUN,
    "contexts": Personal(OF_CAMPAIGN, order="campaign_id", hidden=("customer_id",)),
    "reserves": Personal(OF_CAMPAIGN, order="campaign_id", hidden=_OF_MESSAGE),
    "deliveries": Personal(OF_CAMPAIGN, "kept", order="campaign_id", hidden=("customer_id", "token", "attempts")),
    "sends": Personal(OF_CAMPAIGN, "kept", order="campaign_id", hidden=_OF_MESSAGE),
    "holdouts": Personal(OF_CAMPAIGN, "kept", order="campaign_id", hidden=("customer_id",)),
    "exclusions": Personal(OF_CAMPAIGN, "kept", order="campaign_id", hidden=("customer_id",)),
    "outcomes": Personal(OF_CAMPAIGN, "kept", order="campaign_id", hidden=("customer_id",)),
    "bought": Personal(OF_CAMPAIGN, "kept", order="campaign_id", hidden=("customer_id",)),
    "events": Personal(PERSONS, "kept", order="at, id", hidden=("id", "customer_id", "identity_id", "of_sale")),
    "order_places": Personal(f"order_id IN (SELECT id FROM orders WHERE {PERSONS})", order="order_id"),
    "lines": Personal(
        f"order_id IN (SELECT id FROM orders WHERE {PERSONS})", "kept", order="order_id, line", hidden=("line",)
    ),
    "orders": Personal(PERSONS, "kept", order="at, id", hidden=("id", "customer_id", "identity_id", "n_lines")),
    "pairs": Personal(
        "a IN (SELECT id FROM temp.person_keys) OR b IN (SELECT id FROM temp.person_keys)",
        order="id",
        hidden=("id", "a", "b", "who"),
    ),
    "identity_keys": Personal(KEYS, order="identity_id", hidden=("identity_id",)),
    "identities": Personal(
        "id IN (SELECT id FROM temp.person_keys)",
        order="id",
        hidden=("id", "customer_id", "home_id", "label"),
    ),
    "customers": Personal("id IN (SELECT id FROM temp.persons)", order="id", hidden=("id", "merged_into")),
}

# Texts that may name somebody: the columns that are looked through, and what is taken out. Of a `row` of CSV all
# goes; of others, which may be JSON, each text that names a forgotten person.
SEARCHED: Final[dict[str, tuple[str, ...]]] = {
    "imports": ("name", "receipt"),
    "rejected_rows": ("text",),
    "waiting_files": ("name", "card"),
    "campaigns": ("notes", "segment_name"),
    "segments": ("name", "sentence", "rules"),
    "segment_facts": ("facts",),
    "segment_drawings": ("drawing",),
    "runs": ("settings", "quality"),
    "matchings": ("found",),
    "chats": ("state",),
    "inbox": ("payload",),
    "private_reports": ("for_whom",),
    "private_report_copies": ("for_whom",),
}
ROWS_OF_CSV: Final = ("rejected_rows",)

# Gone with anybody who goes: vectors of customers, which are learned anew.
EMPTIED: Final = ("kept_models",)

# No row of these is of one of the shop's customers.
IMPERSONAL: Final[dict[str, str]] = {
    "_sqlite_migrations": "which steps the store has taken",
    "sqlite_sequence": "the last number of each table",
    "meta": "small facts of the whole shop",
    "attributes": "what is asked, not what is answered",
    "column_choices": "what the columns of files are",
    "import_headers": "what the columns of files are called",
    "products": "goods",
    "product_attributes": "goods",
    "treatments": "how gaps in a column are filled",
    "recommendation_rules": "the owner's rules for goods",
    "owner_rules": "the owner's rules for groups",
    "rule_segments": "which run holds which rule",
    "contact_rules": "the owner's rules of sending",
    "templates": "texts with gaps for what is a person's",
    "variants": "texts with gaps for what is a person's",
    "draws": "chances of versions",
    "waves": "counts",
    "tallies": "counts",
    "told_reports": "counts",
    "verdicts": "what counts have shown",
    "learning_plans": "counts",
    "matching_settings": "how a campaign is looked up",
    "run_predecessors": "which run follows which",
    "segment_predecessors": "which group follows which",
    "segment_flows": "counts",
    "stage_counts": "counts",
    "fitted_products": "counts",
    "similar_products": "goods",
    "wordings": "wordings of reasons",
    "allowed_groups": "where the shop's own people talk",
    "pairing_codes": "codes of the shop's own people",
    "shops": "names of shops, in the store of a bot that many share",
    "members": "the shops' own people, in the store of a bot that many share",
    "shop_groups": "groups that an owner allowed",
    "guests_changed": "a count",
    "pairing_tries": "chat users who tried a code",
    "pools": "sums of several shops",
    "pool_files": "encrypted sums of several shops",
    "pool_identity": "the shop's own signature",
    "trail": "numbers that mean nobody once a person is forgotten",
    "forgettings": "how many were forgotten, and when",
    "suppressions": "keyed hashes",
    "retention": "how long things are kept",
}
