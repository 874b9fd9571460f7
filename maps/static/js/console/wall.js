/** The wall screen (`?view=wall`, key `w`): the map, big figures and what comes in, to be read from across a room; no chrome. */

import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { cityNow, timeNode } from "../shared/times.js";
import { liveLight } from "./live_light.js";
import { leadName, placeText, subdistrictOf, titleOf } from "./incident_terms.js";

const HOUR_MS = 3_600_000;
const LATEST = 10;
const TOP = 6;

/** The groups with most incidents, [name, number]. */
function mostOf(items, nameOf) {
  const numbers = new Map();
  for (const item of items) numbers.set(nameOf(item), (numbers.get(nameOf(item)) ?? 0) + 1);
  return [...numbers].filter(([name]) => name).sort((a, b) => b[1] - a[1]).slice(0, TOP);
}

const figure = (key, number) => el("div", { class: "figure" }, el("dt", {}, text(key)), el("dd", {}, number.toLocaleString(language())));

function ranking(key, pairs) {
  const most = pairs[0]?.[1] ?? 1;
  const row = ([name, number]) => {
    const fill = el("span", { class: "fill" });
    fill.style.width = `${(number / most) * 100}%`;
    return el("li", {}, el("span", {}, name), el("span", {}, String(number)), el("span", { class: "track", "aria-hidden": "true" }, fill));
  };
  return pairs.length ? el("section", {}, el("h2", {}, text(key)), el("ol", { class: "bars" }, pairs.map(row))) : null;
}

const entry = (item) =>
  el("li", { "data-number": item.number }, el("span", { class: "wall-title" }, titleOf(item)), timeNode(item.reported_at), el("span", { class: "wall-place" }, [placeText(item), leadName(item)].filter(Boolean).join(" · ")));

/** @returns {show(on), isOn, draw, live(state)} */
export function makeWall({ store, cityName }) {
  const host = document.getElementById("wall");
  let shown = false;
  let state = null;
  let timer = null;
  let before = null;

  function draw() {
    if (!shown) return;
    const items = store.items().filter(({ pending }) => !pending);
    const now = Date.now();
    const within = (ms) => items.filter(({ reported_at }) => now - Date.parse(reported_at) <= ms);
    const today = within(24 * HOUR_MS);
    const clock = cityNow(now).slice(11);
    const light = liveLight(el("span", { class: "live-light" }), state);
    host.replaceChildren(
      el("header", { class: "wall-head" }, el("h1", {}, cityName), el("p", { class: "wall-clock" }, clock), light),
      el("dl", { class: "figures" }, figure("wallHour", within(HOUR_MS).length), figure("wallDay", today.length), figure("wallWeek", within(7 * 24 * HOUR_MS).length)),
      el("section", { class: "wall-latest" }, el("h2", {}, text("wallLatest")), items.length ? el("ol", {}, items.slice(0, LATEST).map(entry)) : el("p", {}, text("noIncidents"))),
      el("div", { class: "wall-rankings" }, ...[ranking("wallAreas", mostOf(today, (item) => subdistrictOf(item)?.name)), ranking("wallCategories", mostOf(today, titleOf))].filter(Boolean)),
    );
  }

  store.subscribe(draw);
  return {
    draw,
    isOn: () => shown,
    live(next) {
      state = next;
      draw();
    },
    show(on) {
      const changes = on !== shown;
      if (on && changes) before = document.activeElement;
      shown = on;
      document.body.toggleAttribute("data-wall", on);
      host.hidden = !on;
      if (changes) (on ? document.getElementById("main") : before)?.focus({ preventScroll: true });
      clearInterval(timer);
      if (on) timer = setInterval(draw, 15_000);
      draw();
    },
  };
}
