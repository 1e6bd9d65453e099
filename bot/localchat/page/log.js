// The list of messages: in order, in place, and scrolled to where the reader is.

import { bubble, draft } from "./bubbles.js";
import { element, find } from "./dom.js";
import { day } from "./words.js";

const NEAR = 90;

export class Log {
  constructor(act) {
    this.act = act;
    this.messages = new Map();
    this.more = false;
    this.unread = 0;
    this.list = find("log");
    this.pane = find("scroll");
    this.pane.addEventListener("scroll", () => this.#scrolled());
    find("down").addEventListener("click", () => this.toEnd(true));
    // Pictures that load and a window that shrinks must not move the newest message out of sight
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.list);
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.pane);
    this.atEnd = true;
  }

  get isEmpty() {
    return this.messages.size === 0;
  }

  says(text) {
    return [...this.messages.values()].some((message) => !message.from.is_bot && message.text === text);
  }

  // Everything anew, as the server has it.
  reset(messages, more) {
    this.more = more;
    this.list.setAttribute("aria-busy", "true");
    this.messages.clear();
    this.list.replaceChildren();
    for (const message of messages) this.#place(message);
    this.#days();
    this.list.removeAttribute("aria-busy");
    if (this.atEnd) this.toEnd();
  }

  add(message) {
    const mine = !message.from.is_bot;
    const follow = this.atEnd || mine;
    this.clearDraft();
    this.#place(message).classList.add("new");
    this.#days();
    if (follow) this.toEnd();
    else this.#count(this.unread + 1);
  }

  change(message) {
    const old = this.#element(message.message_id);
    if (!old) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.dataset.data : undefined;
    const made = bubble(message, this.act);
    this.messages.set(message.message_id, message);
    old.replaceWith(made);
    if (focused !== undefined) [...made.querySelectorAll(".key")].find((key) => key.dataset.data === focused)?.focus();
  }

  remove(numbers) {
    for (const number of numbers) {
      this.messages.delete(number);
      this.#element(number)?.remove();
    }
    this.list.querySelectorAll(".album:empty").forEach((album) => album.remove());
    this.#days();
  }

  // Messages before those shown; the reader stays where they are.
  prepend(messages, more) {
    const height = this.pane.scrollHeight - this.pane.scrollTop;
    const shown = [...this.messages.values()];
    this.reset([...messages, ...shown], more);
    this.pane.scrollTop = this.pane.scrollHeight - height;
  }

  showDraft(event) {
    const made = draft(event, this.act);
    this.clearDraft();
    this.list.append(made);
    this.draftTimer = setTimeout(() => this.clearDraft(), 30000);
    if (this.atEnd) this.toEnd();
  }

  clearDraft() {
    clearTimeout(this.draftTimer);
    this.list.querySelector(".draft")?.remove();
  }

  busy(number, data, is) {
    const key = [...(this.#element(number)?.querySelectorAll(".key") ?? [])].find((one) => one.dataset.data === data);
    if (is) key?.setAttribute("aria-busy", "true");
    else key?.removeAttribute("aria-busy");
  }

  toEnd(smooth = false) {
    this.pane.scrollTo({ top: this.pane.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.atEnd = true;
    this.height = this.pane.scrollHeight;
    this.#count(0);
  }

  #place(message) {
    const made = bubble(message, this.act);
    this.messages.set(message.message_id, message);
    this.#home(message).append(made);
    return made;
  }

  #home(message) {
    if (!message.media_group_id || !message.photo) return this.list;
    const last = this.list.lastElementChild;
    if (last?.dataset.album === message.media_group_id) return last;
    const album = element("div", { class: "album", "data-album": message.media_group_id });
    this.list.append(album);
    return album;
  }

  #element(number) {
    return this.list.querySelector(`[data-message-id="${Number(number)}"]`);
  }

  #days() {
    this.list.querySelectorAll(".day").forEach((line) => line.remove());
    let last = "";
    for (const child of [...this.list.children]) {
      const number = (child.dataset.messageId ? child : child.querySelector(".message"))?.dataset.messageId;
      const message = this.messages.get(Number(number));
      if (!message) continue;
      const name = day(message.date);
      if (name !== last) child.before(element("div", { class: "day" }, name));
      last = name;
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.pane;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    // What grows or goes away moves the end from under the reader; only the reader's own move leaves it
    const moved = scrollHeight === this.height;
    if (this.atEnd && !near && !moved) {
      this.toEnd();
      return;
    }
    this.height = scrollHeight;
    this.atEnd = near;
    find("down").hidden = this.atEnd;
    if (this.atEnd) this.#count(0);
    if (scrollTop < 200 && this.more && !this.isEmpty) {
      this.more = false;
      this.act.earlier(this.messages.keys().next().value);
    }
  }

  #count(n) {
    this.unread = n;
    find("unread").hidden = n === 0;
    find("unread").textContent = String(n);
  }
}
