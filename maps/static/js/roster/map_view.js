/** Targets on the map: the chosen post's, or everything one person answers for. */

import { areaStyle, cellStyle, groundStyle, segmentStyle, token } from "../shared/map_style.js";

export function makeMapView(map) {
  const ground = L.layerGroup().addTo(map);
  const shown = L.featureGroup().addTo(map);
  const accent = () => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();

  return {
    /** Draw the city once it is known. */
    draw(targets, bbox) {
      ground.clearLayers();
      const zoom = 13;
      for (const feature of targets.values()) {
        const { level, kind } = feature.properties;
        if (!feature.geometry || (!level && !kind)) continue;
        const style = level ? areaStyle(level, zoom) : segmentStyle(kind, zoom);
        if (level === "DISTRICT") L.geoJSON(feature, { style: groundStyle(), interactive: false }).addTo(ground).bringToBack();
        L.geoJSON(feature, { style, interactive: false }).addTo(ground);
      }
      const [west, south, east, north] = bbox;
      map.invalidateSize();
      map.fitBounds([[south, west], [north, east]], { animate: false });
    },
    /** @param features GeoJSON features; those without a place are left out */
    show(features) {
      shown.clearLayers();
      for (const feature of features.filter((each) => each?.geometry)) {
        const line = feature.geometry.type.includes("Line");
        L.geoJSON(feature, { style: { color: token("halo"), weight: 8, fill: false }, interactive: false }).addTo(shown);
        L.geoJSON(feature, { style: { ...(line ? {} : cellStyle(18)), color: accent(), weight: line ? 4 : 2, fill: !line, fillColor: accent(), fillOpacity: 0.2, opacity: 1 } }).bindTooltip(feature.properties.name || feature.properties.code).addTo(shown);
      }
      if (shown.getLayers().length) map.fitBounds(shown.getBounds().pad(0.4), { animate: false, maxZoom: 17 });
    },
  };
}
