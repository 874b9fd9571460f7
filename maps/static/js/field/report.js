/** The report: category, photo, words, send; then the server's number and who answers. At most four taps. */

import { makeCategoryChoice, rememberCategory } from "../shared/category_choice.js";
import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { makePhotoChoice } from "../shared/photo_choice.js";

const MAX_WORDS = 2000;

function answered(item) {
  const { incident, problem, photos } = item;
  const chief = incident.resolution?.chief;
  return [
    el("h2", { id: "report-title" }, text("sentAs", { number: incident.number })),
    el("p", { class: "field-answer" }, text("whoAnswers", { lead: incident.lead?.name ?? "–" })),
    chief ? el("p", { class: "field-answer" }, text("chiefAnswers", { name: chief.name })) : null,
    photos.length && problem ? el("p", { class: "form-error", role: "alert" }, text("photoFailed", { reason: problem.message })) : null,
  ];
}

/**
 * @param outgoing see outgoing.js; @param source the report's source by the caller's role
 * @returns {open(place)}
 */
export function makeReport(outgoing, source) {
  const dialog = document.getElementById("report-dialog");
  const close = (key = "cancel", look = "quiet") => el("button", { type: "button", class: look, onclick: () => dialog.close() }, text(key));

  function showSent(item, place) {
    const again = el("button", { type: "button", class: "plain", onclick: () => open(place) }, text("another"));
    const retry = item.photos.length ? el("button", { type: "button", class: "plain", onclick: () => outgoing.retry(item).then(() => showSent(item, place)) }, text("retryPhoto")) : null;
    dialog.replaceChildren(...[...answered(item), el("div", { class: "field-buttons" }, retry, again, close("done", "field-primary"))].filter(Boolean));
    dialog.querySelector(".field-primary").focus();
  }

  function open(place) {
    const words = el("textarea", { id: "report-words", rows: 3, maxlength: MAX_WORDS });
    const photo = makePhotoChoice("report-photo");
    const error = el("p", { class: "form-error", role: "alert", hidden: true });
    const send = el("button", { type: "submit", class: "field-primary", disabled: true }, text("send"));
    const choice = makeCategoryChoice(null, "report-category", (key) => (send.disabled = !key));

    async function submit(event) {
      event.preventDefault();
      if (send.disabled) return;
      send.disabled = true;
      send.textContent = text("sending");
      error.hidden = true;
      const { lon, lat, datum, accuracy_m } = place;
      const location = { lon, lat, datum, ...(accuracy_m ? { accuracy_m } : {}) };
      const category = choice.value();
      const item = await outgoing.send({ location, category, description: words.value.trim(), source: source(), occurred_at: new Date().toISOString() }, photo.files());
      rememberCategory(category);
      if (item.incident) return showSent(item, place);
      send.textContent = text("send");
      // Nobody knows whether it arrived: it waits with its key and is not written anew.
      if (outgoing.comesAgain(item)) return dialog.close();
      outgoing.discard(item);
      send.disabled = false;
      error.textContent = text("sendFailed", { reason: item.problem.message });
      error.hidden = false;
    }

    dialog.replaceChildren(
      el("h2", { id: "report-title", tabindex: -1, autofocus: true }, text("reportTitle")),
      el("form", { onsubmit: submit }, choice.node, photo.node, el("label", { for: "report-words" }, text("words")), words, error, el("div", { class: "field-buttons" }, close(), send)),
    );
    if (!dialog.open) dialog.showModal();
  }

  return { open };
}
