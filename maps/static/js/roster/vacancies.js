/** Posts for which nobody answers on the day: vacant, or everybody is away without a stand-in. To be filled from here. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { readPages } from "./data.js";
import { lastDay } from "./days.js";
import { makeMore } from "./more.js";
import { placeCode, postWords } from "./row_words.js";

/** @param chosen code of the post that is open; @param act {fill(item) or null for who may only read, open(item)} */
export async function vacanciesView(roster, day, chosen, act) {
  const items = await readPages("api/v1/roster/vacancies", { at: day });
  if (!items.length) return [el("div", { class: "state" }, el("h2", {}, text("noVacancies")))];
  const nameOf = (code) => roster.persons.get(code)?.name ?? code;
  const row = ({ post, target_name: name, state, absent, last, next }) => {
    const item = roster.byPost.get(post.code);
    const words = postWords({ post, name });
    const notes = [
      state === "ABSENT" ? text("absentAlone", { names: absent.map(nameOf).join(" ") }) : text("nobody"),
      last ? text("heldLast", { name: nameOf(last.person), day: lastDay(last) }) : null,
      next ? text("heldNext", { name: nameOf(next.person), day: next.valid_from }) : null,
    ].filter(Boolean).join(" · ");
    return el("li", { "data-post": post.code, "data-chosen": post.code === chosen ? "" : null },
      item ? el("button", { class: "link", type: "button", onclick: () => act.open(item) }, words) : el("span", {}, words),
      act.fill && item ? el("button", { class: "plain", type: "button", onclick: () => act.fill(item) }, text(item.holders.length ? "changeHolder" : "fill")) : null,
      el("small", {}, `${item ? placeCode(item) : post.target_code} · ${notes}`));
  };
  const list = el("ul", { class: "rows" });
  const more = makeMore(list, row);
  more.set(items);
  return [el("p", { class: "quiet-text" }, text("vacancyCount", { count: items.length, total: roster.posts.length })), list, more.node];
}
