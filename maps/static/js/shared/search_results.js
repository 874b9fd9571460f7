/** What was found, grouped by kind; the groups stand in the order of their best result. */

import { codeText, el } from "./dom.js";
import { term, text } from "./language.js";

const GROUP = { cell: "foundCells", area: "foundAreas", segment: "foundSegments", person: "foundPeople", incident: "foundIncidents", place: "foundPlaces", coordinates: "foundCoordinates" };

const POSTS = 3;

/** What tells a thing from others of its name; of people, what they are and for what. */
function detailOf({ kind, detail, posts = [] }) {
  if (kind !== "person") return detail;
  const words = posts.slice(0, POSTS).map(({ role, target_name: name, target_code: code }) => `${term("role", role)} ${name ?? code}`);
  return [...words, ...(posts.length > POSTS ? ["…"] : [])].join(text("listBreak"));
}

function row(item, index, pick) {
  const shown = item.code && item.code !== item.name ? codeText(item.code) : null;
  const words = detailOf(item);
  const detail = words ? el("small", {}, words) : null;
  return el(
    "div",
    { class: "found", role: "option", id: `found-${index}`, "aria-selected": "false", onclick: () => pick(item), onpointerdown: (event) => event.preventDefault() },
    el("span", { class: "found-name" }, item.name || item.code),
    shown && el("span", { class: "found-code" }, shown),
    detail,
  );
}

/** @returns [{item, node}] in the order of the list */
export function drawResults(list, items, pick) {
  const groups = new Map();
  for (const item of items) groups.set(item.kind, [...(groups.get(item.kind) ?? []), item]);
  const options = [];
  const nodes = [...groups].map(([kind, members]) => {
    const label = text(GROUP[kind] ?? "foundOthers");
    const rows = members.map((item) => {
      const node = row(item, options.length, pick);
      options.push({ item, node });
      return node;
    });
    return el("div", { class: "found-group", role: "group", "aria-label": label }, el("p", { class: "found-title", "aria-hidden": "true" }, label), rows);
  });
  list.replaceChildren(...nodes);
  return options;
}

/** What a found thing selects, or null for something without a place. */
export function selectionOfFound(item) {
  if (item.kind === "incident") return { kind: "incident", number: item.code };
  if (item.kind === "person") return { kind: "row", table: "people", code: item.code };
  if (["cell", "area", "segment"].includes(item.kind)) return { kind: item.kind, code: item.code };
  if (!Number.isFinite(item.lon)) return null;
  return { kind: "place", lon: item.lon, lat: item.lat, datum: item.datum ?? "WGS84", accuracy_m: null, category: null };
}
