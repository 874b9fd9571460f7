/** Posts for which nobody answers on the day: vacant, or everybody is away without a stand-in. To be filled from here. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { readPages } from "./data.js";
import { lastDay } from "./days.js";

/** @param act {fill(item) or null for who may only read, open(item)} */
export async function vacanciesView(roster, day, act) {
  const items = await readPages("api/v1/roster/vacancies", { at: day });
  if (!items.length) return [el("div", { class: "state" }, el("h2", {}, text("noVacancies")))];
  const byCode = new Map(roster.posts.map((item) => [item.post.code, item]));
  const nameOf = (code) => roster.persons.get(code)?.name ?? code;
  const row = ({ post, target_name: name, state, absent, last, next }) => {
    const item = byCode.get(post.code);
    const words = `${term("role", post.role)} · ${name ?? post.target_code}`;
    const notes = [
      state === "ABSENT" ? text("absentAlone", { names: absent.map(nameOf).join(" ") }) : text("nobody"),
      last ? text("heldLast", { name: nameOf(last.person), day: lastDay(last) }) : null,
      next ? text("heldNext", { name: nameOf(next.person), day: next.valid_from }) : null,
    ].filter(Boolean).join(" · ");
    return el("li", {},
      item ? el("button", { class: "link", type: "button", onclick: () => act.open(item) }, words) : el("span", {}, words),
      act.fill && item ? el("button", { class: "plain", type: "button", onclick: () => act.fill(item) }, text(item.holders.length ? "changeHolder" : "fill")) : null,
      el("small", {}, `${post.target_code} · ${notes}`));
  };
  return [el("p", { class: "quiet-text" }, `${text("count", { shown: items.length, total: roster.posts.length })} · ${text("vacancyHint")}`), el("ul", { class: "rows" }, items.map(row))];
}
