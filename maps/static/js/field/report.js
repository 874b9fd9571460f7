/** The report: category, photo, words, send; then the server's number and who answers. At most four taps. */

import { makeCategoryChoice, rememberCategory } from "../shared/category_choice.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { makePhotoChoice } from "../shared/photo_choice.js";
import { session } from "../shared/session.js";
import { reasonText } from "../shared/states.js";
import { otherPhotos, photoWords } from "./photo_trouble.js";
import { coordinatesOf } from "./where.js";

const MAX_WORDS = 2000;

function answered(item) {
  const { incident } = item;
  const missing = photoWords(item);
  const chief = incident.resolution?.chief;
  const [before, after] = text("sentAs", { number: "\u0000" }).split("\u0000");
  return [
    el("h2", { id: "report-title" }, before, el("span", { class: "field-number" }, incident.number), after),
    el("p", { class: "field-answer" }, text("whoAnswers", { lead: incident.lead?.name ?? "–" })),
    chief ? el("p", { class: "field-answer" }, `${term("role", chief.role)} ${chief.name}`) : null,
    missing ? el("p", { class: "form-error", role: "alert" }, missing) : null,
  ];
}

/**
 * @param outgoing see outgoing.js; @param source the report's source by the caller's role; @param nameOf the name of a place,
 * null as long as nobody knows it
 * @returns {open(place), named}; `named`: a name may have come to be known
 */
export function makeReport(outgoing, source, nameOf) {
  const dialog = document.getElementById("report-dialog");
  /** What is being written: a dialog that closes by a slip of the hand has lost nothing. */
  let draft = null;
  const close = (key = "close", look = "quiet") => el("button", { type: "button", class: look, onclick: () => dialog.close() }, text(key));

  function showSent(item, place) {
    const again = el("button", { type: "button", class: "plain", onclick: () => open(place) }, text("another"));
    const anew = () => showSent(item, place);
    const retry = item.photos.length ? el("button", { type: "button", class: "plain", onclick: () => outgoing.retry(item).then(anew) }, text("retryPhoto")) : null;
    const other = item.refused.length ? otherPhotos(item, outgoing, anew) : null;
    dialog.replaceChildren(...[...answered(item), el("div", { class: "field-buttons" }, retry, other, again, close("done", "field-primary"))].filter(Boolean));
    dialog.querySelector(".field-primary").focus();
  }

  function open(place) {
    if (draft?.login === session().login) draft.moveTo(place);
    else write(place);
    if (!dialog.open) dialog.showModal();
  }

  function write(place) {
    let name = null;
    const at = el("p", { class: "field-note" });
    const words = el("textarea", { id: "report-words", rows: 3, maxlength: MAX_WORDS });
    const photo = makePhotoChoice("report-photo");
    const error = el("p", { class: "form-error", role: "alert", hidden: true });
    const send = el("button", { type: "submit", class: "field-primary", disabled: true }, text("send"));
    const choice = makeCategoryChoice(undefined, "report-category", () => (send.disabled = false));

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
      if (item.incident || outgoing.comesAgain(item)) draft = null;
      if (item.incident) return showSent(item, place);
      send.textContent = text("send");
      // Nobody knows whether it arrived: it waits with its key and is not written anew.
      if (outgoing.comesAgain(item)) return dialog.close();
      outgoing.discard(item);
      send.disabled = false;
      error.textContent = text("sendFailed", { reason: reasonText(item.problem) });
      error.hidden = false;
    }

    draft = {
      login: session().login,
      moveTo(there) {
        [place, name] = [there, null];
        draft.named();
      },
      /** A place keeps its name when the next one's is known. */
      named() {
        name = nameOf(place) ?? name;
        at.textContent = text("reportPlace", { place: name ?? coordinatesOf(place) });
      },
    };
    draft.moveTo(place);
    dialog.replaceChildren(
      el("h2", { id: "report-title", tabindex: -1, autofocus: true }, text("reportTitle")),
      at,
      el("form", { onsubmit: submit }, choice.node, photo.node, el("label", { for: "report-words" }, text("words")), words, error, el("div", { class: "field-buttons" }, close(), send)),
    );
  }

  return { open, named: () => draft?.named() };
}
