/** Names of things that are known by their code: asked for once each; the code stands until the name is there. */

import { getJson } from "../shared/api.js";
import { categoryName } from "../shared/categories.js";
import { onSession } from "../shared/session.js";
import { thingLink } from "./thing_link.js";

const known = new Map();

/** The roster or the map was changed, or somebody else is here. */
export const forgetNames = () => known.clear();

onSession(forgetNames);

/** People are asked of the search, which tells no numbers along with the name. */
const KIND = { people: "person" };

async function ask({ kind, table, code }) {
  const searched = kind === "row" ? KIND[table] : kind;
  if (!searched) {
    const row = await getJson(`api/v1/${table}/${encodeURIComponent(code)}`);
    return row.name ? categoryName(row) : (row.title ?? null);
  }
  const { items } = await getJson("api/v1/search", { q: code, kinds: searched, limit: 1 });
  return items.find((item) => item.code === code)?.name ?? null;
}

/** Put the name of a thing into a node that shows its code; the code stays where there is none or it may not be seen. @returns whether there is one */
export async function putName(node, thing) {
  const key = [thing.kind, thing.table, thing.code].join(" ");
  if (!known.has(key)) known.set(key, ask(thing).catch(() => null));
  const name = await known.get(key);
  if (!name) return false;
  node.textContent = name;
  node.title = thing.code;
  return true;
}

/** A link to a thing, by its name. */
export function namedLink(thing, select) {
  const link = thingLink(thing, select);
  putName(link, thing);
  return link;
}
