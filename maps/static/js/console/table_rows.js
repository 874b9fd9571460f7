/** Rows of the table of a layer: features within a box, cells with what the map can be filled by. */

import { layerFeatures, listCategories } from "../shared/api.js";
import { isBarred } from "../shared/session.js";
import { finderOf, readBodies } from "./bodies.js";
import { countOpen } from "./load_theme.js";
import { namesOf } from "./table_names.js";

const MOST = 5000;
const AREAS = 1000;

/** Cells with their `body` and the number of their `open` incidents, as the map's two themes show them. */
function filled(features, bodies, store) {
  const bodyOf = finderOf(bodies?.grounds ?? []);
  const counts = isBarred("READ_INCIDENTS") ? null : countOpen(store);
  const told = (cell) => ({ body: bodyOf(cell) ?? cell.properties.responsible_body, open: counts && (counts.get(cell.properties.code) ?? 0) });
  return features.map((cell) => ({ ...cell, properties: { ...cell.properties, ...told(cell) } }));
}

/** @param of {box, editions, store, signal}; @returns {rows, known: names of what stands in them, more: whether there are} */
export async function readRows(layer, { box, editions, store, signal }) {
  const found = (name, most) => layerFeatures(name, box, most, signal, editions.number());
  const bodies = layer === "cells" ? readBodies(editions.parameters(), signal).catch(() => null) : null;
  const [{ features, truncated }, above, categories, of] = await Promise.all([found(layer, MOST), found("areas", AREAS), listCategories().catch(() => []), bodies]);
  const rows = layer === "cells" ? filled(features, of, store) : features;
  return { rows, known: namesOf(above.features, categories, of?.bodies), more: Boolean(truncated) };
}
