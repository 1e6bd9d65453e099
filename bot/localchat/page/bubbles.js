// One message as an element.

import { element, icon } from "./dom.js";
import { rich } from "./entities.js";
import { say, size, time } from "./words.js";

const SHEET = "M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5.5 19.5h13";

// `act` is what can be done: command(text), press(message, data), show(source, words), say(text).
export function bubble(message, act) {
  const from = message.from.is_bot ? "bot" : "me";
  const text = message.text ?? message.caption ?? "";
  const words = element("div", { class: "words" }, rich(text, message.entities ?? message.caption_entities, act));
  const meta = stamp(message);
  const body = element(
    "div",
    { class: "bubble" },
    element("span", { class: "hidden-words" }, `${from === "bot" ? message.from.first_name : say("you")}: `),
    quote(message.reply_to_message),
    message.photo ? photo(message, act) : null,
    message.document ? paper(message.document) : null,
    text ? words : null,
  );
  if (text) words.append(meta);
  else body.append(meta);
  if (!text && message.photo) body.classList.add("bare");
  if (!text && message.document) meta.classList.add("alone");
  const rows = message.reply_markup?.inline_keyboard ?? [];
  return element(
    "div",
    { class: `message${rows.length ? " with-keyboard" : ""}`, "data-testid": "message", "data-message-id": String(message.message_id), "data-from": from },
    body,
    reaction(message.reaction),
    rows.length ? keyboard(message, rows, act) : null,
  );
}

export function draft(event, act) {
  const words = element("div", { class: "words" }, rich(event.text, event.entities, act));
  return element("div", { class: "message draft", "data-testid": "draft", "data-from": "bot" }, element("div", { class: "bubble" }, words));
}

function stamp(message) {
  const clock = element("time", { datetime: new Date(message.date * 1000).toISOString() }, time(message.date));
  return element("span", { class: "meta" }, " ", message.edit_date ? `${say("edited")} ` : "", clock);
}

function quote(answered) {
  if (!answered) return null;
  return element("span", { class: "quote" }, answered.text ?? answered.caption ?? answered.document?.file_name ?? say("photo"));
}

function photo(message, act) {
  const largest = message.photo.at(-1);
  const source = `/chat/files/${largest.file_id}`;
  const words = message.caption || say("photo");
  const picture = element("img", { src: source, alt: words, width: String(largest.width), height: String(largest.height), decoding: "async" });
  return element("button", { type: "button", class: "photo", "data-testid": "photo", "aria-label": `${say("enlarge")}: ${words}`, on: { click: () => act.show(source, words) } }, picture);
}

function paper(document) {
  const name = document.file_name || "file";
  return element(
    "a",
    { class: "document", "data-testid": "document", href: `/chat/files/${document.file_id}`, download: name, "aria-label": `${say("download", { name })}, ${size(document.file_size)}` },
    element("span", { class: "sheet" }, icon(SHEET)),
    element("span", { class: "about" }, element("span", { class: "name" }, name), element("span", { class: "size" }, size(document.file_size))),
  );
}

function reaction(given) {
  if (!given?.length) return null;
  return element("span", { class: "reaction", "data-testid": "reaction" }, given.map((one) => one.emoji).join(" "));
}

function keyboard(message, rows, act) {
  return element("div", { class: "keyboard" }, ...rows.map((row) => element("div", { class: "row" }, ...row.map((one) => key(message, one, act)))));
}

function key(message, given, act) {
  const shared = { class: `key ${given.style ?? ""}`.trim(), "data-testid": "button" };
  if (given.url) return element("a", { ...shared, href: /^(https?|tg):/i.test(given.url) ? given.url : "#", target: "_blank", rel: "noopener noreferrer" }, `${given.text} ↗`);
  const made = element("button", { ...shared, type: "button" }, given.text);
  if (given.callback_data !== undefined) {
    made.dataset.data = given.callback_data;
    if (act.waits(message.message_id, given.callback_data)) made.setAttribute("aria-busy", "true");
    made.addEventListener("click", () => act.press(message.message_id, given.callback_data));
  } else if (given.copy_text) {
    made.addEventListener("click", () => navigator.clipboard.writeText(given.copy_text.text).then(() => act.say(say("copied"))));
  } else {
    made.disabled = true;
  }
  return made;
}
