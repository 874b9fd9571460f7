/**
 * Ground that a base map in GCJ-02 is drawn on. The map's projection shifts places, so that everything laid over it in
 * WGS84 is drawn where the base map shows it, and what is clicked is said in GCJ-02.
 */

import { fromGcj02, toGcj02 } from "./gcj02.js";

/** Web Mercator of GCJ-02: takes and gives places in WGS84. */
function shiftedGround() {
  const mercator = L.Projection.SphericalMercator;
  const projection = {
    ...mercator,
    project({ lat, lng }) {
      const [x, y] = toGcj02(lng, lat);
      return mercator.project(L.latLng(y, x));
    },
    unproject(point) {
      const { lat, lng } = mercator.unproject(point);
      const [lon, north] = fromGcj02(lng, lat);
      return L.latLng(north, lon);
    },
  };
  return L.extend({}, L.CRS.EPSG3857, { code: "GCJ02", projection });
}

/** Have a map show places on shifted ground, where it does not yet. */
export function shiftGround(map) {
  if (isShifted(map)) return;
  const [centre, zoom] = [map.getCenter(), map.getZoom()];
  map.options.crs = shiftedGround();
  map.setView(centre, zoom, { reset: true, animate: false });
}

/** Whether what is laid over the map is shifted. */
export const isShifted = (map) => map.options.crs.code === "GCJ02";

/** A place of the map as it is to be sent: in the datum of the ground that was clicked on, to 7 decimals (1 cm). */
export function spokenPlace(map, latlng) {
  const { lat, lng } = latlng.wrap();
  const [x, y] = isShifted(map) ? toGcj02(lng, lat) : [lng, lat];
  return { lon: Number(x.toFixed(7)), lat: Number(y.toFixed(7)), datum: isShifted(map) ? "GCJ02" : "WGS84" };
}
