/** A layer of vector tiles on canvases: whatever zoom, drawn from the deepest tiles that there are, sharp on any screen. */

import { EXTENT } from "./tile_source.js";

const SIZE = 512;

const POINT = 1;
const POLYGON = 3;
/** What a canvas still draws as a line, with its ends: a point is a line that is no longer than that. */
const SPECK = 0.01;

/** Add a feature to the Path2D of its kind. */
function trace(path, { type, paths }) {
  for (const points of paths) {
    path.moveTo(points[0], points[1]);
    if (type === POINT) path.lineTo(points[0] + SPECK, points[1]);
    for (let i = 2; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
    if (type === POLYGON) path.closePath();
  }
}

/** One Path2D for each group of a tile's features; what has no group is left out. */
function groupPaths(features, groupOf) {
  const groups = new Map();
  for (const feature of features) {
    const group = groupOf(feature);
    if (group === null) continue;
    if (!groups.has(group)) groups.set(group, new Path2D());
    trace(groups.get(group), feature);
  }
  return groups;
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
 * @param look {group(feature) → name, passes(zoom) → [[group name, style]] in the order in which they are drawn, theme() →
 *   what lies below them: {key, group(feature) → name or null, passes}, or null; `key` changes with what the groups are}
 * @param tell called with ("begin" | "end" | "failed") for every square that is being drawn
 */
export const TileGrid = (source, name, look, tell, options) =>
  new (L.GridLayer.extend({
    options: { tileSize: SIZE, maxZoom: 20, keepBuffer: 1, updateWhenZooming: false, noWrap: true },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const square = { z: coords.z - 1, x: coords.x, y: coords.y };
      const wanted = source.covering(square);
      tell("begin");
      canvas.gridParts = Promise.all(wanted.map((tile) => this.parts(tile)));
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

    /** Features of a tile with a path for each group, built once; those of a theme once for each of its keys. */
    async parts(tile) {
      const layers = await source.get(tile);
      layers.paths ??= groupPaths(layers[name] ?? [], look.group);
      return { tile, layers };
    },

    themePaths(layers, theme) {
      if (layers.themed?.key !== theme.key) layers.themed = { key: theme.key, paths: groupPaths(layers[name] ?? [], theme.group) };
      return layers.themed.paths;
    },

    /** In the styles of the square's own zoom: the map may be elsewhere by the time that its features are there. */
    drawSquare(canvas, square) {
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = Math.round(SIZE * ratio);
      const context = canvas.getContext("2d");
      const theme = look.theme?.();
      for (const { tile, layers } of canvas.gridDrawn ?? []) {
        const times = 2 ** (square.z - tile.z);
        const scale = (times * canvas.width) / EXTENT;
        context.save();
        context.setTransform(scale, 0, 0, scale, (tile.x * times - square.x) * canvas.width, (tile.y * times - square.y) * canvas.width);
        if (canvas.gridDrawn.length > 1) context.clip(source.frame(tile));
        const draw = (paths, passes) => {
          for (const [group, style] of passes) if (paths.has(group)) paint(context, paths.get(group), style, scale / ratio);
        };
        if (theme) draw(this.themePaths(layers, theme), theme.passes);
        draw(layers.paths, look.passes(square.z + 1));
        context.restore();
      }
    },

    /** Draw everything that is shown anew, in the styles of now; what is left of another zoom goes in a moment. */
    restyle() {
      for (const { el, coords } of Object.values(this._tiles ?? {})) {
        if (el.gridDrawn && coords.z === this._tileZoom) this.drawSquare(el, { z: coords.z - 1, x: coords.x, y: coords.y });
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
