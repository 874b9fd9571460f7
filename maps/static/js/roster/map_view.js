/** Targets on the map: the chosen post's, or everything one person answers for. */

import { addBaseMap } from "../shared/base_map.js";
import { el } from "../shared/dom.js";
import { cellStyle, token } from "../shared/map_style.js";

export function makeMapView(map) {
  const ground = addBaseMap(map);
  map.createPane("selection").style.zIndex = "440";
  const shown = L.featureGroup().addTo(map);
  const accent = () => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();

  return {
    /** Show the city once it is known. */
    draw(edition) {
      const [west, south, east, north] = edition.bbox;
      map.invalidateSize();
      map.fitBounds([[south, west], [north, east]], { animate: false });
      ground.show(edition.number);
    },
    /** @param features GeoJSON features; those without a place are left out */
    show(features) {
      shown.clearLayers();
      for (const feature of features.filter((each) => each?.geometry)) {
        const line = feature.geometry.type.includes("Line");
        L.geoJSON(feature, { pane: "selection", style: { color: token("halo"), weight: 8, fill: false }, interactive: false }).addTo(shown);
        L.geoJSON(feature, { pane: "selection", style: { ...(line ? {} : cellStyle(18)), color: accent(), weight: line ? 4 : 2, fill: !line, fillColor: accent(), fillOpacity: 0.2, opacity: 1 } }).bindTooltip(el("span", {}, feature.properties.name || feature.properties.code)).addTo(shown);
      }
      if (shown.getLayers().length) map.fitBounds(shown.getBounds().pad(0.4), { animate: false, maxZoom: 17 });
    },
  };
}
