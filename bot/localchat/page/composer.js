// Where the person writes, and the list of commands.

import { newKey, post } from "./connection.js";
import { element, find } from "./dom.js";
import { say } from "./words.js";

export class Composer {
  constructor(tray, tell) {
    this.tray = tray;
    this.tell = tell;
    this.commands = [];
    this.key = newKey();
    this.text = find("text");
    this.menu = find("menu");
    this.opener = find("commands");
    find("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => {
      this.key = newKey();
      this.refresh();
      this.#suggest();
    });
    this.text.addEventListener("keydown", (event) => this.#typed(event));
    this.opener.addEventListener("click", () => (this.menu.hidden ? this.#list(this.commands) : this.#closeMenu()));
    this.menu.addEventListener("keydown", (event) => this.#walk(event));
    document.addEventListener("click", (event) => {
      if (!event.target.closest("#composer")) this.#closeMenu();
    });
  }

  offer(commands) {
    this.commands = commands;
    this.opener.hidden = commands.length === 0;
  }

  refresh() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.max(this.text.scrollHeight, 40)}px`;
    this.text.placeholder = say(this.tray.isEmpty ? "message" : "caption");
    find("send").disabled = this.busy || (this.tray.isEmpty && !this.text.value.trim());
  }

  async send() {
    if (find("send").disabled) return;
    const words = this.text.value;
    this.busy = true;
    this.refresh();
    this.#closeMenu();
    const sent = this.tray.isEmpty ? await this.say(words, this.key) : await this.tray.send(words);
    this.busy = false;
    if (sent && this.text.value === words) {
      this.text.value = "";
      this.key = newKey();
    }
    this.refresh();
    this.text.focus();
  }

  // Whether it arrived. The same key twice is one message.
  async say(words, key = newKey()) {
    const answer = await post("/chat/send", { text: words, key }).catch(() => null);
    if (!answer?.ok) this.tell(say(answer?.status === 507 ? "notStored" : "notSent"));
    return Boolean(answer?.ok);
  }

  #typed(event) {
    // While a word is being composed, Enter belongs to the input method; Safari marks its last one with 229 only
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      this.#closeMenu();
    } else if (!this.menu.hidden && event.key === "ArrowUp") {
      event.preventDefault();
      this.menu.lastElementChild?.focus();
    } else if (!this.menu.hidden && event.key === "Tab" && !event.shiftKey && this.text.value.startsWith("/")) {
      event.preventDefault();
      this.text.value = `${this.menu.firstElementChild.dataset.command} `;
      this.#closeMenu();
    }
  }

  #suggest() {
    const typed = this.text.value.toLowerCase();
    const fitting = /^\/\w*$/.test(typed) ? this.commands.filter(({ command }) => `/${command}`.startsWith(typed)) : [];
    if (fitting.length) this.#list(fitting);
    else this.#closeMenu();
  }

  #list(commands) {
    this.menu.replaceChildren(
      ...commands.map(({ command, description }) =>
        element(
          "button",
          { type: "button", role: "option", "data-testid": "command", "data-command": `/${command}`, on: { click: () => this.#choose(`/${command}`) } },
          element("b", {}, `/${command}`),
          element("span", {}, description),
        ),
      ),
    );
    this.menu.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    if (document.activeElement === this.opener) this.menu.firstElementChild.focus();
  }

  async #choose(command) {
    this.#closeMenu();
    if (this.text.value.startsWith("/")) this.text.value = "";
    this.text.focus();
    this.refresh();
    await this.say(command);
  }

  #walk(event) {
    const { activeElement: here } = document;
    const next = { ArrowDown: here.nextElementSibling ?? this.menu.firstElementChild, ArrowUp: here.previousElementSibling ?? this.menu.lastElementChild }[event.key];
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === "Escape") {
      this.#closeMenu();
      this.opener.focus();
    }
  }

  #closeMenu() {
    this.menu.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
  }
}
