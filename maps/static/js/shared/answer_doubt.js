/** In doubt: each flag with what would settle it, and bars of the places that may be meant. */

import { codeText, drawing, el } from "./dom.js";
import { term, text } from "./language.js";

const WARNING = ["M10 3 2.5 16.5h15L10 3Z", "M10 8v4M10 14.2v.3"];

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

export function doubtPart({ flags, candidates, outside_probability, other_probability }) {
  const spread = candidates.length > 1 || outside_probability >= 0.001;
  if (!flags.length && !spread) return null;
  const bars = candidates.map(({ code, probability }) => bar(codeText(code), probability));
  if (outside_probability >= 0.001) bars.push(bar(text("outsideShare"), outside_probability));
  if (other_probability >= 0.001) bars.push(bar(text("otherShare"), other_probability));
  return el(
    "section",
    { "data-part": "doubt" },
    el("h3", {}, text("doubtTitle")),
    flags.map(flag),
    spread ? el("ul", { class: "bars" }, bars) : null,
  );
}
