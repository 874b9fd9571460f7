/** A layer of vector tiles on canvases: whatever zoom, drawn from the deepest tiles that there are, sharp on any screen. */

import { EXTENT } from "./tile_source.js";

const SIZE = 512;

/** One Path2D of all features of a kind in a tile, built once. */
function pathOf(features) {
  const path = new Path2D();
  for (const { type, paths } of features) {
    for (const points of paths) {
      path.moveTo(points[0], points[1]);
      for (let i = 2; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
      if (type === 3) path.closePath();
    }
  }
  return path;
}

function paint(context, path, style, scale) {
  if (style.fill) {
    context.globalAlpha = style.fillOpacity ?? 1;
    context.fillStyle = style.fillColor;
    context.fill(path, "evenodd");
  }
  if (style.stroke === false || !style.weight) return;
  context.globalAlpha = style.opacity ?? 1;
  context.strokeStyle = style.color;
  context.lineWidth = style.weight / scale;
  context.lineCap = style.lineCap ?? "round";
  context.lineJoin = "round";
  context.setLineDash(style.dashArray ? style.dashArray.split(" ").map((part) => Number(part) / scale) : []);
  context.stroke(path);
}

/**
 * @param look {group(feature) → name, passes(zoom) → [[group name, style]] in the order in which they are drawn}
 * @param tell called with ("begin" | "end" | "failed") for every square that is being drawn
 */
export const TileGrid = (source, name, look, tell, options) =>
  new (L.GridLayer.extend({
    options: { tileSize: SIZE, minZoom: source.minzoom + 1, maxZoom: 20, keepBuffer: 1, updateWhenZooming: false, noWrap: true },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const square = { z: coords.z - 1, x: coords.x, y: coords.y };
      const wanted = source.covering(square);
      tell("begin");
      canvas.gridParts = Promise.all(wanted.map(async (tile) => ({ tile, ...(await this.parts(tile)) })));
      canvas.gridParts
        .then((parts) => {
          canvas.gridDrawn = parts;
          this.drawSquare(canvas, square);
          done(null, canvas);
          tell("end");
        })
        .catch((error) => {
          done(error, canvas);
          tell("failed");
        });
      return canvas;
    },

    /** Features of a tile with a path for each group. */
    async parts(tile) {
      const layers = await source.get(tile);
      layers.paths ??= new Map();
      if (!layers.paths.size) {
        const groups = new Map();
        for (const feature of layers[name] ?? []) {
          const group = look.group(feature);
          if (!groups.has(group)) groups.set(group, []);
          groups.get(group).push(feature);
        }
        for (const [group, features] of groups) layers.paths.set(group, pathOf(features));
      }
      return { layers, paths: layers.paths };
    },

    drawSquare(canvas, square) {
      const zoom = this._map?.getZoom() ?? square.z + 1;
      const enlarged = this._map ? this._map.getZoomScale(zoom, square.z + 1) : 1;
      const ratio = (window.devicePixelRatio || 1) * Math.max(1, enlarged);
      canvas.width = canvas.height = Math.round(SIZE * ratio);
      const context = canvas.getContext("2d");
      for (const { tile, paths } of canvas.gridDrawn ?? []) {
        const times = 2 ** (square.z - tile.z);
        const scale = (times * canvas.width) / EXTENT;
        context.save();
        context.setTransform(scale, 0, 0, scale, (tile.x * times - square.x) * canvas.width, (tile.y * times - square.y) * canvas.width);
        if (canvas.gridDrawn.length > 1) context.clip(source.frame(tile));
        for (const [group, style] of look.passes(zoom)) {
          const path = paths.get(group);
          if (path) paint(context, path, style, (scale * enlarged) / ratio);
        }
        context.restore();
      }
    },

    /** Draw everything that is shown anew, in the styles of now. */
    restyle() {
      for (const { el, coords } of Object.values(this._tiles ?? {})) {
        if (el.gridDrawn) this.drawSquare(el, { z: coords.z - 1, x: coords.x, y: coords.y });
      }
    },

    /** Tiles below what is shown, each once, with their layers. */
    shownTiles() {
      const found = new Map();
      for (const { el, current } of Object.values(this._tiles ?? {})) {
        if (current) for (const { tile, layers } of el.gridDrawn ?? []) found.set(`${tile.z}/${tile.x}/${tile.y}`, { tile, layers });
      }
      return [...found.values()];
    },
  }))(options);
