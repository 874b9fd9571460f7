/** Targets on the map: the chosen post's, everything one person answers for, a disputed place, and ground that is decided. */

import { makeZoneDrawing } from "../shared/zone_drawing.js";
import { addBaseMap } from "../shared/base_map.js";
import { el } from "../shared/dom.js";
import { cellStyle, token } from "../shared/map_style.js";

const PLACE_ZOOM = 17;

export function makeMapView(map) {
  const ground = addBaseMap(map);
  map.createPane("selection").style.zIndex = "440";
  const shown = L.featureGroup().addTo(map);
  const decided = L.featureGroup().addTo(map);
  const accent = () => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  let finished = () => {};
  let drawn = null;
  const drawing = makeZoneDrawing(map, (form, points) => {
    map.invalidateSize();
    finished(points);
  });
  map.on("click", ({ latlng }) => drawing.active() && drawing.add(latlng));

  function put(feature, group, words) {
    const line = feature.geometry.type.includes("Line");
    L.geoJSON(feature, { pane: "selection", style: { color: token("halo"), weight: 8, fill: false }, interactive: false }).addTo(group);
    const layer = L.geoJSON(feature, { pane: "selection", style: { ...(line ? {} : cellStyle(18)), color: accent(), weight: line ? 4 : 2, fill: !line, fillColor: accent(), fillOpacity: 0.2, opacity: 1 } }).addTo(group);
    if (words) layer.bindTooltip(el("span", {}, words));
  }

  function clear() {
    drawing.stop();
    map.invalidateSize();
    decided.clearLayers();
  }

  return {
    /** Show the city once it is known, and again when another edition is in force. */
    draw(edition) {
      if (edition.number === drawn) return;
      drawn = edition.number;
      const [west, south, east, north] = edition.bbox;
      map.invalidateSize();
      map.fitBounds([[south, west], [north, east]], { animate: false });
      ground.show(edition.number);
    },
    /** @param features GeoJSON features; those without a place are left out */
    show(features) {
      clear();
      shown.clearLayers();
      for (const feature of features.filter((each) => each?.geometry)) put(feature, shown, feature.properties.name || feature.properties.code);
      if (shown.getLayers().length) map.fitBounds(shown.getBounds().pad(0.4), { animate: false, maxZoom: PLACE_ZOOM });
    },
    /** Bring the map into sight where it stands below. */
    reveal: () => map.getContainer().scrollIntoView({ block: "nearest" }),
    /** Mark one place. */
    showPlace(lon, lat) {
      shown.clearLayers();
      for (const [radius, color] of [[10, token("halo")], [7, accent()]]) L.circleMarker([lat, lon], { pane: "selection", radius, color: token("halo"), weight: 2, fillColor: color, fillOpacity: 1, interactive: false }).addTo(shown);
      map.setView([lat, lon], PLACE_ZOOM, { animate: false });
    },
    /** Ground that is drawn for a decision: by clicks, or by the arrow keys and the bar's buttons. */
    drawing: {
      clear,
      start(done) {
        decided.clearLayers();
        finished = done;
        drawing.start("polygon");
        map.invalidateSize();
        map.getContainer().scrollIntoView({ block: "end" });
        map.getContainer().focus({ preventScroll: true });
      },
      show(geometry) {
        decided.clearLayers();
        put({ type: "Feature", properties: {}, geometry }, decided);
        shown.bringToFront();
        map.fitBounds(decided.getBounds().pad(0.4), { animate: false, maxZoom: PLACE_ZOOM });
      },
    },
  };
}
