"""The settings of this installation. Only this file reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import platformdirs

from engine import Mail, NotAllowed, Phrase

CHECKOUT = Path(__file__).parents[1]
TOKEN_SHAPE = re.compile(r"\d+:[\w-]+")
ADDRESS_SHAPE = re.compile(r"[\x21-\x3f\x41-\x7e]+@[\w.-]+\.[\w-]+", re.ASCII)
SECRET_SHAPE = re.compile(r"[\w-]{1,256}", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """What the founder may set; `None` where Zhike chooses."""

    db: Path
    port: int = 8765
    language: str | None = None
    telegram_token: str | None = None
    base_url: str | None = None
    base_file_url: str | None = None
    webhook_url: str | None = None
    webhook_secret: str | None = None
    mail: Mail | None = None
    key: str | None = None
    key_file: Path | None = None
    shops: Path | None = None

    def __repr__(self) -> str:
        return f"Settings(db={str(self.db)!r}, port={self.port}, language={self.language!r})"


def default_db() -> Path:
    """`data/zhike.db` in a checkout, the user's own data folder when installed."""
    if (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data").is_dir():
        return CHECKOUT / "data" / "zhike.db"
    return Path(platformdirs.user_data_dir("zhike", appauthor=False)) / "zhike.db"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment asks for.

    Raises NotAllowed with all faults at once.
    """
    given = {name: environ[f"ZHIKE_{name}"].strip() for name in _CHECKS if environ.get(f"ZHIKE_{name}", "").strip()}
    faults = [fault for name, value in given.items() if (fault := _CHECKS[name](value)) is not None]
    if "WEBHOOK_URL" in given and "TELEGRAM_TOKEN" not in given:
        faults.append(Phrase("ZHIKE_WEBHOOK_URL needs ZHIKE_TELEGRAM_TOKEN beside it"))
    if "KEY" in given and "KEY_FILE" in given:
        faults.append(Phrase("ZHIKE_KEY and ZHIKE_KEY_FILE are both set; keep one"))
    if any(name.startswith("SMTP_") for name in given):
        faults += _mail_faults(given)
    if faults:
        raise NotAllowed(Phrase("These settings cannot be used: {faults}.", faults=tuple(faults)))
    language = given.get("LANGUAGE")
    return Settings(
        db=Path(given["DB"]).expanduser() if "DB" in given else default_db(),
        port=int(given.get("PORT", "8765")),
        language=None if language is None else language[:2].lower(),
        telegram_token=given.get("TELEGRAM_TOKEN"),
        base_url=given.get("BASE_URL"),
        base_file_url=given.get("BASE_FILE_URL"),
        webhook_url=given.get("WEBHOOK_URL"),
        webhook_secret=given.get("WEBHOOK_SECRET"),
        mail=_mail(given) if "SMTP_HOST" in given else None,
        key=given.get("KEY"),
        key_file=Path(given["KEY_FILE"]).expanduser() if "KEY_FILE" in given else None,
        shops=Path(given["SHOPS"]).expanduser() if "SHOPS" in given else None,
    )


def _mail_faults(given: Mapping[str, str]) -> list[Phrase]:
    """What is missing, or does not go together, for sending mails."""
    faults = [
        Phrase("{name} is missing", name=f"ZHIKE_SMTP_{name}")
        for name in ("HOST", "FROM")
        if f"SMTP_{name}" not in given
    ]
    alone = given.get("SMTP_SECURITY") == "none" and given.get("SMTP_HOST") not in ("localhost", "127.0.0.1", "::1")
    if alone and "SMTP_PASSWORD" in given:
        faults.append(
            Phrase("ZHIKE_SMTP_SECURITY is none, so your password would be sent for all to read; use starttls")
        )
    return faults


def _mail(given: Mapping[str, str]) -> Mail:
    security: Literal["starttls", "tls", "none"] = "starttls"
    match given.get("SMTP_SECURITY", "").lower():
        case "tls" | "ssl":
            security = "tls"
        case "none":
            security = "none"
    usual = {"starttls": "587", "tls": "465", "none": "25"}[security]
    return Mail(
        host=given["SMTP_HOST"],
        sender=given["SMTP_FROM"],
        port=int(given.get("SMTP_PORT", usual)),
        security=security,
        user=given.get("SMTP_USER"),
        password=given.get("SMTP_PASSWORD"),
        reply_to=given.get("SMTP_REPLY_TO"),
        unsubscribe_to=given.get("SMTP_UNSUBSCRIBE_TO"),
        unsubscribe_url=given.get("SMTP_UNSUBSCRIBE_URL"),
        postal=given.get("SMTP_POSTAL_ADDRESS"),
        per_minute=int(given.get("SMTP_PER_MINUTE", "60")),
        timeout=float(given.get("SMTP_TIMEOUT", "30")),
    )


def _number(name: str, least: int, most: int) -> Callable[[str], Phrase | None]:
    def check(value: str) -> Phrase | None:
        if value.isdecimal() and least <= int(value) <= most:
            return None
        return Phrase(
            "{name} is {value}, must be a number from {least} to {most}",
            name=name,
            value=value,
            least=str(least),
            most=str(most),
        )

    return check


def _token(value: str) -> Phrase | None:
    if TOKEN_SHAPE.fullmatch(value):
        return None
    return Phrase("ZHIKE_TELEGRAM_TOKEN does not look like a bot's token (digits, a colon, letters)")


def _url(name: str) -> Callable[[str], Phrase | None]:
    def check(value: str) -> Phrase | None:
        parts = urlsplit(value)
        if parts.scheme in ("http", "https") and parts.hostname:
            return None
        return Phrase("{name} is {value}, must begin with http:// or https://", name=name, value=value)

    return check


def _secret(value: str) -> Phrase | None:
    if SECRET_SHAPE.fullmatch(value):
        return None
    return Phrase("ZHIKE_WEBHOOK_SECRET may hold 1 to 256 letters, digits, _ and - only")


def _language(value: str) -> Phrase | None:
    if value[:2].lower() in ("en", "zh"):
        return None
    return Phrase("ZHIKE_LANGUAGE is {value}, must be en or zh", value=value)


def _address(name: str) -> Callable[[str], Phrase | None]:
    def check(value: str) -> Phrase | None:
        if ADDRESS_SHAPE.fullmatch(parseaddr(value)[1]) and value.isprintable():
            return None
        return Phrase("{name} is {value}, must be an e-mail address", name=name, value=value)

    return check


def _security(value: str) -> Phrase | None:
    if value.lower() in ("starttls", "tls", "ssl", "none"):
        return None
    return Phrase("ZHIKE_SMTP_SECURITY is {value}, must be starttls, tls or none", value=value)


def _one_click(value: str) -> Phrase | None:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname and "{token}" in value and not re.search(r"[\s<>]", value):
        return None
    return Phrase(
        "ZHIKE_SMTP_UNSUBSCRIBE_URL is {value}, must begin with https:// with {token} where the customer's token goes",
        value=value,
        # no password: a blank that the founder has to write
        token="{token}",  # nosec B106
    )


def _anything(value: str) -> Phrase | None:
    return None


_CHECKS = {
    "DB": _anything,
    "SHOPS": _anything,
    "KEY": _anything,
    "KEY_FILE": _anything,
    "PORT": _number("ZHIKE_PORT", 0, 65535),
    "LANGUAGE": _language,
    "TELEGRAM_TOKEN": _token,
    "BASE_URL": _url("ZHIKE_BASE_URL"),
    "BASE_FILE_URL": _url("ZHIKE_BASE_FILE_URL"),
    "WEBHOOK_URL": _url("ZHIKE_WEBHOOK_URL"),
    "WEBHOOK_SECRET": _secret,
    "SMTP_HOST": _anything,
    "SMTP_PORT": _number("ZHIKE_SMTP_PORT", 1, 65535),
    "SMTP_SECURITY": _security,
    "SMTP_USER": _anything,
    "SMTP_PASSWORD": _anything,
    "SMTP_FROM": _address("ZHIKE_SMTP_FROM"),
    "SMTP_REPLY_TO": _address("ZHIKE_SMTP_REPLY_TO"),
    "SMTP_UNSUBSCRIBE_TO": _address("ZHIKE_SMTP_UNSUBSCRIBE_TO"),
    "SMTP_UNSUBSCRIBE_URL": _one_click,
    "SMTP_POSTAL_ADDRESS": _anything,
    "SMTP_PER_MINUTE": _number("ZHIKE_SMTP_PER_MINUTE", 1, 100_000),
    "SMTP_TIMEOUT": _number("ZHIKE_SMTP_TIMEOUT", 1, 600),
}
