"""The page in a real browser."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, WebSocketRoute, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto

from bot.localchat import LocalChat
from tests.bot.conftest import OpenPage
from tests.bot.localchat.conftest import ME, TOKEN, Person, bot_of, picture, running

pytestmark = pytest.mark.browser

KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", callback_data="n")]]
)
DROP = """name => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["a,b\\n1,2\\n"], name, { type: "text/csv" }));
    const fire = type => document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true }));
    fire("dragenter");
    const shown = !document.querySelector("[data-testid=drop]").hidden;
    fire("drop");
    return shown;
}"""


def part(page: Page, name: str) -> Locator:
    return page.get_by_test_id(name)


async def type_text(page: Page, text: str) -> None:
    await part(page, "composer").fill(text)
    await page.keyboard.press("Enter")


async def is_focused(page: Page, name: str) -> None:
    """Waits for the page's own focus: whether its window has the machine's is not the page's to say.

    Asked again and again, since the page's policy forbids the eval that wait_for_function may use.
    """
    async with asyncio.timeout(5):
        while await page.evaluate("document.activeElement.dataset.testid") != name:
            await asyncio.sleep(0.02)


async def test_start_sends_the_code_and_makes_way(tmp_path: Path, browser_page: OpenPage) -> None:
    async with running(LocalChat(tmp_path, port=0, token=TOKEN, start_parameter="ABC123")) as chat:
        page = await browser_page(chat.url, locale="zh-CN")
        await expect(part(page, "start")).to_have_text("开始")
        await expect(part(page, "composer")).to_be_hidden()
        assert await page.evaluate(DROP, "early.csv")
        await expect(part(page, "alert")).to_contain_text("请先按“开始”")
        await page.keyboard.press("Escape")
        await part(page, "start").click()
        await expect(part(page, "message")).to_contain_text("/start ABC123")
        await expect(part(page, "start")).to_be_hidden()
        await is_focused(page, "composer")
        again = await browser_page(chat.url)
        await expect(part(again, "composer")).to_be_visible()


async def test_after_start_one_can_write_at_once_though_the_answer_comes_late(
    chat: LocalChat, browser_page: OpenPage
) -> None:
    """What was sent is shown by one connection, and its arrival is answered by another."""
    page, held = await browser_page(chat.url), asyncio.Event()

    async def answer(route: Route) -> None:
        answered = await route.fetch()
        await held.wait()
        await route.fulfill(response=answered)

    await page.route("**/chat/send", answer)
    await part(page, "start").click()
    await expect(part(page, "message")).to_contain_text("/start")
    await is_focused(page, "composer")
    held.set()


async def test_after_start_one_can_write_at_once_though_the_message_comes_late(
    chat: LocalChat, browser_page: OpenPage
) -> None:
    page, held = await browser_page(chat.url), asyncio.Event()

    def events(line: WebSocketRoute) -> None:
        async def tell(event: str | bytes) -> None:
            if '"sync"' not in str(event):
                await held.wait()
            line.send(event)

        line.connect_to_server().on_message(tell)

    await page.route_web_socket("**/chat/events", events)
    await page.reload()
    async with page.expect_response("**/chat/send"):
        await part(page, "start").click()
    await page.evaluate("new Promise(done => setTimeout(done, 50))")
    await expect(part(page, "composer")).to_be_hidden()
    held.set()
    await expect(part(page, "composer")).to_be_visible()
    await is_focused(page, "composer")


async def test_a_shut_page_says_why_it_takes_no_file(chat: LocalChat, browser_page: OpenPage) -> None:
    link = chat.url
    await browser_page(link)
    shut = await browser_page(link)
    await expect(part(shut, "banner")).to_contain_text("This link was used before")
    await shut.evaluate(DROP, "orders.csv")
    await expect(part(shut, "alert")).to_contain_text("This link was used before")


async def test_without_a_code_start_is_just_start(chat: LocalChat, browser_page: OpenPage) -> None:
    page = await browser_page(chat.url)
    await expect(part(page, "start")).to_have_text("START")
    await part(page, "start").click()
    await expect(part(page, "message")).to_contain_text("/start")


async def test_writing(chat: LocalChat, person: Person, browser_page: OpenPage) -> None:
    await person.says("hello")
    page = await browser_page(chat.url)
    await expect(part(page, "send")).to_be_disabled()
    await part(page, "composer").fill("一")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("二")
    # Enter that ends the composing of a word belongs to the input method
    await part(page, "composer").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await expect(part(page, "message")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(part(page, "message")).to_have_count(2)
    assert [message["text"] for message in await person.sees()] == ["hello", "一\n二"]
    await expect(part(page, "composer")).to_have_value("")
    await expect(part(page, "message").last).to_have_attribute("data-from", "me")


async def test_what_the_bot_says_is_shown_and_never_run(chat: LocalChat, bot: Bot, browser_page: OpenPage) -> None:
    page = await browser_page(chat.url)
    source = "<b>bold <i>both</i></b> &lt;img src=x onerror=alert(1)&gt; <a href='javascript://x%0aalert(1)'>trap</a> "
    said = await bot.send_message(ME, source + "<a href='https://example.com/'>link</a> /help", parse_mode="HTML")
    message = part(page, "message")
    await expect(message).to_have_attribute("data-message-id", str(said.message_id))
    await expect(message).to_have_attribute("data-from", "bot")
    await expect(message).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(message.locator("strong em")).to_have_text("both")
    assert [await link.get_attribute("href") for link in await message.locator("a").all()] == ["https://example.com/"]
    assert await message.locator("img").count() == 0
    await message.get_by_role("button", name="/help").click()
    await expect(part(page, "message").last).to_contain_text("/help")


async def test_a_button_waits_for_its_answer(chat: LocalChat, bot: Bot, browser_page: OpenPage) -> None:
    await bot.send_message(ME, "Sure?", reply_markup=KEYS)
    page, other = await browser_page(chat.url), await browser_page(chat.url)
    yes, no = part(page, "button").first, part(page, "button").last
    await yes.click()
    await expect(yes).to_have_attribute("aria-busy", "true")
    query = (await bot.get_updates(timeout=5))[-1].callback_query
    assert query is not None
    await query.answer("Saved <b>")
    await expect(yes).not_to_have_attribute("aria-busy", "true")
    await expect(part(page, "toast")).to_have_text("Saved <b>")
    await no.click()
    query = (await bot.get_updates(offset=-1, timeout=5))[-1].callback_query
    assert query is not None
    assert query.data == "n"
    await query.answer("Really?", show_alert=True)
    await expect(part(page, "alert")).to_contain_text("Really?")
    await expect(part(other, "toast")).to_be_hidden()
    await expect(part(other, "alert")).to_be_hidden()
    await page.keyboard.press("Escape")
    assert query.message is not None
    await bot.edit_message_text("Done", ME, query.message.message_id)
    await expect(part(page, "button")).to_have_count(0)
    await expect(part(page, "message")).to_contain_text("Done")
    await bot.delete_message(ME, query.message.message_id)
    await expect(part(page, "message")).to_have_count(0)
    await expect(part(other, "message")).to_have_count(0)


async def test_pictures_and_documents(chat: LocalChat, bot: Bot, browser_page: OpenPage) -> None:
    page = await browser_page(chat.url)
    await bot.send_photo(ME, picture(300, 200), caption="图")
    await bot.send_document(ME, "姓名\n".encode(), filename="顾客 “名单”.csv")
    await expect(part(page, "photo").locator("img")).to_have_js_property("naturalWidth", 300)
    await part(page, "photo").click()
    await expect(part(page, "viewer")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(part(page, "viewer")).to_be_hidden()
    await expect(part(page, "document")).to_contain_text("顾客 “名单”.csv")
    async with page.expect_download() as waiting:
        await part(page, "document").click()
    download = await waiting.value
    assert download.suggested_filename == "顾客 “名单”.csv"
    assert Path(await download.path()).read_text() == "姓名\n"
    await bot.send_media_group(ME, [InputMediaPhoto(picture()), InputMediaPhoto(picture())])
    await expect(page.locator(".album").get_by_test_id("message")).to_have_count(2)


async def test_sending_files(chat: LocalChat, bot: Bot, person: Person, browser_page: OpenPage, tmp_path: Path) -> None:
    await person.says("hello")
    page = await browser_page(chat.url, locale="zh-CN")
    await part(page, "file").set_input_files({"name": "订单.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    await expect(part(page, "waiting")).to_contain_text("订单.csv")
    await type_text(page, "十一月")
    await expect(part(page, "document")).to_contain_text("订单.csv")
    await expect(part(page, "message").last).to_contain_text("十一月")
    await expect(part(page, "waiting")).to_have_count(0)
    assert await page.evaluate(DROP, "dropped.csv")
    await expect(part(page, "drop")).to_be_hidden()
    await part(page, "send").click()
    await expect(part(page, "document")).to_have_count(2)
    await part(page, "file").set_input_files({"name": "店.png", "mimeType": "image/png", "buffer": picture()})
    await part(page, "send").click()
    await expect(part(page, "photo")).to_have_count(1)
    messages = [update.message for update in await bot.get_updates()]
    assert [m and (m.document.file_name if m.document else m.text) for m in messages] == [
        "hello",
        "订单.csv",
        "dropped.csv",
        None,
    ]


async def test_files_that_cannot_be_sent(
    chat: LocalChat, person: Person, browser_page: OpenPage, tmp_path: Path
) -> None:
    await person.says("hello")
    huge, empty = tmp_path / "huge.csv", tmp_path / "empty.csv"
    empty.touch()
    with huge.open("wb") as file:
        file.truncate(61 * 1024 * 1024)
    for locale, too_big, nothing in (
        ("en-US", "“huge.csv” has 61 MB. At most 60 MB can be sent here", "“empty.csv” is empty"),
        ("zh-CN", "“huge.csv”有 61 MB，这里最多能发 60 MB", "“empty.csv”是空文件"),
    ):
        page = await browser_page(chat.url, locale=locale)
        await expect(part(page, "composer")).to_be_visible()
        for path, words in ((huge, too_big), (empty, nothing)):
            await part(page, "file").set_input_files(path)
            await expect(part(page, "alert")).to_contain_text(words)
            await page.keyboard.press("Escape")
    await expect(part(page, "waiting")).to_have_count(0)
    assert len(await person.sees()) == 1


async def test_signs_of_work(chat: LocalChat, bot: Bot, person: Person, browser_page: OpenPage) -> None:
    await person.says("hello")
    page = await browser_page(chat.url)
    await expect(part(page, "typing")).to_be_hidden()
    await bot.send_chat_action(ME, "typing")
    await expect(part(page, "typing")).to_be_visible()
    await expect(page.locator("#status")).to_have_text("typing…")
    await bot.send_message_draft(ME, 1, "half a")
    await expect(part(page, "draft")).to_contain_text("half a")
    said = await bot.send_message(ME, "half a loaf")
    await expect(part(page, "typing")).to_be_hidden()
    await expect(part(page, "draft")).to_have_count(0)
    await bot.send_chat_action(ME, "typing")
    await expect(part(page, "typing")).to_be_visible()
    await bot.edit_message_text("better than none", ME, said.message_id)
    await expect(part(page, "typing")).to_be_hidden(timeout=3000)
    await bot.set_message_reaction(ME, 1, "👍")
    await expect(part(page, "reaction")).to_have_text("👍")


async def test_commands_in_the_pages_language(
    chat: LocalChat, bot: Bot, person: Person, browser_page: OpenPage
) -> None:
    await person.says("hello")
    page = await browser_page(chat.url, locale="zh-CN")
    await expect(part(page, "commands")).to_be_hidden()
    await bot.set_my_commands([("segments", "Segments"), ("results", "Results")])
    await bot.set_my_commands([("segments", "分组"), ("results", "结果")], language_code="zh")
    await part(page, "commands").click()
    await expect(part(page, "command")).to_have_text(["/segments分组", "/results结果"])
    await part(page, "command").last.click()
    await expect(part(page, "message").last).to_contain_text("/results")
    await part(page, "composer").press_sequentially("/se")
    await expect(part(page, "command")).to_have_text(["/segments分组"])
    await page.keyboard.press("Tab")
    await expect(part(page, "composer")).to_have_value("/segments ")


async def test_two_browsers_show_the_same(chat: LocalChat, person: Person, browser_page: OpenPage) -> None:
    await person.says("hello")
    one, two = await browser_page(chat.url), await browser_page(chat.url, locale="zh-CN")
    for n in range(5):
        await type_text(one if n % 2 else two, f"message {n}")
        await expect(part(one, "message")).to_have_count(n + 2)
        await expect(part(two, "message")).to_have_count(n + 2)
    texts = [await page.locator(".words").all_inner_texts() for page in (one, two)]
    assert [text.split("\n")[0] for text in texts[0]] == [text.split("\n")[0] for text in texts[1]]


async def test_a_lost_connection_is_told_and_mended(tmp_path: Path, browser_page: OpenPage) -> None:
    first = LocalChat(tmp_path, port=0, token=TOKEN)
    await first.start()
    page = await browser_page(first.url)
    await part(page, "start").click()
    await expect(part(page, "message")).to_have_count(1)
    await expect(part(page, "banner")).to_be_hidden()
    await first.stop()
    await expect(part(page, "banner")).to_have_text("Connection lost. Trying again…")
    await type_text(page, "not lost")
    await expect(part(page, "toast")).to_contain_text("Your text is still here")
    await expect(part(page, "composer")).to_have_value("not lost")
    second = LocalChat(tmp_path, port=first.port, token=TOKEN)
    await second.start()
    async with bot_of(second) as bot:
        await bot.send_message(ME, "while you were away")
    await expect(part(page, "banner")).to_be_hidden()
    await expect(part(page, "message")).to_have_count(2)
    await page.keyboard.press("Enter")
    await expect(part(page, "message").last).to_contain_text("not lost")
    await second.stop()


async def test_a_long_history_loads_as_it_is_read(chat: LocalChat, bot: Bot, browser_page: OpenPage) -> None:
    for n in range(130):
        await bot.send_message(ME, f"line {n}.")
    page = await browser_page(chat.url)
    await expect(part(page, "message")).to_have_count(100)
    await expect(part(page, "message").last).to_be_in_viewport()
    await page.evaluate("document.getElementById('scroll').scrollTop = 0")
    await expect(part(page, "message")).to_have_count(130)
    await expect(part(page, "message").filter(has_text="line 30.")).to_be_in_viewport()
    await bot.send_message(ME, "newest")
    await expect(part(page, "down")).to_contain_text("1")
    await part(page, "down").click()
    await expect(part(page, "message").last).to_be_in_viewport()


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
async def test_nothing_sticks_out_of_a_narrow_page(
    chat: LocalChat, bot: Bot, person: Person, browser_page: OpenPage, locale: str
) -> None:
    await person.says("word" * 200)
    await bot.send_message(
        ME, f"<pre>{'x' * 300}</pre> https://example.com/{'y' * 300}", parse_mode="HTML", reply_markup=KEYS
    )
    await bot.send_document(ME, b"x", filename=f"{'长' * 120}.csv")
    await bot.send_photo(ME, picture(3000, 200))
    page = await browser_page(chat.url, width=375, height=667, locale=locale)
    await expect(part(page, "message")).to_have_count(4)
    await asyncio.sleep(0.2)
    for box in [await one.bounding_box() for one in await part(page, "message").all()]:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
    assert await page.evaluate("document.getElementById('scroll').scrollWidth") <= 375


async def test_the_page_follows_the_language_that_was_chosen(tmp_path: Path, browser_page: OpenPage) -> None:
    chosen: list[str | None] = [None]
    chat = LocalChat(tmp_path, port=0, token=TOKEN, spoken=lambda: chosen[0])
    async with running(chat), bot_of(chat) as bot:
        await bot.send_message(ME, "hello")
        page = await browser_page(chat.url)
        await expect(part(page, "composer")).to_have_attribute("placeholder", "Message")
        for code, placeholder, day in (("zh", "消息", "今天"), ("en", "Message", "Today")):
            chosen[0] = code
            await bot.send_message(ME, "from now on")
            await expect(part(page, "composer")).to_have_attribute("placeholder", placeholder)
            await expect(page.locator(".day")).to_have_text(day)
            await expect(page.locator("html")).to_have_attribute("lang", "zh" if code == "zh" else "en-US")
        chosen[0] = "zh"
        again = await browser_page(chat.url)
        await expect(part(again, "composer")).to_have_attribute("placeholder", "消息")
