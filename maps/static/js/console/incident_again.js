/** Asking the question of an incident again, by the edition, roster and instant that were frozen with it. */

import { getJson } from "../shared/api.js";
import { percent } from "../shared/answer_doubt.js";
import { distanceText, el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";
import { toldWords } from "../shared/states.js";

const SHARES = ["outside_probability", "other_probability"];
/** Parts of an answer that are a code, and which terms those are. */
const CODED = { match: "match", next_step: "next_step", flags: "flag" };

/** One part in words: names before codes, and what tells apart two of one name. */
function wordsOf(part, value) {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map((one) => wordsOf(part, one)).join(text("listBreak")) || "–";
  if (part === "distance_m" || part === "location") return part === "location" ? `${value.lon.toFixed(6)}, ${value.lat.toFixed(6)}` : distanceText(value, { m: text("m"), km: text("km") });
  if (SHARES.includes(part)) return percent(value);
  if (typeof value !== "object") return CODED[part] ? term(CODED[part], value) : String(value);
  const more = [value.role && term("role", value.role), value.part && term("part", value.part), value.probability !== undefined && percent(value.probability)];
  return [value[language()] ?? value.name ?? value.person ?? value.code, ...more].filter(Boolean).join(" · ");
}

/** The parts in which two answers differ, [part, before, after]. */
export function differences(before, after) {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return parts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part])).map((part) => [part, wordsOf(part, before[part]), wordsOf(part, after[part])]);
}

function verdict(frozen, { same, resolution }) {
  if (same) return [el("p", {}, text("againSame", { edition: frozen.edition, roster: frozen.roster }))];
  const rows = differences(frozen, resolution).map(([part, before, after]) => el("li", {}, el("b", {}, term("answer", part)), el("del", {}, before), el("ins", {}, after)));
  return [el("p", { class: "form-error" }, text("againDiffers")), el("ul", { class: "changes" }, rows)];
}

/** A button with the place for what it finds. @returns {button, node} */
export function makeAgain({ number, resolution: frozen }) {
  const node = el("section", { class: "again", role: "status", hidden: true });
  const button = el("button", { class: "plain", type: "button" }, text("again"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    node.hidden = false;
    node.replaceChildren(el("p", {}, text("asking")));
    const parts = await getJson(`api/v1/incidents/${encodeURIComponent(number)}/again`).then(
      (answer) => verdict(frozen, answer),
      (problem) => [el("p", { class: "form-error" }, problem.kind === "offline" ? text("offlineTitle") : toldWords(problem.body))],
    );
    node.replaceChildren(...parts);
    button.disabled = false;
  });
  return { button, node };
}
