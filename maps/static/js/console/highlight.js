/** The selection on the map: marker at once, then ring, winning cell and segment with a halo in the opposite tone. */

import { layerFeatures } from "../shared/api.js";

const DEGREE_M = 111_320;

/** @returns {mark, ring, winners, clear} */
export function makeHighlight(map) {
  map.createPane("selection").style.zIndex = "440";
  const renderer = L.svg({ pane: "selection", padding: 0.5 });
  const shapes = L.layerGroup().addTo(map);
  const rings = L.layerGroup().addTo(map);
  const icon = L.divIcon({ className: "place-marker", iconSize: [18, 18] });
  let marker = null;
  let asked = 0;

  const path = (feature, className, fill = false) =>
    L.geoJSON(feature, { pane: "selection", renderer, interactive: false, style: { className, fill } }).addTo(shapes);

  function boxAround(lon, lat, metres) {
    const dy = metres / DEGREE_M;
    const dx = dy / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
    return [lon - dx, lat - dy, lon + dx, lat + dy];
  }

  async function find(layer, named, place, metres) {
    if (!named) return null;
    const collection = await layerFeatures(layer, boxAround(place.lon, place.lat, metres * 1.05 + 5), 500);
    return collection.features.find(({ properties }) => properties.code === named.code && properties.scheme === named.scheme) ?? null;
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
    mark(lon, lat) {
      clear();
      marker = L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(map);
    },
    ring(lon, lat, metres) {
      rings.clearLayers();
      if (metres) L.circle([lat, lon], { radius: metres, pane: "selection", renderer, interactive: false, className: "accuracy-ring" }).addTo(rings);
    },
    /** Fetch and draw the outline of the answer's cell and segment; failing to is no reason to disturb the answer. */
    async winners({ location, cell, segment, distance_m }) {
      asked += 1;
      const mine = asked;
      const [cellFeature, segmentFeature] = await Promise.all([
        find("cells", cell, location, distance_m || 0).catch(() => null),
        find("segments", segment, location, segment?.distance_m ?? 0).catch(() => null),
      ]);
      if (mine !== asked) return;
      shapes.clearLayers();
      if (cellFeature) {
        path(cellFeature, "selected-halo");
        path(cellFeature, "selected-cell", true);
      }
      if (segmentFeature) {
        path(segmentFeature, "selected-segment-halo");
        path(segmentFeature, "selected-segment");
      }
    },
  };
}
