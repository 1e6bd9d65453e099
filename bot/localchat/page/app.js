// Puts the page together: what comes in is shown, what the person does goes out.

import { Composer } from "./composer.js";
import { ask, isShut, listen, newKey, post } from "./connection.js";
import { find } from "./dom.js";
import { Log } from "./log.js";
import { Tray } from "./tray.js";
import { locale, say, speak } from "./words.js";

const TYPING = 5000;
const PATIENCE = 30000;
const TOAST = 4000;
const pressed = new Map();
let typingTimer, toastTimer, lostTimer;
let starting = false;
let code = new URLSearchParams(location.search).get("start");
let name = document.title;

const log = new Log({
  command: (text) => composer.say(text),
  press,
  waits: (number, data) => [...pressed.values()].some((one) => one.number === number && one.data === data),
  show,
  say: toast,
  earlier: async (before) => {
    const { messages, more } = await ask("/chat/messages", { before }).catch(() => ({ messages: [], more: true }));
    if (messages.length) log.prepend(messages, more);
    else log.more = more;
  },
});
const tray = new Tray(alertWords, () => {
  composer?.refresh();
  if (!tray?.isEmpty) find("text").focus();
});
const composer = new Composer(tray, toast);

const HEARD = {
  sync({ bot, messages, more, max_upload }) {
    name = bot.first_name;
    tray.limit = max_upload;
    for (const place of ["name", "welcome-name"]) find(place).textContent = name;
    for (const place of ["avatar", "welcome-avatar"]) find(place).textContent = (name.match(/\p{Script=Han}/u) ?? [...name])[0];
    log.reset(messages, more);
    askForCommands();
    follow();
    quiet();
  },
  message({ message }) {
    log.add(message);
    if (message.from.is_bot) {
      quiet();
      follow();
    }
    if (document.hidden && message.from.is_bot) document.title = `• ${name}`;
  },
  edited({ message }) {
    log.change(message);
    if (message.from.is_bot) quiet();
  },
  deleted: ({ message_ids }) => log.remove(message_ids),
  action: ({ action }) => typing(action),
  draft: (event) => log.showDraft(event),
  commands: askForCommands,
  answer({ key, text, show_alert, url }) {
    if (!release(key)) return;
    if (text && show_alert) alertWords(text);
    else if (text) toast(text);
    if (/^https?:/.test(url)) open(url, "_blank", "noopener,noreferrer");
  },
};

function heard(event) {
  HEARD[event.type]?.(event);
  begin();
}

// The big button stands where the person would write until they have begun, and then gives way to it. What they sent may
// be shown before or after its arrival is answered.
function begin() {
  const waiting = log.isEmpty || (code !== null && !log.says(`/start ${code}`));
  const appears = find("composer").hidden && !waiting;
  find("start").hidden = !waiting;
  find("composer").hidden = waiting;
  find("welcome").hidden = !log.isEmpty;
  if (appears && starting) find("text").focus();
}

async function press(number, data) {
  const key = newKey();
  pressed.set(key, { number, data });
  log.busy(number, data, true);
  setTimeout(release, PATIENCE, key);
  const answer = await post("/chat/press", { message_id: number, data, key }).catch(() => null);
  if (answer?.ok) return;
  release(key);
  toast(say({ 409: "gone", 507: "notStored" }[answer?.status] ?? "lost"));
}

function release(key) {
  const one = pressed.get(key);
  if (!one) return false;
  pressed.delete(key);
  log.busy(one.number, one.data, false);
  return true;
}

async function askForCommands() {
  composer.offer((await ask("/chat/commands").catch(() => ({ commands: [] }))).commands);
}

// The page speaks the language that was chosen in the chat.
async function follow() {
  const { language } = await ask("/chat/language").catch(() => ({ language: undefined }));
  if (language === undefined || !speak(language)) return;
  labels();
  quiet();
  log.reset([...log.messages.values()], log.more);
  askForCommands();
}

function typing(action) {
  const words = say(action.startsWith("upload_photo") ? "sendingPhoto" : action.startsWith("upload") ? "sendingFile" : "typing");
  find("typing").hidden = false;
  find("typing-words").textContent = words;
  status(words, true);
  clearTimeout(typingTimer);
  typingTimer = setTimeout(quiet, TYPING);
  if (log.atEnd) log.toEnd();
}

function quiet() {
  clearTimeout(typingTimer);
  find("typing").hidden = true;
  status(say("here"), false);
}

function status(words, busy) {
  find("status").textContent = words;
  find("status").classList.toggle("busy", busy);
}

function line(isUp) {
  clearTimeout(lostTimer);
  if (isUp) find("banner").hidden = true;
  else lostTimer = setTimeout(() => (find("banner").hidden = false), 500);
}

function toast(words) {
  find("toast").textContent = words;
  find("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (find("toast").hidden = true), TOAST);
}

function alertWords(words) {
  const dialog = find("alert");
  find("alert-words").textContent = dialog.open ? `${find("alert-words").textContent}\n${words}` : words;
  if (!dialog.open) dialog.showModal();
}

function show(source, words) {
  find("viewer-image").src = source;
  find("viewer-image").alt = words;
  find("viewer").showModal();
}

function labels() {
  document.documentElement.lang = locale;
  const names = { attach: "attach", send: "send", commands: "commands", down: "down", "viewer-close": "close", log: "chat", text: "message", file: "attach", viewer: "photo", menu: "commands" };
  for (const [id, word] of Object.entries(names)) find(id).setAttribute("aria-label", say(word));
  for (const id of ["attach", "send", "commands"]) find(id).title = say(id);
  const texts = { start: "start", "alert-close": "ok", "welcome-words": "welcome", banner: "lost", "drop-words": "drop", status: "connecting" };
  for (const [id, word] of Object.entries(texts)) find(id).textContent = say(word);
  composer.refresh();
}

find("start").addEventListener("click", async () => {
  starting = true;
  if (!(await composer.say(code === null ? "/start" : `/start ${code}`))) return;
  code = null;
  history.replaceState(null, "", "/");
  begin();
});
find("viewer").addEventListener("click", (event) => event.target.id !== "viewer-image" && find("viewer").close());
document.addEventListener("visibilitychange", () => document.hidden || (document.title = name));

// The link's key is given for a session before anything else is asked, and then leaves the address.
async function arrive() {
  const key = new URLSearchParams(location.search).get("key");
  if (key !== null) {
    await post("/chat/enter", { key }).catch(() => null);
    history.replaceState(null, "", code === null ? "/" : `/?${new URLSearchParams({ start: code })}`);
  }
  if (await isShut()) {
    find("banner").textContent = say("shut");
    find("banner").hidden = false;
    status(say("shutHere"), false);
    return;
  }
  listen(heard, line);
}

labels();
document.title = name;
arrive();
