"""The United States (CAN-SPAM, TCPA) and Canada (CASL)."""

from engine.campaigns.rules import Country, Quiet
from engine.phrases import Name, Phrase

COUNTRIES = (
    Country(
        "US",
        Name("the United States", "美国"),
        ("usa", "u.s", "u.s.a", "united states", "united states of america", "america"),
        (-10, -4),  # Hawaii to the east in summer
        {
            "email": {
                "consent": "anyone",
                "postal": True,
                "why": (
                    Phrase("CAN-SPAM: anybody may be written to until they object; each message has a postal address"),
                ),
            },
            "sms": {
                "consent": "agreed",
                "quiet": Quiet(21, 8),
                "why": (Phrase("TCPA: a written yes beforehand, and only from 8:00 to 21:00 where the customer is"),),
            },
        },
    ),
    Country(
        "CA",
        Name("Canada", "加拿大"),
        (),
        (-8, -2.5),  # British Columbia to Newfoundland in summer
        {
            "email": {
                "consent": "bought",
                "bought_days": 730,
                "postal": True,
                "why": (Phrase("CASL: who agreed, or bought within two years; each message has a postal address"),),
            },
            "sms": {
                "consent": "bought",
                "bought_days": 730,
                "why": (Phrase("CASL: who agreed, or bought within two years"),),
            },
        },
    ),
)
