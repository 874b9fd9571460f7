/** Loads what the view shows: by bounding box, a moment after the map rests, giving up what is no longer wanted. */

import { layerFeatures } from "../shared/api.js";

const REST_MS = 120;
const MARGIN = 0.3;
const SMALL = 3000;
const RULES = {
  areas: { limit: 2000, from: 0 },
  segments: { limit: 5000, from: 13.5 },
  cells: { limit: 5000, from: 15 },
};

/** Whether a layer is shown at this zoom: always when the city has few of its features. */
export function isWanted(name, zoom, counts) {
  return zoom >= RULES[name].from || (counts[name] ?? Infinity) <= SMALL;
}

/**
 * @param report called with {loading, failed, truncated} whenever that changes
 * @returns {refresh, start(counts)}
 */
export function makeViewport(map, layers, onFeatures, report) {
  const loaded = {};
  const pending = {};
  const problems = { failed: new Set(), truncated: new Set() };
  let counts = {};
  let timer = null;

  const tell = () => report({ loading: Object.keys(pending).length > 0, failed: problems.failed.size > 0, truncated: problems.truncated.size > 0 });

  function empty(name) {
    if (loaded[name]) layers.show(name, []);
    delete loaded[name];
    problems.truncated.delete(name);
  }

  async function load(name) {
    pending[name]?.control.abort();
    const control = new AbortController();
    const bounds = map.getBounds().pad(MARGIN);
    pending[name] = { control, bounds };
    tell();
    const box = [Math.max(-180, bounds.getWest()), Math.max(-90, bounds.getSouth()), Math.min(180, bounds.getEast()), Math.min(90, bounds.getNorth())];
    try {
      const collection = await layerFeatures(name, box, RULES[name].limit, control.signal);
      loaded[name] = collection.truncated ? null : bounds;
      problems.truncated[collection.truncated ? "add" : "delete"](name);
      problems.failed.delete(name);
      layers.show(name, collection.features);
      onFeatures(name);
    } catch (error) {
      if (error.name === "AbortError") return;
      problems.failed.add(name);
    } finally {
      if (pending[name]?.control === control) delete pending[name];
      tell();
    }
  }

  /** Whether what the view shows is here or on its way. */
  function isCovered(name) {
    const view = map.getBounds();
    return loaded[name]?.contains(view) || pending[name]?.bounds.contains(view);
  }

  function look() {
    for (const name of layers.names) {
      if (!isWanted(name, map.getZoom(), counts)) {
        pending[name]?.control.abort();
        empty(name);
      } else if (layers.visible(name) && !isCovered(name)) load(name);
    }
    tell();
  }

  function refresh() {
    clearTimeout(timer);
    timer = setTimeout(look, REST_MS);
  }

  return {
    refresh,
    start(cityCounts) {
      counts = cityCounts ?? {};
      map.on("moveend", refresh);
      look();
    },
    wanted: (name) => isWanted(name, map.getZoom(), counts),
  };
}
