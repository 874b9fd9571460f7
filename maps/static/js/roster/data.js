/** The roster as the page holds it: tables read whole, page by page, and the names of what posts are about. */

import { getJson, layerFeatures, currentEdition, request } from "../shared/api.js";

const PAGE = 1000;

/** All rows of a table that hold on a day (all of them without one). */
export async function readTable(table, day = null, signal = undefined) {
  const rows = [];
  let cursor = null;
  do {
    const page = await getJson(`api/v1/${table}`, { limit: PAGE, at: cursor ? null : day, cursor }, signal);
    const kept = day && cursor ? page.items.filter((row) => holds(row, day)) : page.items;
    rows.push(...kept);
    cursor = page.next_cursor;
  } while (cursor);
  return rows;
}

/** Half-open days; rows without them always hold. */
export const holds = ({ valid_from, valid_to }, day) => (!valid_from || valid_from <= day) && (!valid_to || day < valid_to);

/** Names and outlines of segments, cells and areas by code, as far as the service gives them at once. */
export async function readTargets() {
  const { bbox } = await currentEdition();
  const layers = await Promise.all(["areas", "segments", "cells"].map((layer) => layerFeatures(layer, bbox, 20_000).catch(() => ({ features: [] }))));
  return new Map(layers.flatMap(({ features }) => features).map((feature) => [feature.properties.code, feature]));
}

/** @param changes [{table, key, row, etag}] */
export const changeRows = (changes, comment, preview) =>
  request("POST", "api/v1/roster/changes", { json: { changes, comment, preview } }).then(({ body }) => body);

/** The version of a row for a change of it. */
export async function rowTag(table, key) {
  const { headers } = await request("GET", `api/v1/${table}/${encodeURIComponent(key)}`);
  return headers.get("ETag");
}

/** The day before, as 2026-01-31. */
export function dayBefore(day) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
