/** The form for a new incident: what it is, words, photos, who told it; everything but the place is optional. */

import { makeCategoryChoice } from "../shared/category_choice.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { makePhotoChoice } from "../shared/photo_choice.js";

const SOURCES = ["HOTLINE_12345", "PUBLIC_APP", "COLLECTOR", "CHIEF", "STEWARD", "COUNCIL", "VIDEO", "SUPERIOR", "MEDIA", "CHECKLIST"];
const OF_ROLE = { COLLECTOR: "COLLECTOR", LANE_CHIEF: "CHIEF", GRID_OFFICER: "COLLECTOR", STEWARD: "STEWARD", INSPECTOR: "CHECKLIST" };

const labelled = (id, key, input) => el("div", { class: "field" }, el("label", { for: id }, text(key)), input);

/**
 * @param place {words, category, role}; @param on {send(fields, files), cancel}
 * @returns {node, setBusy(busy), fail(words, {again})}
 */
export function makeRecordForm(place, on) {
  const category = makeCategoryChoice(place.category, "record-category");
  const photos = makePhotoChoice("record-photos");
  const words = el("textarea", { id: "record-words", maxlength: 2000, rows: 2 });
  const address = el("input", { id: "record-address", maxlength: 200 });
  const name = el("input", { id: "record-name", maxlength: 100, autocomplete: "off" });
  const phone = el("input", { id: "record-phone", type: "tel", maxlength: 40, autocomplete: "off" });
  const source = el("select", { id: "record-source" }, SOURCES.map((code) => el("option", { value: code }, term("source", code))));
  source.value = OF_ROLE[place.role] ?? "HOTLINE_12345";
  const send = el("button", { class: "primary", type: "submit" }, text("send"));
  const cancel = el("button", { class: "quiet", type: "button", onclick: on.cancel }, text("cancel"));
  const error = el("p", { class: "form-error", role: "alert", hidden: true });
  const fields = el(
    "fieldset",
    { class: "form-fields" },
    category.node,
    labelled("record-words", "words", words),
    photos.node,
    el("details", { class: "more" }, el("summary", {}, text("moreFields")), labelled("record-source", "sourceLabel", source), labelled("record-address", "address", address), labelled("record-name", "contactName", name), labelled("record-phone", "contactPhone", phone)),
  );

  function read() {
    const contact = { name: name.value.trim() || undefined, phone: phone.value.trim() || undefined };
    return {
      category: category.value() ?? undefined,
      description: words.value.trim(),
      source: source.value,
      address: address.value.trim() || undefined,
      contact: contact.name || contact.phone ? contact : undefined,
    };
  }

  function fail(message) {
    error.textContent = message;
    error.hidden = !message;
  }

  /** What was typed to find a category and led to none would be lost without a word. */
  function submit(event) {
    event.preventDefault();
    const unsettled = category.unsettled();
    if (!unsettled) return on.send(read(), photos.files());
    fail(text("categoryUnsettled", { words: unsettled }));
    category.focus();
  }

  const node = el(
    "form",
    { class: "form record", "aria-labelledby": "record-title", novalidate: true, onsubmit: submit },
    el("h2", { id: "record-title", tabindex: "-1" }, text("recordTitle")),
    el("p", { class: "crumbs" }, place.words),
    fields,
    el("div", { class: "form-actions form-foot" }, error, send, cancel),
  );
  // What was wrong is being mended.
  node.addEventListener("input", () => fail(""));
  node.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && !send.disabled && node.requestSubmit());
  return {
    node,
    /** While a report is on its way nothing of it can be changed; it can only be sent again as it is. */
    setBusy(busy, again = false) {
      fields.disabled = busy || again;
      photos.setDisabled(busy || again);
      send.disabled = busy;
      send.textContent = text(busy ? "sending" : again ? "sendAgain" : "send");
    },
    fail,
    focus: () => node.querySelector("input[type=radio]:checked, input")?.focus({ preventScroll: true }),
  };
}
