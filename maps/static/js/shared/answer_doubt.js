/** In doubt: a word of it beside the answer, each flag with what would settle it, and bars of the places that may be meant. */

import { layerFeatures } from "./api.js";
import { codeText, drawing, el } from "./dom.js";
import { boxAround } from "./highlight.js";
import { term, text } from "./language.js";

const WARNING = ["M10 3 2.5 16.5h15L10 3Z", "M10 8v4M10 14.2v.3"];
const SHOWN = 6;
/** From which probability on an answer is told without a word of doubt. */
const CERTAIN = 0.9;

function flag(code) {
  return el("div", { class: "flag" }, drawing(...WARNING), el("b", {}, term("flag", code)), el("span", {}, term("settle", code)));
}

/** Per cent in words a reader can add up: under one per cent is said so. */
export function percent(share) {
  const value = share * 100;
  return value < 1 ? "< 1 %" : `${Math.round(value)} %`;
}

function bar(label, share) {
  const fill = el("span", { class: "fill" });
  fill.style.width = `${Math.max(1, share * 100)}%`;
  return el("li", {}, el("span", {}, label), el("span", {}, percent(share)), el("span", { class: "track", "aria-hidden": "true" }, fill));
}

/** How likely the answer's own cell is, where that is less than certain; else null. */
function likelihood({ cell, candidates }) {
  const share = candidates.find(({ code }) => code === cell?.code)?.probability;
  return share !== undefined && share < CERTAIN ? share : null;
}

/** Whether there is anything to doubt. */
export const isDoubtful = (answer) => answer.flags.length > 0 || likelihood(answer) !== null;

/** What stands beside the answer, so that nobody takes it for certain: how likely it is, and why; it leads to the rest. */
export function doubtBrief(answer) {
  if (!isDoubtful(answer)) return null;
  const share = likelihood(answer);
  const words = [share === null ? null : text("doubtShare", { share: percent(share) }), ...answer.flags.map((code) => term("flag", code))].filter(Boolean);
  const lead = () => document.querySelector('[data-part="doubt"]')?.scrollIntoView({ block: "start" });
  return el("div", { class: "doubt-brief", "data-part": "doubt-brief" }, drawing(...WARNING), el("p", {}, el("b", {}, text("doubtTitle")), " ", words.join(text("listBreak"))), el("button", { class: "quiet", type: "button", onclick: lead }, text("doubtMore")));
}

/** Names of the candidates, when they are there; until then, and where there is none, the code alone stands. */
async function fillNames(labels, { location: { lon, lat }, edition, candidates }) {
  const metres = Math.max(...candidates.slice(0, SHOWN).map(({ distance_m: distance }) => distance)) + 5;
  const { features } = await layerFeatures("cells", boxAround(lon, lat, metres), 500, undefined, edition).catch(() => ({ features: [] }));
  for (const { properties: { code, name } } of features) if (name) labels.get(code)?.replaceChildren(name, " ", el("small", {}, codeText(code)));
}

function bars(answer) {
  const { candidates, outside_probability: outside, other_probability: other } = answer;
  const labels = new Map(candidates.slice(0, SHOWN).map(({ code }) => [code, el("span", {}, codeText(code))]));
  const rows = candidates.slice(0, SHOWN).map(({ code, probability }) => bar(labels.get(code), probability));
  const rest = candidates.slice(SHOWN);
  if (rest.length) rows.push(bar(text("restShare", { number: rest.length }), rest.reduce((sum, { probability }) => sum + probability, 0)));
  if (outside >= 0.001) rows.push(bar(text("outsideShare"), outside));
  if (other >= 0.001) rows.push(bar(text("otherShare"), other));
  if (candidates.length) fillNames(labels, answer);
  return el("ul", { class: "bars" }, rows);
}

export function doubtPart(answer) {
  const spread = answer.candidates.length > 1 || answer.outside_probability >= 0.001;
  if (!answer.flags.length && !spread) return null;
  return el("section", { "data-part": "doubt" }, el("h3", {}, text("doubtTitle")), answer.flags.map(flag), spread ? bars(answer) : null);
}
