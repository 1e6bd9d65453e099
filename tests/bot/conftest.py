"""What the tests of the faces share: a browser, where one is installed."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Protocol

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# what is shown once the server has said what there is, or that the page is shut
COME_IN = "#start:not([hidden]), #composer:not([hidden]), #banner:not([hidden])"


class OpenPage(Protocol):
    """Opens a page, which has come in, in a browser of its own kind: `await browser_page(chat.url, locale="zh-CN")`."""

    async def __call__(
        self, url: str, *, width: int = 1280, height: int = 800, locale: str = "en-US", dark: bool = False
    ) -> Page: ...


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium; the test is skipped where none is installed."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(f"no browser is installed (looked for {', '.join(NAMES)})")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield chromium
        await chromium.close()


@pytest.fixture
async def browser_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens pages, each with its own size, locale and colour scheme; the test fails if a script of theirs did."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refused request or a server that is gone is what some tests are about
        if (
            message.type == "error"
            and "Failed to load resource" not in message.text
            and "WebSocket" not in message.text
        ):
            faults.append(message.text)

    async def open_page(
        url: str, *, width: int = 1280, height: int = 800, locale: str = "en-US", dark: bool = False
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note)
        await page.goto(url)
        await page.locator(COME_IN).first.wait_for()
        await page.bring_to_front()
        return page

    yield open_page
    for context in browser.contexts:
        await context.close()
    assert faults == []
