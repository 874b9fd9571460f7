/** The list of incidents in the left panel: filters, count, live state, and rows that do not jump when others arrive. */

import { linkTo, writeAddress } from "./address.js";
import { filterParts, makeFilters } from "./incident_filters.js";
import { leadName, placeText, stateText, titleOf } from "./incident_terms.js";
import { liveLight } from "./live_light.js";
import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { listState } from "../shared/states.js";
import { refreshTimes, timeNode } from "../shared/times.js";
import { makeVirtualList } from "../shared/virtual_list.js";
import { askSignIn } from "../shared/who.js";
import { actHere } from "./thing_link.js";

const ROW_PX = 68;
const ROW_PX_TOUCH = 76;

function rowOf(incident, open) {
  const link = el(
    "a",
    { class: "incident", href: incident.pending ? "#" : linkTo({ kind: "incident", number: incident.number }), "data-number": incident.number, "data-state": incident.pending ? "PENDING" : incident.state },
    el("span", { class: "incident-title" }, titleOf(incident)),
    timeNode(incident.reported_at),
    el("span", { class: "incident-place" }, placeText(incident)),
    el("span", { class: "incident-more" }, [incident.pending ? null : incident.number, stateText(incident), leadName(incident)].filter(Boolean).join(" · ")),
  );
  return actHere(link, () => open(incident.number));
}

/** @param parts {store, open(number), box() → what the map shows}; @returns {refresh, step(by), select(number), follow(filters), filterWords() → texts, translate, live(state)} */
export function makeIncidentList({ store, open, box }) {
  const host = document.getElementById("view-incidents");
  const filters = makeFilters((next) => {
    writeAddress(filterParts(next));
    apply(next);
  }, () => list.redraw());
  const count = el("p", { class: "list-count", role: "status" });
  const live = el("span", { class: "live-light", hidden: true });
  const fresh = el("button", { class: "fresh-pill", type: "button", hidden: true, onclick: () => ((scroller.scrollTop = 0), accept()) });
  const scroller = el("div", { class: "list-box" });
  const note = el("div", { class: "list-note" });
  host.append(filters.node, el("div", { class: "list-head" }, count, live), el("div", { class: "list-frame" }, fresh, scroller, note));
  const list = makeVirtualList(scroller, {
    draw: (item) => rowOf(item, open),
    keyOf: ({ number }) => number,
    rowHeight: () => (matchMedia("(width < 900px)").matches ? ROW_PX_TOUCH : ROW_PX),
    label: () => text("tabIncidents"),
  });
  let shown = [];
  let newest = "";
  let chosen = null;
  let liveState = null;

  const inView = (item) => {
    const [west, south, east, north] = box();
    const { lon, lat } = item.location;
    return lon >= west && lon <= east && lat >= south && lat <= north;
  };

  /** Everything that is here now counts as seen. */
  function accept() {
    newest = store.items().find(({ pending }) => !pending)?.number ?? "";
    fresh.hidden = true;
  }

  function tellCount({ state, more }) {
    const number = shown.length.toLocaleString(language());
    count.textContent = state === "ready" ? text(more ? "countSoFar" : "count", { number }) : "";
  }

  function refresh(why = "page") {
    const status = store.status();
    shown = store.filters()?.inview ? store.items().filter(inView) : store.items();
    list.set(shown, { stay: why !== "filters" });
    tellCount(status);
    note.replaceChildren(...listState(status, shown.length, { retry: () => store.load(), signIn: askSignIn }));
    if (why === "filters" || scroller.scrollTop === 0) accept();
    else {
      const news = shown.filter(({ number, pending }) => !pending && number > newest).length;
      fresh.hidden = !news;
      fresh.textContent = text("newOnes", { number: news });
    }
    mark();
  }

  function mark() {
    for (const node of scroller.querySelectorAll("[aria-current]")) node.removeAttribute("aria-current");
    list.node(chosen)?.querySelector("a").setAttribute("aria-current", "true");
  }

  function apply(next) {
    scroller.scrollTop = 0;
    const before = store.filters();
    const sameForService = before && ["q", "state", "about", "period", "mine"].every((name) => before[name] === next[name]);
    if (sameForService) Object.assign(before, next);
    else store.load(next);
    refresh("filters");
  }

  scroller.addEventListener("scroll", () => (scroller.scrollTop === 0 && accept(), requestAnimationFrame(mark)), { passive: true });
  store.subscribe(refresh);
  setInterval(() => refreshTimes(scroller), 30_000);

  return {
    refresh,
    filterWords: filters.words,
    follow: (wanted) => apply(filters.set(wanted)),
    select(number) {
      chosen = number;
      mark();
    },
    /** To the next row or the one before: from the row that has the focus, else from the selected one. */
    step(by) {
      if (!shown.length) return;
      const focused = list.indexOf(document.activeElement);
      const at = focused >= 0 ? focused : shown.findIndex(({ number }) => number === chosen);
      list.focus(at < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, at + by)));
    },
    live(state) {
      liveState = state;
      liveLight(live, state);
    },
    translate() {
      filters.translate();
      list.redraw();
      refresh();
      this.live(liveState);
    },
  };
}
