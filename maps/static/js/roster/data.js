/** The roster as the page holds it: tables read whole, page by page, and the names of what posts are about. */

import { getJson, layerFeatures, currentEdition, request } from "../shared/api.js";

const PAGE = 1000;

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

/** All items of a list that is read page by page. */
export async function readPages(address, parameters = {}) {
  const items = [];
  let cursor = null;
  do {
    const page = await getJson(address, { limit: PAGE, ...parameters, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

/** Names and outlines of segments, cells and areas by code, as far as the service gives them at once. */
export async function readTargets() {
  const { bbox } = await currentEdition();
  const layers = await Promise.all(["areas", "segments", "cells"].map((layer) => layerFeatures(layer, bbox, 20_000).catch(() => ({ features: [] }))));
  return new Map(layers.flatMap(({ features }) => features).map((feature) => [feature.properties.code, feature]));
}

/**
 * @param changes [{table, key, row}]
 * @param seen the revision of the roster that was looked at: whoever changed one of the rows since is not overwritten
 */
export const changeRows = (changes, { comment = "", preview, seen }) =>
  request("POST", "api/v1/roster/changes", { json: { changes, comment, preview }, headers: { "If-Match": `"r${seen}"` } }).then(({ body }) => body);
