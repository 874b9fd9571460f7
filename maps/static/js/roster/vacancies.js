/** Posts that nobody holds on the day, to be filled from here. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { targetName } from "./roster.js";

/** @param fill called with the item, or null for who may only read */
export function vacanciesView(roster, fill, open) {
  const empty = roster.posts.filter(({ person }) => !person);
  if (!empty.length) return [el("div", { class: "state" }, el("h2", {}, text("noVacancies")))];
  const row = (item) =>
    el("li", {},
      el("button", { class: "link", type: "button", onclick: () => open(item) }, `${term("role", item.post.role)} · ${targetName(item)}`),
      fill ? el("button", { class: "plain", type: "button", onclick: () => fill(item) }, text("fill")) : null,
      el("small", {}, item.post.target_code));
  return [el("p", { class: "quiet-text" }, `${text("count", { shown: empty.length, total: roster.posts.length })} · ${text("vacancyHint")}`), el("ul", { class: "rows" }, empty.map(row))];
}
