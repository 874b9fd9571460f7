/** Choosing pictures to send along, with small previews; what is chosen stays in the page until it is sent. */

import { el } from "./dom.js";
import { text } from "./language.js";

export const MOST_PHOTOS = 9;
const MOST_BYTES = 12 * 1024 * 1024;
export const PHOTO_TYPES = "image/jpeg,image/png,image/webp";

const PREVIEW_PX = 240;
/** One picture is decoded at a time: whole, one of a phone takes some 200 MB. */
let decoding = Promise.resolve();

/** A small copy of a picture; `broken` is called for a file that does not decode to its end, as an `img` would not tell. */
function previewOf(file, broken) {
  const canvas = el("canvas", { role: "img", "aria-label": file.name });
  decoding = decoding.then(() => createImageBitmap(file, { resizeHeight: PREVIEW_PX, resizeQuality: "medium" })).then((small) => {
    [canvas.width, canvas.height] = [small.width, small.height];
    canvas.getContext("bitmaprenderer").transferFromImageBitmap(small);
  }).catch(broken);
  return canvas;
}

/** @returns {node, files(), setDisabled} */
export function makePhotoChoice(id) {
  let files = [];
  const rows = new Map();
  const input = el("input", { id, class: "unseen", type: "file", accept: PHOTO_TYPES, multiple: true, onchange: () => take([...input.files]) });
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const list = el("ul", { class: "photos" });
  const node = el("div", { class: "field photo-choice" }, input, el("label", { class: "plain photo-add", for: id }, text("photosLabel")), error, list);

  function take(chosen) {
    const fitting = chosen.filter(({ type, size }) => /^image\/(jpeg|png|webp)$/.test(type) && size <= MOST_BYTES);
    const refused = fitting.length < chosen.length || files.length + fitting.length > MOST_PHOTOS;
    files = [...files, ...fitting].slice(0, MOST_PHOTOS);
    tell(refused ? text("photosRefused", { most: MOST_PHOTOS }) : "");
    input.value = "";
    draw();
  }

  function tell(words) {
    error.textContent = words;
    error.hidden = !words;
  }

  function leaveOut(file) {
    files = files.filter((one) => one !== file);
    rows.delete(file);
    draw();
  }

  function rowOf(file) {
    const remove = el("button", { class: "photo-remove", type: "button", "aria-label": text("removePhoto", { name: file.name }), onclick: () => (leaveOut(file), input.focus()) }, "×");
    const broken = () => files.includes(file) && (leaveOut(file), tell(`${error.textContent} ${text("photoBroken", { name: file.name })}`.trim()));
    return el("li", {}, previewOf(file, broken), remove);
  }

  function draw() {
    for (const file of files) if (!rows.has(file)) rows.set(file, rowOf(file));
    list.replaceChildren(...files.map((file) => rows.get(file)));
  }

  return {
    node,
    files: () => files,
    setDisabled(disabled) {
      input.disabled = disabled;
      for (const button of list.querySelectorAll("button")) button.disabled = disabled;
    },
  };
}
