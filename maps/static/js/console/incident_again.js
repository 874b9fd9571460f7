/** Asking the question of an incident again, by the edition, roster and instant that were frozen with it. */

import { getJson } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { language, term, text } from "../shared/language.js";

function wordsOf(value) {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(wordsOf).join("；") || "–";
  if (typeof value !== "object") return String(value);
  return value[language()] ?? value.name ?? value.code ?? JSON.stringify(value);
}

/** The parts in which two answers differ, [part, before, after]. */
export function differences(before, after) {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return parts.filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part])).map((part) => [part, wordsOf(before[part]), wordsOf(after[part])]);
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
      (problem) => [el("p", { class: "form-error" }, problem.kind === "offline" ? text("offlineTitle") : problem.message)],
    );
    node.replaceChildren(...parts);
    button.disabled = false;
  });
  return { button, node };
}
