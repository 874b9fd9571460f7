/** One report that was sent, whole: where, what, photos, and who was answered. */

import { getJson } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { photoList } from "../shared/photo_list.js";
import { listState } from "../shared/states.js";
import { coordinatesOf, placeName } from "./where.js";

function reportView({ address, description, location, number, photos, resolution: answer }) {
  return [
    description ? el("p", {}, description) : null,
    photoList({ photos, number }),
    el("p", { class: "field-note" }, text("reportPlace", { place: [placeName(answer), address, coordinatesOf(location)].filter(Boolean).join(" · ") })),
    answer.chief ? el("p", { class: "field-note" }, `${term("role", answer.chief.role)} ${answer.chief.name}`) : null,
  ].filter(Boolean);
}

/** Read a report and show it in a node; with another try where that fails. */
export async function putReport(node, number) {
  node.replaceChildren(...listState({ state: "loading" }, 0, {}));
  try {
    node.replaceChildren(...reportView(await getJson(`api/v1/incidents/${encodeURIComponent(number)}`)));
  } catch (problem) {
    node.replaceChildren(...listState({ state: problem.kind ?? "failed" }, 0, { retry: () => putReport(node, number) }));
  }
}
