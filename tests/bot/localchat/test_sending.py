"""What the bot says arrives as it was meant, or is refused in Telegram's words."""

from __future__ import annotations

import httpx
import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, TelegramError

from bot.localchat import LocalChat
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import ME, Person, picture


def keyboard(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.first_name, me.username, me.is_bot) == (4242, "Zhike 知客", "zhike_local_bot", True)


async def test_a_text_comes_back_as_telegram_would_give_it(bot: Bot) -> None:
    message = await bot.send_message(
        ME, "  你好 <b>世界</b> 😀 <i>!</i> ", parse_mode="HTML", reply_markup=keyboard("x")
    )
    assert message.text == "你好 世界 😀 !"
    # 你好␣ is 3 units, 世界 2, ␣😀␣ 4 because the emoji counts twice
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bold", 3, 2), ("italic", 9, 1)]
    assert message.parse_entities() == {message.entities[0]: "世界", message.entities[1]: "!"}
    assert message.chat.id == ME
    assert message.chat.type == "private"
    assert message.from_user is not None
    assert message.from_user.id == bot.id
    assert message.reply_markup == keyboard("x")


async def test_entities_may_be_given_instead_of_a_parse_mode(bot: Bot) -> None:
    message = await bot.send_message(ME, "see <b>", entities=[MessageEntity("code", 4, 3)])
    assert message.text == "see <b>"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("code", 4, 3)]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_an_empty_text_is_refused(bot: Bot, text: str) -> None:
    with pytest.raises(BadRequest, match=r"^Message text is empty$"):
        await bot.send_message(ME, text)


async def test_a_text_counts_after_parsing_and_in_utf16(bot: Bot) -> None:
    assert len((await bot.send_message(ME, f"<b>{'字' * 4096}</b>", parse_mode="HTML")).text or "") == 4096
    assert await bot.send_message(ME, "😀" * 2048)
    with pytest.raises(BadRequest, match=r"^Message is too long$"):
        await bot.send_message(ME, "😀" * 2048 + "x")


@pytest.mark.parametrize("someone", [1002, "@somebody", -100])
async def test_there_is_one_chat_only(bot: Bot, someone: int | str) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(someone, "hello")
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.get_chat(someone)


async def test_the_chat_describes_itself(bot: Bot) -> None:
    chat = await bot.get_chat(ME)
    assert (chat.id, chat.type, chat.first_name) == (ME, "private", "You")


async def test_markdown_is_not_spoken_here(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Unsupported parse_mode$"):
        await bot.send_message(ME, "*x*", parse_mode="MarkdownV2")


@pytest.mark.parametrize("data", ["x" * 65, "字" * 22])
async def test_a_button_carries_64_bytes(bot: Bot, data: str) -> None:
    assert await bot.send_message(ME, "ok", reply_markup=keyboard("字" * 21 + "x"))
    with pytest.raises(BadRequest, match=r"^Button_data_invalid$"):
        await bot.send_message(ME, "not ok", reply_markup=keyboard(data))


async def test_a_button_must_do_something(chat: LocalChat) -> None:
    rows = {"inline_keyboard": [[{"text": "idle"}]]}
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        values = {"chat_id": ME, "text": "x", "reply_markup": rows}
        answer = await http.post(f"{chat.base_url}{chat.token}/sendMessage", json=values)
    assert answer.status_code == 400
    assert "Text buttons are unallowed in the inline keyboard" in answer.json()["description"]


async def test_other_buttons_and_keyboards_are_taken(bot: Bot) -> None:
    rows = [
        [
            InlineKeyboardButton("Site", url="https://example.com"),
            InlineKeyboardButton("A", copy_text=CopyTextButton("a")),
        ]
    ]
    message = await bot.send_message(ME, "x", reply_markup=InlineKeyboardMarkup(rows))
    assert message.reply_markup == InlineKeyboardMarkup(rows)
    assert (await bot.send_message(ME, "x", reply_markup=ReplyKeyboardRemove())).reply_markup is None


async def test_an_answer_shows_what_it_answers(bot: Bot, person: Person) -> None:
    (number,) = await person.says("a question")
    message = await bot.send_message(ME, "an answer", reply_parameters=ReplyParameters(number))
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "a question"
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(ME, "x", reply_parameters=ReplyParameters(999))
    assert await bot.send_message(ME, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True))


async def test_a_photo_has_its_size(bot: Bot) -> None:
    message = await bot.send_photo(ME, picture(400, 300), caption="<b>图</b>", parse_mode="HTML")
    assert [(size.width, size.height) for size in message.photo] == [(400, 300)]
    assert (message.caption, message.caption_entities[0].type) == ("图", "bold")


