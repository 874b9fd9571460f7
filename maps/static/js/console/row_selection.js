/** A row of the roster that an answer names, or a person that was found: what it says, and where it holds. */

import { getJson, listCategories, Problem } from "../shared/api.js";
import { el } from "../shared/dom.js";
import { term, text } from "../shared/language.js";
import { may } from "../shared/session.js";
import { rowCard, targetLink, titleOf } from "./row_card.js";
import { thingLink } from "./thing_link.js";

const feature = (geometry, properties = {}) => ({ type: "Feature", properties, geometry });

/** Somebody's posts today, each with what it is about. */
function postsPart(posts, select) {
  const role = (post) => (may("READ_ROSTER") ? thingLink({ kind: "row", table: "posts", code: post.code }, select, term("role", post.role)) : term("role", post.role));
  const row = (post) => el("li", {}, el("span", {}, role(post)), el("span", {}, targetLink(post, select)));
  if (!posts.length) return el("p", { class: "crumbs" }, text("noPosts"));
  return el("section", { "data-part": "posts" }, el("h3", {}, text("postsTitle", { number: posts.length })), el("ul", { class: "rows" }, posts.map(row)));
}

/** A person as the search tells them, for who may see names; with their row for who may read the roster. */
async function findPerson(code, revision, signal) {
  const asked = may("READ_ROSTER") ? getJson(`api/v1/people/${encodeURIComponent(code)}`, { revision }, signal) : Promise.resolve(null);
  const found = getJson("api/v1/search", { q: code, kinds: "person", limit: 1 }, signal).catch((error) => {
    if (error.name === "AbortError") throw error;
    return { items: [] };
  });
  const [row, { items }] = await Promise.all([asked, found]);
  const item = items.find((one) => one.code === code);
  if (!row && !item) throw new Problem(may("READ_STAFF") ? "missing" : "refused", 404);
  return { row: row ?? { code, name: item.name }, posts: item?.posts ?? [] };
}

/** @param parts {highlight, inspector, fit, editions, select} */
export function makeRowSelection({ highlight, inspector, fit, editions, select }) {
  /** Where a post holds, on the map; that it is not there is no reason to disturb the card. */
  async function outline(code, signal) {
    const target = may("READ_ROSTER") ? await getJson(`api/v1/posts/${encodeURIComponent(code)}/target`, {}, signal).catch(() => null) : null;
    if (signal.aborted) return null;
    if (target?.geometry) fit(highlight.outline(target, target.geometry.type.includes("LineString")));
    return target?.properties?.name ?? null;
  }

  async function showPerson(code, signal) {
    const revision = editions.parameters().roster;
    const { row, posts } = await findPerson(code, revision, signal);
    const shown = { table: "people", row, categories: [], select };
    inspector.show(() => rowCard(shown, postsPart(posts, select)), row.name);
    if (posts.length === 1) await outline(posts[0].code, signal);
  }

  return {
    hide: () => highlight.clear(),
    async show({ table, code }, { signal }) {
      highlight.clear();
      inspector.showLoading();
      if (table === "people") return showPerson(code, signal);
      const asked = getJson(`api/v1/${table}/${encodeURIComponent(code)}`, { revision: editions.parameters().roster }, signal);
      const [row, categories] = await Promise.all([asked, listCategories().catch(() => [])]);
      if (row.geometry) fit(highlight.outline(feature(row.geometry), false));
      if (table === "posts") row.target_name = await outline(code, signal);
      inspector.show(() => rowCard({ table, row, categories, select }), titleOf(table, row, categories));
    },
  };
}
