/** The roster as the page holds it: tables read whole, a few large pages of each; what posts are about in words, and on the map when asked. */

import { getJson, layerFeatures, request } from "../shared/api.js";

const PAGE = 20_000;
const MOST_DRAWN = 100;
const CELL_DEGREES = 0.0005;

/**
 * All rows of a table that hold on a day, or on one of the days up to `until`; all of them without one.
 * @returns {rows, revision}: as known at that revision of the roster
 */
export async function readTable(table, { at = null, until = null } = {}) {
  const rows = [];
  let cursor = null;
  let revision = 0;
  do {
    const page = await getJson(`api/v1/${table}`, { limit: PAGE, at, until, cursor });
    rows.push(...page.items);
    cursor = page.next_cursor;
    revision = page.roster;
  } while (cursor);
  return { rows, revision };
}

/** All items of a list of which so many come at once. */
export async function readPages(address, parameters = {}, most = 1000) {
  const items = [];
  let cursor = null;
  do {
    const page = await getJson(address, { limit: most, ...parameters, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

/** What posts that exist on a day are about: {post, name}. */
export const readTargets = (day) => readPages("api/v1/roster/targets", { at: day }, PAGE);

/** All areas by code, {code, name, level, parent}; their outlines stay on the map. */
export const readAreas = () => getJson("api/v1/roster/areas").then(({ items }) => new Map(items.map((area) => [area.code, area])));

/** The revision that the roster has now. */
export const readRevision = () => getJson("api/v1/posts", { limit: 1 }).then(({ roster }) => roster);

/** What posts are about, as GeoJSON features; as many as a map can show. */
export const readOutlines = (codes) => Promise.all(codes.slice(0, MOST_DRAWN).map((code) => getJson(`api/v1/posts/${encodeURIComponent(code)}/target`)));

/** A cell's polygon where it is in one piece, else null. */
export async function readCellOutline({ cell, location: { lon, lat } }) {
  const { features } = await layerFeatures("cells", [lon - CELL_DEGREES, lat - CELL_DEGREES, lon + CELL_DEGREES, lat + CELL_DEGREES], 1000);
  const found = features.find(({ properties: { scheme, code } }) => scheme === cell.scheme && code === cell.code);
  return found?.geometry.type === "Polygon" ? found.geometry : null;
}

/**
 * @param changes [{table, key, row}]
 * @param seen the revision of the roster that was looked at: whoever changed one of the rows since is not overwritten
 */
export const changeRows = (changes, { comment = "", preview, seen }) =>
  request("POST", "api/v1/roster/changes", { json: { changes, comment, preview }, headers: { "If-Match": `"r${seen}"` } }).then(({ body }) => body);

/** What sends rows as one change when it is given {comment, preview}, and gives the service's answer. */
export const rowChanges = (changes, seen) => async (order) =>
  changes.length ? changeRows(changes, { ...order, seen }) : { roster: seen, added: [], changed: [], removed: [], issues: [], brought: 0, blocking: 0 };

/** The same for a post that is handed over, which the service plans. @param given {person, from, stand_in, replaces} */
export const handover = (post, given, seen) => (order) =>
  request("POST", `api/v1/posts/${encodeURIComponent(post)}/holder`, { json: { ...given, ...order }, headers: { "If-Match": `"r${seen}"` } }).then(({ body }) => body);
