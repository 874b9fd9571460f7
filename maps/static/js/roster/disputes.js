/** Disputes: who says that an answer is wrong, what was answered, and what became of it. */

import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { timeNode } from "../shared/times.js";
import { readPages } from "./data.js";

export const placeWords = ({ cell, areas }) => [areas.at(-1)?.name, cell?.name || cell?.code].filter(Boolean).join(" · ") || "–";
export const stateWords = (state) => text({ OPEN: "disputeOpen", DETERMINED: "disputeDetermined", DECLINED: "disputeDeclined" }[state]);

const sidesWords = ({ answered, claimed }) => [el("span", {}, answered.name), el("small", {}, claimed ? ` → ${claimed.name}` : ` → ${text("claimedNobody")}`)];

function row(item, chosen, categories, open) {
  const press = el("button", { class: "link", type: "button", onclick: () => open(item.number) }, `${item.number} · ${placeWords(item)}`);
  return el("tr", { "data-dispute": item.number, "data-chosen": item.number === chosen ? "" : null },
    el("td", {}, press, el("small", { class: "clip" }, item.reason)),
    el("td", {}, item.category ? (categories.get(item.category) ?? item.category) : text("noCategory")),
    el("td", {}, sidesWords(item.sides)),
    el("td", { class: "day" }, item.state === "OPEN" ? timeNode(item.opened_at) : stateWords(item.state)));
}

/** @param state {all, chosen} kept by the page; @param categories names by SCHEME:CODE */
export async function disputesView(state, categories, { open, redraw }) {
  const items = await readPages("api/v1/disputes", { state: state.all ? null : "OPEN" });
  const all = el("input", { type: "checkbox", id: "all-disputes", checked: state.all, onchange: (event) => ((state.all = event.target.checked), redraw()) });
  const heads = ["disputed", "matter", "sides", "disputedSince"].map((key) => el("th", { scope: "col" }, text(key)));
  const table = el("div", { class: "roster-scroll" }, el("table", { class: "grid" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, items.map((item) => row(item, state.chosen, categories, open)))));
  return [
    el("div", { class: "roster-filter" }, el("p", { class: "quiet-text", role: "status" }, text("disputeCount", { count: items.length.toLocaleString(language()) })), el("label", { class: "check", for: "all-disputes" }, all, " ", text("withDecided"))),
    items.length ? table : el("div", { class: "state" }, el("h2", {}, text(state.all ? "noDisputes" : "noOpenDisputes"))),
  ];
}
