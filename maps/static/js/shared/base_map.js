/**
 * The base map that the service names, and the ground it is drawn on. On a GCJ-02 base map the map's projection shifts
 * places, so that everything laid over it in WGS84 is drawn where the base map shows it, and what is clicked is said in GCJ-02.
 */

import { getJson } from "./api.js";
import { fromGcj02, toGcj02 } from "./gcj02.js";

const DEEPEST = 20;

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

/** Whether what is laid over the map is shifted. */
export const isShifted = (map) => map.options.crs.code === "GCJ02";

/** A place of the map as it is to be sent: in the datum of the ground that was clicked on, to 7 decimals (1 cm). */
export function spokenPlace(map, latlng) {
  const { lat, lng } = latlng.wrap();
  const [x, y] = isShifted(map) ? toGcj02(lng, lat) : [lng, lat];
  return { lon: Number(x.toFixed(7)), lat: Number(y.toFixed(7)), datum: isShifted(map) ? "GCJ02" : "WGS84" };
}

function attribute(map, words) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const node = L.DomUtil.create("p", "map-attribution");
    node.textContent = words;
    return node;
  };
  control.addTo(map);
}

/** Lay the base map below everything else. @returns what the service says of it, null where there is none */
export async function addBaseMap(map) {
  const { base } = await getJson("api/v1/map");
  if (!base) return null;
  if (base.datum === "GCJ02" && !isShifted(map)) {
    const [centre, zoom] = [map.getCenter(), map.getZoom()];
    map.options.crs = shiftedGround();
    map.setView(centre, zoom, { reset: true, animate: false });
  }
  const url = base.kind === "template" ? base.url : new URL("base/", document.baseURI).href + "{z}/{x}/{y}";
  const shown = { minNativeZoom: base.min_zoom, maxNativeZoom: base.max_zoom, maxZoom: DEEPEST, noWrap: true, className: "base-map" };
  L.tileLayer(url, shown).addTo(map);
  if (base.attribution) attribute(map, base.attribution);
  return base;
}
