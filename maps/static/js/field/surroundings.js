/** The map around the worker: cells and streets near by, the answering cell, the marker and its ring of accuracy. */

import { layerFeatures } from "../shared/api.js";
import { cellStyle, edgeStyle, segmentStyle, token } from "../shared/map_style.js";

const NEAR_DEGREES = 0.004;
const MOST = 600;

/** @param onTap called with (lon, lat) */
export function makeSurroundings(map, onTap) {
  const ground = L.layerGroup().addTo(map);
  const chosen = L.layerGroup().addTo(map);
  const pin = L.layerGroup().addTo(map);
  let drawn = null;

  const line = (feature, style) => L.geoJSON(feature, { style, interactive: false });

  async function draw(lon, lat) {
    if (drawn && Math.abs(drawn.lon - lon) < NEAR_DEGREES / 3 && Math.abs(drawn.lat - lat) < NEAR_DEGREES / 3) return;
    const asked = { lon, lat };
    drawn = asked;
    const box = [lon - NEAR_DEGREES, lat - NEAR_DEGREES, lon + NEAR_DEGREES, lat + NEAR_DEGREES];
    const [cells, segments] = await Promise.all(["cells", "segments"].map((layer) => layerFeatures(layer, box, MOST).catch(() => null)));
    if (drawn !== asked) return;
    if (!cells || !segments) drawn = null;
    const zoom = map.getZoom();
    ground.clearLayers();
    for (const feature of cells?.features ?? []) line(feature, cellStyle(zoom)).addTo(ground);
    const streets = (segments?.features ?? []).filter(({ properties }) => properties.kind === "STREET");
    for (const feature of streets) line(feature, edgeStyle(zoom)).addTo(ground);
    for (const feature of segments?.features ?? []) line(feature, segmentStyle(feature.properties.kind, zoom)).addTo(ground);
  }

  /** The winning cell in the accent colour, found among the cells that are drawn. */
  function mark(code) {
    chosen.clearLayers();
    ground.eachLayer((layer) => {
      const [feature] = layer.getLayers().map((part) => part.feature);
      if (!code || feature?.properties.code !== code) return;
      line(feature, { color: token("halo"), weight: 5, fill: false }).addTo(chosen);
      line(feature, { color: accent(), weight: 2, fillColor: accent(), fillOpacity: 0.12 }).addTo(chosen);
    });
  }

  const accent = () => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();

  function show({ lon, lat, accuracy_m }) {
    pin.clearLayers();
    if (accuracy_m) L.circle([lat, lon], { radius: accuracy_m, color: accent(), weight: 1, fillOpacity: 0.1, interactive: false }).addTo(pin);
    L.circleMarker([lat, lon], { radius: 8, color: token("halo"), weight: 3, fillColor: accent(), fillOpacity: 1, interactive: false }).addTo(pin);
    const metresAcross = Math.max(120, (accuracy_m ?? 0) * 3);
    map.fitBounds(L.latLng(lat, lon).toBounds(metresAcross), { animate: false, maxZoom: 18 });
  }

  map.on("click", ({ latlng }) => onTap(Number(latlng.lng.toFixed(7)), Number(latlng.lat.toFixed(7))));
  return { draw, mark, show };
}
