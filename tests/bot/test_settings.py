"""What the environment may ask for, and what it is told when it asks wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import CHECKOUT, read_settings
from engine import NotAllowed


def test_nothing_set_means_the_local_chat_on_the_usual_port() -> None:
    settings = read_settings({})
    assert settings.db == CHECKOUT / "data" / "zhike.db"
    assert settings.port == 8765
    assert settings.telegram_token is settings.webhook_url is settings.language is None


def test_everything_is_read() -> None:
    settings = read_settings(
        {
            "ZHIKE_DB": "/tmp/a.db",
            "ZHIKE_PORT": "9000",
            "ZHIKE_LANGUAGE": "zh-CN",
            "ZHIKE_TELEGRAM_TOKEN": "123:abc",
            "ZHIKE_BASE_URL": "http://127.0.0.1:1/bot",
            "ZHIKE_BASE_FILE_URL": "http://127.0.0.1:1/file/bot",
            "ZHIKE_WEBHOOK_URL": "https://shop.example/hook",
            "ZHIKE_WEBHOOK_SECRET": "s3cret_-",
        }
    )
    assert settings.db == Path("/tmp/a.db")
    assert (settings.port, settings.language, settings.telegram_token) == (9000, "zh", "123:abc")
    assert (settings.webhook_url, settings.webhook_secret) == ("https://shop.example/hook", "s3cret_-")


def test_the_token_is_not_in_the_repr() -> None:
    settings = read_settings({"ZHIKE_TELEGRAM_TOKEN": "123:abc", "ZHIKE_WEBHOOK_SECRET": "s3cret"})
    assert "abc" not in repr(settings)
    assert "s3cret" not in repr(settings)


def test_all_faults_are_told_at_once_and_without_the_secret() -> None:
    with pytest.raises(NotAllowed) as told:
        read_settings(
            {
                "ZHIKE_PORT": "many",
                "ZHIKE_LANGUAGE": "fr",
                "ZHIKE_TELEGRAM_TOKEN": "my token",
                "ZHIKE_WEBHOOK_SECRET": "with blanks",
                "ZHIKE_WEBHOOK_URL": "shop.example",
            }
        )
    sentence = str(told.value)
    for word in ("ZHIKE_PORT", "ZHIKE_LANGUAGE", "ZHIKE_TELEGRAM_TOKEN", "ZHIKE_WEBHOOK_SECRET", "ZHIKE_WEBHOOK_URL"):
        assert word in sentence
    assert "my token" not in sentence
    assert "with blanks" not in sentence


def test_a_webhook_needs_a_token() -> None:
    with pytest.raises(NotAllowed, match="needs ZHIKE_TELEGRAM_TOKEN"):
        read_settings({"ZHIKE_WEBHOOK_URL": "https://shop.example/hook"})
