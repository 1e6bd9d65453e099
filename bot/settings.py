"""The settings of this installation. Only this file reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from engine import NotAllowed, Phrase

CHECKOUT = Path(__file__).parents[1]
TOKEN_SHAPE = re.compile(r"\d+:[\w-]+")
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
    )


def _port(value: str) -> Phrase | None:
    if value.isdecimal() and int(value) <= 65535:
        return None
    return Phrase("ZHIKE_PORT is {value}, must be a number from 0 to 65535", value=value)


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


def _anything(value: str) -> Phrase | None:
    return None


_CHECKS = {
    "DB": _anything,
    "PORT": _port,
    "LANGUAGE": _language,
    "TELEGRAM_TOKEN": _token,
    "BASE_URL": _url("ZHIKE_BASE_URL"),
    "BASE_FILE_URL": _url("ZHIKE_BASE_FILE_URL"),
    "WEBHOOK_URL": _url("ZHIKE_WEBHOOK_URL"),
    "WEBHOOK_SECRET": _secret,
}
