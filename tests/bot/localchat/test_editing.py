"""What the bot changes and takes back."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto, Message
from telegram.error import BadRequest

from tests.bot.localchat.conftest import ME, Person, picture

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
NOT_MODIFIED = "^Message is not modified: specified new message content and reply markup are exactly the same"


async def test_a_text_is_replaced_and_its_keyboard_goes(bot: Bot, person: Person) -> None:
    said = await bot.send_message(ME, "old", reply_markup=KEYS)
    edited = await bot.edit_message_text("<b>new</b>", ME, said.message_id, parse_mode="HTML")
    assert isinstance(edited, Message)
    assert (edited.message_id, edited.text, edited.reply_markup) == (said.message_id, "new", None)
    assert edited.edit_date is not None
    assert [message["text"] for message in await person.sees()] == ["new"]


async def test_the_same_again_is_refused(bot: Bot) -> None:
    said = await bot.send_message(ME, "<b>same</b>", parse_mode="HTML", reply_markup=KEYS)
    with pytest.raises(BadRequest, match=NOT_MODIFIED):
        await bot.edit_message_text("<b>same</b>", ME, said.message_id, parse_mode="HTML", reply_markup=KEYS)
    assert await bot.edit_message_text("same", ME, said.message_id, reply_markup=KEYS)
    assert await bot.edit_message_reply_markup(ME, said.message_id)
    with pytest.raises(BadRequest, match=NOT_MODIFIED):
        await bot.edit_message_reply_markup(ME, said.message_id)


async def test_only_the_bots_own_messages_can_be_edited(bot: Bot, person: Person) -> None:
    (number,) = await person.says("mine")
    with pytest.raises(BadRequest, match=r"^Message can't be edited$"):
        await bot.edit_message_text("yours", ME, number)
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_text("x", ME, 999)
    with pytest.raises(BadRequest, match=r"^Message identifier is not specified$"):
        await bot.edit_message_text("x", ME)


async def test_a_caption_is_replaced(bot: Bot) -> None:
    said = await bot.send_document(ME, b"x", filename="a.csv", caption="old")
    edited = await bot.edit_message_caption(ME, said.message_id, caption="new")
    assert isinstance(edited, Message)
    assert (edited.caption, edited.document) == ("new", said.document)
    with pytest.raises(BadRequest, match=r"^There is no text in the message to edit$"):
        await bot.edit_message_text("x", ME, said.message_id)
    text = await bot.send_message(ME, "text")
    with pytest.raises(BadRequest, match=r"^There is no caption in the message to edit$"):
        await bot.edit_message_caption(ME, text.message_id, caption="x")


async def test_a_picture_is_replaced(bot: Bot) -> None:
    said = await bot.send_photo(ME, picture(), caption="old")
    edited = await bot.edit_message_media(InputMediaPhoto(picture(50, 60), caption="new"), ME, said.message_id)
    assert isinstance(edited, Message)
    assert ([size.height for size in edited.photo], edited.caption) == ([60], "new")
    turned = await bot.edit_message_media(InputMediaDocument(b"x", filename="x.csv"), ME, said.message_id)
    assert isinstance(turned, Message)
    assert (turned.photo, turned.caption) == ((), None)
    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await bot.edit_message_media(InputMediaPhoto(picture()), ME, 999)


async def test_messages_are_deleted_and_their_numbers_not_used_again(bot: Bot, person: Person) -> None:
    (mine,) = await person.says("mine")
    yours = (await bot.send_message(ME, "yours")).message_id
    assert await bot.delete_message(ME, yours)
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await bot.delete_message(ME, yours)
    assert await bot.delete_messages(ME, [mine, yours, 999])
    assert await person.sees() == []
    assert (await bot.send_message(ME, "next")).message_id > yours
