/** Posts with their holders: a table to filter, page by page; a row opens its detail. */

import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { lastDay } from "./days.js";
import { AT_ONCE, makeMore } from "./more.js";
import { targetName } from "./roster.js";
import { placeCode } from "./row_words.js";

const wordsOf = ({ post, holders, name }) =>
  [...holders.flatMap(({ person, standIn }) => [person.name, standIn?.name]), targetName({ post, name }), post.target_code, post.code, term("role", post.role)].join(" ").toLowerCase();

const fits = (item, words, role) => (!role || item.post.role === role) && (!words || wordsOf(item).includes(words));

function holderWords({ person, standIn, isAway }) {
  const notes = [isAway ? text("away") : null, standIn ? `${text("standInShort")} ${standIn.name}` : null].filter(Boolean).join(" · ");
  return el("span", { class: "holder" }, person.name, notes ? el("small", {}, ` ${notes}`) : null);
}

function row(item, chosen, open) {
  const { post, holders } = item;
  const who = holders.length ? holders.map(holderWords) : el("em", {}, text("nobody"));
  const press = el("button", { class: "link", type: "button", onclick: () => open(item) }, targetName(item));
  const since = [...new Set(holders.map(({ assignment }) => assignment.valid_from).filter(Boolean))].join(" ");
  return el("tr", { "data-post": post.code, "data-chosen": post.code === chosen ? "" : null, class: holders.length ? null : "vacant-row" },
    el("td", { class: "role" }, term("role", post.role)), el("td", {}, press, el("small", {}, ` ${placeCode(item)}`)), el("td", {}, who), el("td", { class: "day", "data-head": text("heldSince") }, since));
}

/** The chosen one first where it would not be among those that are drawn at once. */
function chosenInSight(items, chosen) {
  const at = chosen ? items.findIndex(({ post }) => post.code === chosen) : -1;
  return at < AT_ONCE ? items : [items[at], ...items.slice(0, at), ...items.slice(at + 1)];
}

/** @param state {words, role, chosen}, kept by the page; @param open called with the item */
export function postsView(roster, state, open) {
  const search = el("input", { type: "search", id: "find-post", class: "input", value: state.words, placeholder: text("findPost"), "aria-label": text("findPost") });
  const roles = [...new Set(roster.posts.map(({ post }) => post.role))].sort();
  const role = el("select", { class: "input", "aria-label": text("post") }, el("option", { value: "" }, text("allRoles")), roles.map((name) => el("option", { value: name, selected: name === state.role }, term("role", name))));
  const count = el("p", { class: "quiet-text", role: "status" });
  const body = el("tbody");
  const more = makeMore(body, (item) => row(item, state.chosen, open), { told: (shown, total) => (count.textContent = text("count", { shown, total })) });

  function draw() {
    const words = search.value.trim().toLowerCase();
    state.words = search.value;
    state.role = role.value;
    more.set(chosenInSight(roster.posts.filter((item) => fits(item, words, role.value)), state.chosen));
    if (!body.children.length) body.append(el("tr", {}, el("td", { class: "none", colspan: 4 }, text("noMatches"))));
  }

  search.addEventListener("input", draw);
  role.addEventListener("change", draw);
  draw();
  const heads = ["post", "target", "holder", "heldSince"].map((key) => el("th", { scope: "col" }, text(key)));
  return [el("div", { class: "roster-filter" }, search, role), count, el("div", { class: "roster-scroll" }, el("table", { class: "grid" }, el("thead", {}, el("tr", {}, heads)), body)), more.node];
}

/** From when until when, in words where it is not over: what begins later does not last "to date". */
function period(row, day) {
  const last = lastDay(row);
  return !last && row.valid_from > day ? text("fromOn", { day: row.valid_from }) : `${row.valid_from ?? "…"} – ${last ?? text("open")}`;
}

/** Until when somebody holds a post that has an end, and who holds it then. */
function successionOf({ assignment }, held, roster) {
  const last = lastDay(assignment);
  if (!last) return null;
  const next = held.find((row) => row.valid_from === assignment.valid_to);
  const name = next && (roster.persons.get(next.person)?.name ?? next.person);
  return el("p", { class: "card-more" }, name ? text("untilThen", { day: last, name }) : text("untilDay", { day: last }));
}

function absencesOf(person, roster, day, act) {
  const coming = roster.absences.filter((row) => row.person === person.code && (!row.valid_to || row.valid_to > day));
  const line = (row) => el("li", {}, el("span", {}, `${text("away")} ${period(row, day)}`), act.absence ? el("button", { class: "link", type: "button", onclick: () => act.absence(person, row) }, text("change")) : null);
  return coming.length ? el("ul", { class: "rows" }, coming.map(line)) : null;
}

function holderCard(holder, held, roster, day, act) {
  const { person, standIn, isAway } = holder;
  const button = (key, onclick) => el("button", { class: "plain", type: "button", onclick }, text(key));
  return el("div", { class: "card" },
    el("p", { class: "card-name" }, person.name, isAway ? el("span", { class: "chip" }, text("away")) : null),
    el("p", { class: "card-more" }, standIn ? `${text("standInShort")} ${standIn.name}` : text(isAway ? "awayAlone" : "noStandIn")),
    successionOf(holder, held, roster),
    absencesOf(person, roster, day, act),
    act.change ? el("div", { class: "form-actions" }, button("changeHolder", () => act.change(holder)), button("changeStandIn", () => act.standIn(holder)), button("addAbsence", () => act.absence(person, null))) : null);
}

/** Everything a post is, who holds it, who did, and what each holder answers for besides. @param act what the reader may do */
export function postDetail(item, roster, day, act) {
  const { post, holders } = item;
  const held = roster.assignments.filter((row) => row.post === post.code).sort((a, b) => String(b.valid_from ?? "").localeCompare(String(a.valid_from ?? "")));
  const mine = new Set(holders.map(({ person }) => person.code));
  const others = roster.posts.filter((other) => other.holders.some(({ person }) => mine.has(person.code)));
  const past = (row) => {
    const instead = row.stand_in ? el("small", {}, `${text("standInShort")} ${roster.persons.get(row.stand_in)?.name ?? row.stand_in}`) : null;
    const isFresh = act.takeBack && row.valid_from >= day;
    const away = isFresh ? el("button", { class: "link", type: "button", onclick: () => act.takeBack(row) }, text("takeBack")) : null;
    return el("li", {}, el("span", {}, roster.persons.get(row.person)?.name ?? row.person), el("span", { class: "row-side" }, period(row, day)), instead, away);
  };
  return [
    el("p", { class: "card-role" }, term("role", post.role)),
    el("h2", {}, targetName(item)),
    el("p", { class: "quiet-text" }, `${post.target_code} · ${post.code}`),
    holders.length ? holders.map((holder) => holderCard(holder, held, roster, day, act)) : el("div", { class: "card vacant" }, el("p", { class: "card-name" }, text("nobody"))),
    act.change ? (holders.length ? null : el("button", { class: "primary", type: "button", onclick: () => act.change(null) }, text("fill"))) : el("p", { class: "quiet-text" }, text("mayNotWrite")),
    others.length > 1 ? el("section", {}, el("h3", {}, `${text("allTargets")} (${others.length})`), el("button", { class: "plain", type: "button", onclick: () => act.show(others.map((other) => other.post.code)) }, text("showTargets"))) : null,
    el("section", {}, el("h3", {}, text("history")), held.length ? el("ul", { class: "rows" }, held.map(past)) : el("p", { class: "quiet-text" }, text("noHistory"))),
  ].flat().filter(Boolean);
}