async def test_a_file_sent_once_can_be_sent_again(bot: Bot) -> None:
    first = await bot.send_photo(ME, picture())
    again = await bot.send_photo(ME, first.photo[0].file_id)
    assert again.photo == first.photo
    with pytest.raises(BadRequest, match=r"^Wrong file identifier/http url specified$"):
        await bot.send_photo(ME, "nothing-like-it")
    with pytest.raises(BadRequest, match=r"^Can't use file of type photo as document$"):
        await bot.send_document(ME, first.photo[0].file_id)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"no picture", "Image_process_failed"),
        (picture(9000, 1001), "Photo_invalid_dimensions"),
        (picture(210, 10), "Photo_invalid_dimensions"),
        (picture() + bytes(10 * 1024 * 1024), "is too big for a photo; the maximum size is 10485760 bytes"),
    ],
)
async def test_what_is_no_photo_is_refused(bot: Bot, body: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await bot.send_photo(ME, body)


async def test_the_widest_photo_passes(bot: Bot) -> None:
    assert await bot.send_photo(ME, picture(200, 10))


async def test_a_document_keeps_its_name(bot: Bot) -> None:
    message = await bot.send_document(ME, "姓名\n".encode(), filename='顾客 "名单".csv', caption="205")
    assert message.document is not None
    assert (message.document.file_name, message.document.file_size) == ('顾客 "名单".csv', 7)
    assert message.document.mime_type == "text/csv"


async def test_a_document_of_more_than_50_mb_is_refused(bot: Bot) -> None:
    with pytest.raises(TelegramError, match="Request Entity Too Large"):
        await bot.send_document(ME, bytes(50 * 1024 * 1024 + 1), filename="big")


async def test_an_empty_or_missing_file_is_refused(chat: LocalChat) -> None:
    url = f"{chat.base_url}{chat.token}/sendDocument"
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        missing = await http.post(url, data={"chat_id": ME})
        empty = await http.post(url, data={"chat_id": ME}, files={"document": ("a", b"")})
    assert missing.json()["description"] == "Bad Request: there is no document in the request"
    assert empty.json()["description"] == "Bad Request: file must be non-empty"


async def test_a_caption_has_1024_characters(bot: Bot) -> None:
    assert await bot.send_document(ME, b"x", filename="x", caption="<i>" + "字" * 1024 + "</i>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_document(ME, b"x", filename="x", caption="字" * 1025)


async def test_an_album_is_one_group(bot: Bot) -> None:
    messages = await bot.send_media_group(ME, [InputMediaPhoto(picture(), caption="a"), InputMediaPhoto(picture(9, 9))])
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["a", None]
    assert messages[1].message_id == messages[0].message_id + 1
    files = await bot.send_media_group(ME, [InputMediaDocument(b"x", filename=name) for name in ("a.csv", "乙.csv")])
    assert [message.document and message.document.file_name for message in files] == ["a.csv", "乙.csv"]


async def test_an_album_has_2_to_10_of_a_kind(bot: Bot, person: Person) -> None:
    for n in (1, 11):
        with pytest.raises(BadRequest, match=r"^An album must include 2-10 items$"):
            await bot.send_media_group(ME, [InputMediaPhoto(picture()) for _ in range(n)])
    with pytest.raises(BadRequest, match=r"^Documents can't be mixed with other media types$"):
        await bot.send_media_group(ME, [InputMediaPhoto(picture()), InputMediaDocument(b"x", filename="x")])
    assert await person.sees() == []


async def test_a_reaction_is_shown(bot: Bot, person: Person) -> None:
    (number,) = await person.says("done")
    assert await bot.set_message_reaction(ME, number, "👍")
    assert (await person.sees())[0]["reaction"] == [{"type": "emoji", "emoji": "👍"}]
    assert await bot.set_message_reaction(ME, number)
    assert (await person.sees())[0]["reaction"] == []
    with pytest.raises(BadRequest, match=r"^Reaction_invalid$"):
        await bot.set_message_reaction(ME, number, "x")
    with pytest.raises(BadRequest, match=r"^Message to react not found$"):
        await bot.set_message_reaction(ME, 999, "👍")


async def test_signs_that_pass(bot: Bot) -> None:
    assert await bot.send_chat_action(ME, "typing")
    assert await bot.send_message_draft(ME, 7, "half a sent")
    assert await bot.send_message_draft(ME, 7, "")
    with pytest.raises(BadRequest, match=r"^Wrong parameter action in request$"):
        await bot.send_chat_action(ME, "dancing")
    with pytest.raises(BadRequest, match=r"^Draft_id must be non-zero$"):
        await bot.send_message_draft(ME, 0, "x")


@pytest.mark.parametrize("how", ["address", "form", "json"])
async def test_arguments_may_come_in_each_way(chat: LocalChat, how: str) -> None:
    values = {
        "chat_id": str(ME),
        "text": "  a & b",
        "reply_markup": '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}',
    }
    url = f"{chat.base_url}{chat.token}/sendmessage"
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        if how == "address":
            answer = await http.get(url, params=values)
        elif how == "form":
            answer = await http.post(url, data=values)
        else:
            answer = await http.post(url, json={**values, "chat_id": ME})
    result = answer.json()["result"]
    assert result["text"] == "a & b"
    assert result["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


async def test_nonsense_is_refused(chat: LocalChat) -> None:
    url = f"{chat.base_url}{chat.token}"
    json_type = {"Content-Type": "application/json"}
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        answers = [
            await http.post(f"{url}/sendMessage", content=b"{", headers=json_type),
            await http.post(f"{url}/sendMessage", data={"text": "x"}),
            await http.post(f"{url}/sendMessage", data={"chat_id": ME, "text": "x", "reply_markup": "{"}),
            await http.get(f"{url}/sendSticker"),
            await http.get(f"{chat.base_url}1:other/getMe"),
        ]
    assert [(answer.status_code, answer.json()["description"]) for answer in answers] == [
        (400, "Bad Request: can't parse JSON object"),
        (400, "Bad Request: chat_id is empty"),
        (400, "Bad Request: can't parse JSON object"),
        (404, "Not Found"),
        (401, "Unauthorized"),
    ]


async def test_farewells_are_taken(bot: Bot) -> None:
    assert await bot.log_out()
    assert await bot.close()
