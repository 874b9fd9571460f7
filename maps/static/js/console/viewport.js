/** Brings the base map and the tiles of the edition in force onto the map, and tells how far they are. */

import { getJson } from "../shared/api.js";
import { addBaseMap, isShifted } from "../shared/base_map.js";
import { makeTileSource } from "./tile_source.js";

const AGAIN_MS = 3000;
/** Until the tiles say it themselves: from which zoom a layer is shown. */
const FROM = { areas: 0, segments: 11, cells: 14 };
const SETTLED_MS = 60;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param report called with {loading, failed, truncated} whenever that changes
 * @returns {refresh, start(counts), wanted(name)}
 */
export function makeViewport(map, layers, onFeatures, report) {
  const from = { ...FROM };
  const failed = new Set();
  let underWay = 0;
  let begun = null;
  let timer = null;

  const tell = () => report({ loading: underWay > 0, failed: failed.size > 0, truncated: false });

  function settled() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!underWay) onFeatures();
      tell();
    }, SETTLED_MS);
  }

  function follow(name) {
    return (what) => {
      underWay += what === "begin" ? 1 : -1;
      if (what === "failed") failed.add(name);
      else if (what === "end") failed.delete(name);
      if (what === "begin") tell();
      else settled();
    };
  }

  /** What the service says of a layer's tiles; while they are being cut it is asked again. */
  async function describe(name) {
    for (;;) {
      try {
        return await getJson(`tiles/${name}.json`);
      } catch (problem) {
        if (problem.kind !== "not-ready") throw problem;
        await pause(AGAIN_MS);
      }
    }
  }

  async function open(name, base) {
    underWay += 1;
    try {
      const about = await describe(name);
      const [west, south, east, north] = about.bounds;
      from[name] = about.minzoom + 1;
      const bounds = L.latLngBounds([south, west], [north, east]).pad(0.05);
      const source = makeTileSource(name, about, { shifted: isShifted(map) });
      layers.attach(name, source, { hasBase: Boolean(base), bounds, tell: follow(name) });
    } catch {
      failed.add(name);
    } finally {
      underWay -= 1;
      settled();
    }
  }

  async function begin() {
    underWay += 1;
    tell();
    const base = await addBaseMap(map).catch(() => failed.add("base") && null);
    underWay -= 1;
    await Promise.all(layers.names.map((name) => open(name, base)));
  }

  return {
    refresh: settled,
    start() {
      begun ??= begin();
      return begun;
    },
    wanted: (name) => map.getZoom() >= from[name],
  };
}
