/**
 * What every page's map stands on: the base map that the service names, in its datum, and over it the city's own areas,
 * cells and streets of one edition with their names. While their tiles are being cut it waits and says so.
 */

import { Problem, request } from "./api.js";
import { layPictures } from "./base_pictures.js";
import { makeLabels } from "./labels.js";
import { beginning, makeLayers } from "./layers.js";
import { isShifted } from "./shifted_ground.js";
import { makeTileSource } from "./tile_source.js";

const AGAIN_S = 5;
const REDRAW_MS = 15_000;
const SETTLED_MS = 60;
/** Until the tiles say it themselves: from which zoom a layer is shown. */
const FROM = { areas: 0, segments: 11, cells: 14, components: 17 };

const boundsOf = ({ bounds: [west, south, east, north] }) => L.latLngBounds([south, west], [north, east]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param report called with {loading, drawing, failed} whenever that changes; `drawing`: the tiles are being cut
 * @param options what `makeLayers` is given
 * @returns {show(edition), refresh, wanted(name), layers, labels}; `show` may name another edition later, null for the one
 *   in force, and gives the bounds of what is drawn, null when nothing is
 */
export function addBaseMap(map, { report = () => {}, ...options } = {}) {
  const layers = makeLayers(map, options);
  const labels = makeLabels(map, layers);
  const from = { ...FROM };
  const failed = new Set();
  const laid = new Map();
  let base = null;
  let underWay = 0;
  let drawing = false;
  let asked = 0;
  let timer = null;
  let redraw = null;

  const tell = () => report({ loading: underWay > 0 && !drawing, drawing, failed: failed.size > 0 });

  function settled() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!underWay) labels.draw();
      tell();
    }, SETTLED_MS);
  }

  function follow(name) {
    return (what) => {
      underWay += what === "begin" ? 1 : -1;
      if (what === "failed") {
        failed.add(name);
        redraw ??= setTimeout(() => ((redraw = null), failed.forEach((one) => layers.redraw(one))), REDRAW_MS);
      } else if (what === "end") failed.delete(name);
      if (what === "begin") tell();
      else settled();
    };
  }

  /** What the service says of the map; asked again until the tiles are there. Null when another edition is wanted meanwhile. */
  async function describe(edition, mine) {
    while (mine === asked) {
      let again = AGAIN_S;
      try {
        const { body, headers } = await request("GET", "api/v1/map", { parameters: { edition } });
        if (body.ready) return body;
        again = Number(headers.get("Retry-After")) || AGAIN_S;
        drawing = true;
        failed.delete("map");
      } catch (problem) {
        if (!(problem instanceof Problem) || !["offline", "not-ready", "failed", "missing"].includes(problem.kind)) throw problem;
        again = problem.retryAfter_s ?? AGAIN_S;
        failed.add("map");
      }
      tell();
      await pause(again * 1000);
    }
    return null;
  }

  function lay(about) {
    if (about.base && !base) layPictures(map, about.base);
    base = about.base;
    for (const name of layers.names) {
      const layer = about.layers.find((one) => one.name === name);
      if (laid.get(name) === (layer && about.edition)) continue;
      laid.set(name, layer && about.edition);
      if (layer) attach(layer, about.edition);
      else layers.detach(name);
    }
  }

  function attach(layer, edition) {
    from[layer.name] = beginning(layer.name, layer);
    const source = makeTileSource(layer.name, { ...layer, edition }, { shifted: isShifted(map) });
    layers.attach(layer.name, source, { hasBase: Boolean(base), bounds: boundsOf(layer).pad(0.05), tell: follow(layer.name) });
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    layers.restyle();
    labels.draw();
    tell();
  });

  return {
    layers,
    labels,
    refresh: settled,
    wanted: (name) => Math.round(map.getZoom()) >= from[name],
    async show(edition = null) {
      const mine = (asked += 1);
      underWay += 1;
      tell();
      try {
        const about = await describe(edition, mine);
        if (about && mine === asked) {
          failed.delete("map");
          lay(about);
          return boundsOf(about.layers[0]);
        }
      } catch {
        failed.add("map");
      } finally {
        underWay -= 1;
        if (mine === asked) drawing = false;
        settled();
      }
      return null;
    },
  };
}
