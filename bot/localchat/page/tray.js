// Files on their way: chosen, dropped or pasted, waiting above the text until they are sent.

import { newKey, upload } from "./connection.js";
import { element, find, icon } from "./dom.js";
import { say, size } from "./words.js";

const PICTURES = new Set(["image/jpeg", "image/png", "image/webp"]);
const CROSS = "M7 7l10 10M17 7L7 17";

export class Tray {
  constructor(tell, changed) {
    this.items = [];
    this.limit = Infinity;
    this.tell = tell;
    this.changed = changed;
    this.list = find("tray");
    find("attach").addEventListener("click", () => find("file").click());
    find("file").addEventListener("change", (event) => {
      this.add(event.target.files);
      event.target.value = "";
    });
    this.#catchDrops();
    document.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.add(event.clipboardData.files);
    });
  }

  get isEmpty() {
    return this.items.length === 0;
  }

  add(files) {
    // until the page has come in, it is not known whether there is anything to press
    if (!find("start").hidden) {
      this.tell(say("startFirst"));
      return;
    }
    // a page that is shut, or cut off before it came in, says why
    if (find("composer").hidden && !find("banner").hidden) {
      this.tell(find("banner").textContent);
      return;
    }
    for (const file of files) {
      const facts = { name: file.name, size: size(file.size), limit: size(this.limit) };
      if (file.size > this.limit) this.tell(say("tooBig", facts));
      else if (file.size === 0) this.tell(say(file.type === "" && !file.name.includes(".") ? "folder" : "empty", facts));
      else this.#show({ file, key: newKey(), isPicture: PICTURES.has(file.type) });
    }
    this.#update();
  }

  // Sends all, the first with the caption. Resolves to whether all went out; what did not stays.
  async send(caption) {
    let words = caption;
    for (const item of [...this.items]) {
      if (!(await this.#sendOne(item, words))) return false;
      words = "";
    }
    return true;
  }

  async #sendOne(item, caption) {
    item.row.classList.remove("failed");
    item.row.append(item.progress);
    const values = { key: item.key, caption, as: item.isPicture && !item.asFile.checked ? "photo" : "document" };
    const status = await upload(item.file, values, (share) => (item.progress.value = share)).catch(() => 0);
    item.progress.remove();
    if (status === 200) {
      this.#remove(item);
      return true;
    }
    item.row.classList.add("failed");
    item.size.textContent = status === 413 ? say("tooBig", { name: item.file.name, size: size(item.file.size), limit: size(this.limit) }) : say(status === 507 ? "notStored" : "failed");
    return false;
  }

  #show(item) {
    item.size = element("span", { class: "size" }, size(item.file.size));
    item.asFile = element("input", { type: "checkbox" });
    item.progress = element("progress", { max: 1, value: 0, "data-testid": "progress" });
    const cross = element("button", { type: "button", class: "icon", "aria-label": say("remove", { name: item.file.name }), on: { click: () => this.#remove(item) } }, icon(CROSS));
    item.row = element(
      "li",
      { "data-testid": "waiting" },
      element("span", { class: "about" }, element("span", { class: "name" }, item.file.name), item.size),
      item.isPicture ? element("label", {}, item.asFile, say("asFile")) : null,
      cross,
    );
    this.items.push(item);
    this.list.append(item.row);
  }

  #remove(item) {
    this.items = this.items.filter((one) => one !== item);
    item.row.remove();
    this.#update();
  }

  #update() {
    this.list.hidden = this.isEmpty;
    this.changed();
  }

  #catchDrops() {
    let depth = 0;
    const target = find("drop");
    const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const leave = () => {
      depth = 0;
      target.hidden = true;
    };
    document.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      target.hidden = false;
    });
    document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
    document.addEventListener("dragleave", (event) => carriesFiles(event) && --depth <= 0 && leave());
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      leave();
      this.add(event.dataTransfer.files);
    });
  }
}
