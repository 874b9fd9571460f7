/** The selection on the map: marker at once, then ring, winning cell and segment with a halo in the opposite tone. */

import { layerFeatures } from "./api.js";

const DEGREE_M = 111_320;
/** Radius of the ring around a point that is selected. */
const POINT_PX = 10;

/** The box around a place, [west, south, east, north], that holds a circle of so many metres. */
export function boxAround(lon, lat, metres) {
  const dy = metres / DEGREE_M;
  const dx = dy / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return [lon - dx, lat - dy, lon + dx, lat + dy];
}

async function find(layer, named, { location: { lon, lat }, edition }, metres) {
  if (!named) return null;
  const collection = await layerFeatures(layer, boxAround(lon, lat, metres * 1.05 + 5), 500, undefined, edition);
  return collection.features.find(({ properties }) => properties.code === named.code && properties.scheme === named.scheme) ?? null;
}

/** Whether a place lies within rings, even-odd. */
const within = (rings, [x, y]) =>
  rings.flatMap((ring) => ring.slice(1).map((to, i) => [ring[i], to])).reduce((odd, [[x1, y1], [x2, y2]]) => (y1 > y !== y2 > y && x < x1 + ((x2 - x1) * (y - y1)) / (y2 - y1) ? !odd : odd), false);

/** @returns {mark, ring, winners, outline, inside, clear} */
export function makeHighlight(map) {
  map.createPane("selection").style.zIndex = "440";
  const renderer = L.svg({ pane: "selection", padding: 0.5 });
  const shapes = L.layerGroup().addTo(map);
  const rings = L.layerGroup().addTo(map);
  const icon = L.divIcon({ className: "place-marker", iconSize: [18, 18] });
  let marker = null;
  let asked = 0;

  const path = (feature, className, fill = false) =>
    L.geoJSON(feature, { pane: "selection", renderer, interactive: false, style: { className, fill }, pointToLayer: (_, place) => L.circleMarker(place, { pane: "selection", renderer, interactive: false, radius: POINT_PX }) }).addTo(shapes);

  /** Draw a feature as selected. @returns its bounds */
  function outline(feature, isLine) {
    path(feature, isLine ? "selected-segment-halo" : "selected-halo");
    return path(feature, isLine ? "selected-segment" : "selected-cell", !isLine).getBounds();
  }

  function clear() {
    asked += 1;
    shapes.clearLayers();
    rings.clearLayers();
    marker?.remove();
    marker = null;
  }

  return {
    clear,
    outline,
    mark(lon, lat) {
      clear();
      marker = L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(map);
    },
    ring(lon, lat, metres) {
      rings.clearLayers();
      if (metres) L.circle([lat, lon], { radius: metres, pane: "selection", renderer, interactive: false, className: "accuracy-ring" }).addTo(rings);
    },
    /** A place inside a feature: the middle of its box if that lies inside, else beside its first vertex or on its line. */
    inside({ geometry }, bounds) {
      const { type, coordinates } = geometry;
      const middle = bounds.getCenter();
      if (type === "Polygon" && within(coordinates, [middle.lng, middle.lat])) return middle;
      if (type === "MultiPolygon" && within(coordinates.flat(), [middle.lng, middle.lat])) return middle;
      const line = { LineString: () => coordinates, MultiLineString: () => coordinates[0], Polygon: () => coordinates[0], MultiPolygon: () => coordinates[0][0] }[type]();
      const [lng, lat] = line[Math.floor(line.length / 2)];
      return L.latLng(lat, lng);
    },
    /** Fetch and draw the outline of the answer's cell and segment as they were in its edition; failing to is no reason to disturb the answer. */
    async winners(answer) {
      asked += 1;
      const mine = asked;
      const { cell, segment, distance_m } = answer;
      const [cellFeature, segmentFeature] = await Promise.all([
        find("cells", cell, answer, distance_m || 0).catch(() => null),
        find("segments", segment, answer, segment?.distance_m ?? 0).catch(() => null),
      ]);
      if (mine !== asked) return;
      shapes.clearLayers();
      if (cellFeature) outline(cellFeature, false);
      if (segmentFeature) outline(segmentFeature, true);
    },
  };
}
