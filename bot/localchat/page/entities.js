// A text with Telegram's entities as nodes. Offsets count UTF-16 units, as JavaScript's strings do.

import { element } from "./dom.js";
import { say } from "./words.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote" };
const SAFE = new Set(["http:", "https:", "mailto:", "tg:"]);
const DATE = /(\d{4}-\d{2}-\d{2})/;

export function rich(text, entities, act) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, sorted, 0, text.length, act);
}

function nodes(text, entities, start, end, act) {
  const out = document.createDocumentFragment();
  let at = start;
  entities.forEach((entity, n) => {
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) return;
    out.append(...plain(text.slice(at, from)));
    const around = wrapper(entity, text.slice(entity.offset, entity.offset + entity.length), act);
    (around.querySelector("code") || around).append(nodes(text, entities.slice(n + 1), from, to, act));
    out.append(around);
    // A quotation is a block by itself: the line break behind it would show as an empty line
    at = around.matches("blockquote, pre") && text[to] === "\n" ? to + 1 : to;
  });
  out.append(...plain(text.slice(at, end)));
  return out;
}

// A date stays in one piece: lines are broken behind hyphens.
function plain(words) {
  return words.split(DATE).map((part, n) => (n % 2 ? element("span", { class: "date" }, part) : part));
}

function wrapper(entity, words, act) {
  if (entity.type in TAGS) return element(TAGS[entity.type]);
  switch (entity.type) {
    case "pre": return element("pre", {}, element("code"));
    case "text_link": return link(entity.url);
    case "url": return link(words);
    case "bot_command": return element("button", { type: "button", class: "command", on: { click: () => act.command(words) } });
    case "expandable_blockquote": {
      const quote = element("blockquote", { class: "folded" });
      quote.addEventListener("click", () => quote.classList.toggle("folded"));
      return quote;
    }
    case "spoiler": return spoiler();
    default: return element("span", { class: entity.type === "mention" ? "mention" : "" });
  }
}

function link(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return element("span");
  }
  if (!SAFE.has(url.protocol)) return element("span");
  return element("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" });
}

function spoiler() {
  const hidden = element("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": say("reveal") });
  const show = () => {
    hidden.classList.add("shown");
    hidden.removeAttribute("role");
    hidden.removeAttribute("aria-label");
  };
  hidden.addEventListener("click", show);
  hidden.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return hidden;
}
