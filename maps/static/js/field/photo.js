/** One photo from camera or gallery, shown before it is sent. The server re-encodes it and drops what it tells beside the picture. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";

const TYPES = "image/jpeg,image/png,image/webp";

/** @returns {node, file} */
export function photoChoice() {
  let file = null;
  const input = el("input", { type: "file", accept: TYPES, capture: "environment", class: "unseen", id: "report-photo" });
  const label = el("label", { class: "field-photo", for: "report-photo" }, text("addPhoto"));
  const picture = el("img", { class: "field-preview", alt: "", hidden: true });
  const remove = el("button", { type: "button", class: "quiet", hidden: true, onclick: () => take(null) }, text("dropPhoto"));

  function take(next) {
    if (picture.src) URL.revokeObjectURL(picture.src);
    file = next;
    picture.hidden = remove.hidden = !file;
    if (file) picture.src = URL.createObjectURL(file);
    else {
      picture.removeAttribute("src");
      input.value = "";
    }
    label.textContent = text(file ? "photoTaken" : "addPhoto");
  }

  input.addEventListener("change", () => input.files.length && take(input.files[0]));
  return { node: el("div", { class: "field-photo-box" }, input, label, picture, remove), file: () => file };
}
