/** What a decision will change: on how much ground, from when until when, and who leads for what, now and from then on. */

import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { lastDay } from "./days.js";
import { blockedWords, findingsOf } from "./difference.js";

const FEW = 3;
const HECTARE_M2 = 10_000;

const amount = (value) => value.toLocaleString(language(), { maximumSignificantDigits: 2 });

/** About how large some ground is; a component has no measure. */
function sizeWords(squareMetres) {
  if (!squareMetres) return null;
  return squareMetres < HECTARE_M2 / 10 ? text("squareMetres", { amount: amount(squareMetres) }) : text("hectares", { amount: amount(squareMetres / HECTARE_M2) });
}

function mattersWords(keys, names) {
  const shown = keys.slice(0, keys.length > FEW + 1 ? FEW : keys.length).map((key) => names.get(key) ?? key);
  const words = shown.join(language() === "zh" ? "、" : ", ");
  return shown.length < keys.length ? text("andMore", { words, count: keys.length }) : words;
}

function leadRow({ before, after, categories, cells }, names) {
  const who = before.code === after.code ? text("leadStays", { name: before.name }) : [el("span", { class: "was" }, before.name), " → ", el("b", {}, after.name)];
  return el("li", {}, el("span", {}, who), el("span", { class: "row-side" }, text("inCells", { count: cells })), el("small", {}, mattersWords(categories, names)));
}

/** In how many of the cells it was asked, and whether anything changes in them. */
function askedWords({ cells, asked, leads }) {
  if (!asked && cells) return [text("foreseenIntricate")];
  const isChange = leads.some(({ before, after }) => before.code !== after.code);
  return [asked < cells && text("foreseenAsked", { count: asked.toLocaleString(language()) }), !isChange && text("foreseenNothing")].filter(Boolean);
}

/** @param answer of the service to a decision that is not made yet; @param names of categories by SCHEME:CODE */
export function foreseenView(answer, names) {
  const { cells, area_m2: area, leads } = answer.ground;
  const { valid_from: from, ...row } = answer.added[0].row;
  const ends = lastDay(row);
  return el("div", { class: "difference foreseen", tabindex: "0", role: "group", "aria-label": text("preview") },
    blockedWords(answer),
    el("h3", {}, text("foreseenGround", { count: cells.toLocaleString(language()) }), sizeWords(area) ? el("small", {}, ` · ${sizeWords(area)}`) : null),
    el("p", {}, [text("fromOn", { day: from }), ends ? text("untilDay", { day: ends }) : text("withoutEnd")].join(" · ")),
    askedWords(answer.ground).map((words) => el("p", { class: "quiet-text" }, words)),
    el("ul", { class: "rows" }, leads.map((lead) => leadRow(lead, names))),
    findingsOf(answer));
}
