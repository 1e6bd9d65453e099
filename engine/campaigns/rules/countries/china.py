"""China: the personal information law (PIPL, Art. 13-15, 24), Order 31 of the MIIT (2015) on SMS."""

from engine.campaigns.rules import Country
from engine.phrases import Name, Phrase

COUNTRIES = (
    Country(
        "CN",
        Name("China", "中国"),
        ("中国大陆", "中华人民共和国", "china mainland", "mainland china", "prc", "chn", "people's republic of china"),
        (8, 8),
        {
            "email": {
                "consent": "agreed",
                "why": (Phrase("PIPL: who agreed; whoever asks for no personalisation gets the plain text"),),
            },
            "sms": {
                "consent": "agreed",
                "why": (Phrase("MIIT Order 31: who agreed, with 【signature】 and a way out such as 拒收请回复R"),),
            },
        },
    ),
)
