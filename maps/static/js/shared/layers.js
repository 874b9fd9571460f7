/** The layers on the map, each of vector tiles on canvases of its own, in draw order areas, cells, streets, components. */

import { areaMiddleStyle, areaStyle, cellStyle, componentStyles, edgeStyle, groundStyle, segmentStyle } from "./map_style.js";
import { TileGrid } from "./tile_grid.js";
import { EXTENT } from "./tile_source.js";

const GROUND = ["areas", "cells", "segments"];
/** From which zoom a layer is shown although there are tiles before: components stand too close together. */
const NEAREST = { components: 17 };
const OVER_A_BASE_MAP = 0.55;
const REPLACED_MS = 5000;
/** Which layer inside the tiles has names and where they stand. */
const NAMED = { areas: "area_names", segments: "segments" };

/** From which zoom of the map a layer is shown. */
export const beginning = (name, { minzoom }) => Math.max(minzoom + 1, NEAREST[name] ?? 0);

/** Deeper areas first: the stronger line of a wider one is drawn over theirs; but fills lie lowest. */
const LEVELS = ["VILLAGE", "COMMUNITY", "TOWNSHIP", "SUBDISTRICT", "DISTRICT"];

const faded = (style) => ({ ...style, opacity: (style.opacity ?? 1) * OVER_A_BASE_MAP });

/** How each layer is drawn: what its features are grouped by, and the groups in their order with their styles. */
function looks(hasBase, theme) {
  return {
    areas: {
      group: ({ properties }) => properties.level,
      passes(zoom) {
        const lines = (level) => [[level, areaStyle(level, zoom)], ...(hasBase ? [] : [[level, areaMiddleStyle(level, zoom)]])];
        return [...(hasBase ? [] : [["DISTRICT", groundStyle()]]), ...LEVELS.flatMap(lines)].filter(([, style]) => style);
      },
    },
    cells: { group: () => "cell", passes: (zoom) => [["cell", cellStyle(zoom)]], theme },
    components: { group: () => "component", passes: () => componentStyles().map((style) => ["component", style]) },
    segments: {
      group: ({ properties }) => properties.kind,
      passes(zoom) {
        const lines = [["HUTONG", segmentStyle("HUTONG", zoom)], ["LANE", segmentStyle("LANE", zoom)], ["STREET", edgeStyle(zoom)], ["STREET", segmentStyle("STREET", zoom)]];
        return hasBase ? lines.map(([group, style]) => [group, faded(style)]) : lines;
      },
    },
  };
}

/** A feature with its vertices as places of the unit square on the map's ground. */
function placed({ type, properties, paths }, { z, x, y }) {
  const size = 2 ** z;
  const lines = paths.map((points) => {
    const line = [];
    for (let i = 0; i < points.length; i += 2) line.push([(x + points[i] / EXTENT) / size, (y + points[i + 1] / EXTENT) / size]);
    return line;
  });
  const geometry = type === 1 ? { type: "Point", coordinates: lines[0][0] } : { type: "MultiLineString", coordinates: lines };
  return { properties, geometry };
}

/**
 * @param options {more: layers beside areas, cells and streets, theme() → what cells are filled by (see `tile_grid.js`), or null}
 * @returns {names, visible, has, features, shown, attach, detach, redraw, setVisible, restyle}
 */
export function makeLayers(map, { more = [], theme = () => null } = {}) {
  const state = {};
  const names = [...GROUND, ...more];
  names.forEach((name, index) => {
    map.createPane(name).style.zIndex = String(410 + 8 * index);
    state[name] = { grid: null, visible: true };
  });

  /** The tiles of a layer below what is shown. */
  function shown(name) {
    const { grid, visible } = state[name];
    return grid && visible ? grid.shownTiles() : [];
  }

  return {
    names,
    visible: (name) => state[name].visible,
    has: (name) => Boolean(state[name].grid),
    shown,
    /** What carries names among what is shown; a feature that several tiles show is there with its longest part. */
    features(name) {
      const best = new Map();
      for (const { tile, layers } of shown(name)) {
        for (const feature of layers[NAMED[name] ?? name] ?? []) {
          const length = feature.paths.reduce((sum, path) => sum + path.length, 0);
          const known = best.get(feature.properties.code);
          if (!known || known.length < length) best.set(feature.properties.code, { length, feature, tile });
        }
      }
      return [...best.values()].map(({ feature, tile }) => placed(feature, tile));
    },
    /** Show a layer's tiles instead of those before, which stay until these are there; `bounds` is where there are any. */
    attach(name, source, { hasBase, bounds, tell }) {
      const before = state[name].grid;
      const next = TileGrid(source, name, looks(hasBase, theme)[name], tell, { pane: name, bounds, minZoom: beginning(name, source) });
      state[name].grid = next;
      if (state[name].visible) next.addTo(map);
      if (!before) return;
      const replace = () => before.remove();
      next.once("load", replace);
      setTimeout(replace, state[name].visible ? REPLACED_MS : 0);
    },
    detach(name) {
      state[name].grid?.remove();
      state[name].grid = null;
    },
    /** Ask again for a layer's tiles, after some have failed. */
    redraw: (name) => state[name]?.visible && state[name].grid?.redraw(),
    setVisible(name, visible) {
      state[name].visible = visible;
      if (visible) state[name].grid?.addTo(map);
      else state[name].grid?.remove();
    },
    restyle(some = names) {
      for (const name of some) if (state[name].visible) state[name].grid?.restyle();
    },
  };
}
