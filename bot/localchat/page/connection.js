// The line to the server: events come in, what the person does goes out.

import { locale } from "./words.js";

const FIRST_PAUSE = 400;
const LAST_PAUSE = 5000;

// Calls `heard(event)` for each event and `changed(isUp)` as the line comes and goes; every time it comes, all is told anew.
export function listen(heard, changed) {
  let pause = FIRST_PAUSE;
  const open = () => {
    const socket = new WebSocket(`ws://${location.host}/chat/events`);
    socket.addEventListener("message", ({ data }) => {
      pause = FIRST_PAUSE;
      heard(JSON.parse(data));
    });
    socket.addEventListener("open", () => changed(true));
    socket.addEventListener("close", () => {
      changed(false);
      setTimeout(open, pause);
      pause = Math.min(pause * 1.7, LAST_PAUSE);
    });
  };
  open();
}

// Whether this browser came by no link of the console's. A server that is away shuts nobody out.
export async function isShut() {
  const answer = await fetch(`/chat/language?${new URLSearchParams({ language: locale })}`).catch(() => null);
  return answer?.status === 401;
}

export function newKey() {
  return crypto.randomUUID();
}

// Rejects if it did not arrive; the answer's `status` is 200 if it was taken.
export function post(path, values) {
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...values, language: locale }),
  });
}

export async function ask(path, values = {}) {
  const answer = await fetch(`${path}?${new URLSearchParams({ ...values, language: locale })}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// Resolves to the status; `progress` is told the share that has gone out. Rejects if the line broke.
export function upload(file, values, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...values, language: locale })) form.append(name, value);
    form.append("file", file, file.name);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => resolve(request.status));
    request.addEventListener("error", () => reject(new Error("the connection broke")));
    request.open("POST", "/chat/upload");
    request.send(form);
  });
}
