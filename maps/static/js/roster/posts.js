/** Posts with their holders: a table to filter, page by page; a row opens its detail. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { targetName } from "./roster.js";

const AT_ONCE = 100;

const fits = (item, words, role) =>
  (!role || item.post.role === role) && `${item.person?.name ?? ""} ${item.standIn?.name ?? ""} ${targetName(item)} ${item.post.code} ${term("role", item.post.role)}`.toLowerCase().includes(words);

function row(item, chosen, open) {
  const { post, person, standIn, assignment } = item;
  const who = person ? [person.name, standIn ? el("small", {}, ` ${text("standInShort")} ${standIn.name}`) : null] : el("em", {}, text("nobody"));
  const press = el("button", { class: "link", type: "button", onclick: () => open(item) }, targetName(item));
  return el("tr", { "aria-selected": String(post.code === chosen), class: person ? null : "vacant-row" },
    el("td", {}, term("role", post.role)), el("td", {}, press, el("small", {}, ` ${post.target_code}`)), el("td", {}, who), el("td", {}, assignment?.valid_from ?? "–"));
}

/** @param state {words, role, chosen}, kept by the page; @param open called with the item */
export function postsView(roster, state, open) {
  const search = el("input", { type: "search", class: "input", value: state.words, placeholder: text("findPost"), "aria-label": text("findPost") });
  const roles = [...new Set(roster.posts.map(({ post }) => post.role))].sort();
  const role = el("select", { class: "input", "aria-label": text("post") }, el("option", { value: "" }, text("allRoles")), roles.map((name) => el("option", { value: name, selected: name === state.role }, term("role", name))));
  const count = el("p", { class: "quiet-text", role: "status" });
  const body = el("tbody");
  const more = el("button", { class: "plain", type: "button", onclick: () => ((shown += AT_ONCE), draw()) }, text("more"));
  let shown = AT_ONCE;

  function draw() {
    const words = search.value.trim().toLowerCase();
    state.words = search.value;
    state.role = role.value;
    const found = roster.posts.filter((item) => fits(item, words, role.value));
    body.replaceChildren(...found.slice(0, shown).map((item) => row(item, state.chosen, open)));
    if (!found.length) body.replaceChildren(el("tr", {}, el("td", { colspan: 4 }, text("noMatches"))));
    count.textContent = text("count", { shown: Math.min(shown, found.length), total: found.length });
    more.hidden = found.length <= shown;
  }

  search.addEventListener("input", () => ((shown = AT_ONCE), draw()));
  role.addEventListener("change", () => ((shown = AT_ONCE), draw()));
  draw();
  const heads = ["post", "target", "holder", "heldSince"].map((key) => el("th", { scope: "col" }, text(key)));
  return [el("div", { class: "roster-filter" }, search, role), count, el("div", { class: "roster-scroll" }, el("table", { class: "grid" }, el("thead", {}, el("tr", {}, heads)), body)), more];
}

/** Everything a post is, who held it, and what its holder answers for besides. */
export function postDetail(item, roster, act) {
  const { post, person, standIn } = item;
  const held = roster.assignments.filter((row) => row.post === post.code).sort((a, b) => String(b.valid_from).localeCompare(String(a.valid_from)));
  const others = person ? roster.posts.filter((other) => other.person?.code === person.code) : [];
  const period = ({ valid_from, valid_to }) => `${valid_from ?? "…"} – ${valid_to ?? text("open")}`;
  return [
    el("p", { class: "card-role" }, term("role", post.role)),
    el("h2", {}, targetName(item)),
    el("p", { class: "quiet-text" }, `${post.target_code} · ${post.code}`),
    el("div", { class: person ? "card" : "card vacant" }, el("p", { class: "card-name" }, person?.name ?? text("nobody")), standIn ? el("p", { class: "card-more" }, `${text("standInShort")} ${standIn.name}`) : null),
    act.change ? el("button", { class: "primary", type: "button", onclick: act.change }, text("changeHolder")) : el("p", { class: "quiet-text" }, text("mayNotWrite")),
    others.length > 1 ? el("section", {}, el("h3", {}, `${text("allTargets")} (${others.length})`), el("button", { class: "plain", type: "button", onclick: () => act.show(others.map(({ target }) => target)) }, text("showTargets"))) : null,
    el("section", {}, el("h3", {}, text("history")), el("ul", { class: "rows" }, held.map((row) => el("li", {}, el("span", {}, roster.persons.get(row.person)?.name ?? row.person), el("span", { class: "row-side" }, period(row)))))),
  ].filter(Boolean);
}
