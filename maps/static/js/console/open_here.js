/** What is already open at a place: incidents within 100 m or in the same cell, so that nothing is recorded twice. */

import { getJson } from "../shared/api.js";
import { distanceText, el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { may } from "../shared/session.js";
import { timeNode } from "../shared/times.js";
import { boxAround } from "../shared/highlight.js";
import { cellCode, titleOf } from "./incident_terms.js";
import { thingLink } from "./thing_link.js";

const NEAR_M = 100;
const SHOWN = 5;

function metresBetween(a, b) {
  const dy = (a.lat - b.lat) * 111_320;
  const dx = (a.lon - b.lon) * 111_320 * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(dx, dy);
}

function row({ item, metres }, open) {
  const link = thingLink({ kind: "incident", number: item.number }, () => open(item.number), titleOf(item));
  const distance = distanceText(metres, { m: text("m"), km: text("km") });
  return el("li", {}, el("span", {}, link), el("span", { class: "row-side" }, distance), el("small", {}, `${item.number} · `, timeNode(item.reported_at)));
}

/** A part of the answer that fills in by itself; it stays away where there is nothing or nothing may be read. */
export function openHerePart(answer, open) {
  const node = el("details", { class: "open-here", "data-part": "open", hidden: true });
  if (!may("READ_INCIDENTS")) return node;
  const { lon, lat } = answer.location;
  const bbox = boxAround(lon, lat, NEAR_M * 1.5).map((value) => value.toFixed(7)).join(",");
  getJson("api/v1/incidents", { bbox, limit: 100 }).then(
    ({ items }) => {
      const here = items
        .map((item) => ({ item, metres: metresBetween(answer.location, item.location) }))
        .filter(({ item, metres }) => metres <= NEAR_M || (answer.cell && cellCode(item) === answer.cell.code))
        .sort((a, b) => a.metres - b.metres);
      node.hidden = !here.length;
      const more = here.length > SHOWN ? el("p", { class: "crumbs" }, text("openMore", { number: here.length - SHOWN })) : "";
      node.replaceChildren(el("summary", {}, text("openTitle", { number: here.length })), el("ul", { class: "rows" }, here.slice(0, SHOWN).map((one) => row(one, open))), more);
    },
    () => {},
  );
  return node;
}
