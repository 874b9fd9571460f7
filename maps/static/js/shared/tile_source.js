/** Tiles of one layer of one edition: fetched once, taken apart, moved onto the map's ground, kept while they are used. */

import { fromGcj02, toGcj02 } from "./gcj02.js";
import { readTile } from "./vector_tile.js";

export const EXTENT = 4096;
const KEPT = 160;

const mercator = (lat) => 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
const latitude = (y) => (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI;

/** Moves a place of the unit square by a shift of degrees. */
function moved([x, y], shift) {
  const [lon, lat] = shift((x - 0.5) * 360, latitude(y));
  return [lon / 360 + 0.5, mercator(lat)];
}

/** Units of a tile on shifted ground, of its units in WGS84. */
function mover({ z, x, y }) {
  const size = 2 ** z;
  return (u, v) => {
    const [wx, wy] = moved([(x + u / EXTENT) / size, (y + v / EXTENT) / size], toGcj02);
    return [(wx * size - x) * EXTENT, (wy * size - y) * EXTENT];
  };
}

/** @param about {edition, minzoom, maxzoom} of the layer; @returns {covering(square), frame(tile), get(tile), minzoom, maxzoom} */
export function makeTileSource(name, about, { shifted }) {
  const kept = new Map();

  async function load({ z, x, y }) {
    const url = new URL(`tiles/e${about.edition}/${name}/${z}/${x}/${y}.mvt`, document.baseURI);
    const response = await fetch(url);
    if (response.status === 204) return {};
    if (!response.ok) throw new Error(`${response.status}`);
    return readTile(await response.arrayBuffer(), shifted ? mover({ z, x, y }) : null);
  }

  return {
    minzoom: about.minzoom,
    maxzoom: about.maxzoom,
    /** The tiles that a square of the map shows: one, or on shifted ground those that lie below it. */
    covering({ z, x, y }) {
      const deep = Math.min(z, about.maxzoom);
      const size = 2 ** z;
      const corner = (dx, dy) => {
        const place = [(x + dx) / size, (y + dy) / size];
        return shifted ? moved(place, fromGcj02) : place;
      };
      const corners = [corner(1e-9, 1e-9), corner(1 - 1e-9, 1e-9), corner(1e-9, 1 - 1e-9), corner(1 - 1e-9, 1 - 1e-9)];
      const range = (axis) => {
        const places = corners.map((each) => Math.floor(each[axis] * 2 ** deep));
        return [Math.min(...places), Math.max(...places)];
      };
      const [[west, east], [north, south]] = [range(0), range(1)];
      const found = [];
      for (let column = west; column <= east; column += 1) {
        for (let row = north; row <= south; row += 1) found.push({ z: deep, x: column, y: row });
      }
      return found;
    },
    /** The border of a tile on the map, in its units: beyond it another tile shows the same. */
    frame(tile) {
      const move = shifted ? mover(tile) : (u, v) => [u, v];
      const path = new Path2D();
      [[0, 0], [EXTENT, 0], [EXTENT, EXTENT], [0, EXTENT]].forEach(([u, v], i) => path[i ? "lineTo" : "moveTo"](...move(u, v)));
      path.closePath();
      return path;
    },
    /** A tile's layers; concurrent askers share one request, and a failed one is asked for again next time. */
    get(tile) {
      const key = `${tile.z}/${tile.x}/${tile.y}`;
      const known = kept.get(key);
      kept.delete(key);
      const coming = known ?? load(tile);
      kept.set(key, coming);
      if (!known) coming.catch(() => kept.get(key) === coming && kept.delete(key));
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
      return coming;
    },
  };
}
