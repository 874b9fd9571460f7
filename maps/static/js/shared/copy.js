/** Copying, also where the page came over plain http and the browser keeps its clipboard API to itself. */

import { el } from "./dom.js";
import { text } from "./language.js";

/** @returns whether it is now in the clipboard */
export async function copyText(value) {
  if (navigator.clipboard) {
    const done = await navigator.clipboard.writeText(value).then(() => true, () => false);
    if (done) return true;
  }
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = value;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

/** A button that copies what `value()` gives when pressed and says so for a moment. */
export function copyButton(key, done, value) {
  const node = el("button", { class: "plain", type: "button" }, text(key));
  node.addEventListener("click", async () => {
    if (!(await copyText(value()))) return;
    node.textContent = text(done);
    setTimeout(() => (node.textContent = text(key)), 1500);
  });
  return node;
}
