/** Components on the map: those of the tiles and, for who may see them, the guarded ones, which are in none. */

import { layerFeatures } from "../shared/api.js";
import { may, onSession } from "../shared/session.js";

const MOST = 1000;
const NEAR_PX = 9;
const NEAR_TOUCH_PX = 20;

/**
 * @param parts {layers, wanted() → whether the zoom is one at which they are shown, box() → what the map shows, number() → the
 *   edition's, failed()}
 * @returns {at(latlng) → {code, lon, lat} or null, refresh}
 */
export function makeComponentLayer(map, { layers, wanted, box, number, failed }) {
  const icon = L.divIcon({ className: "guarded-component", iconSize: [9, 9] });
  const drawn = L.layerGroup().addTo(map);
  const near = matchMedia("(pointer: coarse)").matches ? NEAR_TOUCH_PX : NEAR_PX;
  let untiled = [];
  let control = null;

  function put(features) {
    untiled = features;
    drawn.clearLayers();
    for (const { geometry: { coordinates: [lon, lat] } } of features) L.marker([lat, lon], { icon, pane: "components", interactive: false, keyboard: false }).addTo(drawn);
  }

  /** What lies in no tile, of the part that is shown. */
  async function refresh() {
    control?.abort();
    if (!may("READ_GUARDED_COMPONENTS") || !layers.visible("components") || !wanted()) return put([]);
    control = new AbortController();
    try {
      put((await layerFeatures("components", box(), MOST, control.signal, number(), { untiled: true })).features);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      put([]);
      failed();
    }
  }

  /** Where each is: its pixels in the window, and its place. */
  function shown() {
    const [across, origin] = [map.options.crs.scale(map.getZoom()), map.getPixelOrigin()];
    const tiled = layers.features("components").map(({ properties: { code }, geometry: { coordinates: [x, y] } }) => {
      const pixel = L.point(x * across, y * across).subtract(origin);
      return { code, pixel, latlng: map.layerPointToLatLng(pixel) };
    });
    const others = untiled.map(({ properties: { code }, geometry: { coordinates: [lon, lat] } }) => ({ code, pixel: map.latLngToLayerPoint([lat, lon]), latlng: L.latLng(lat, lon) }));
    return layers.visible("components") && wanted() ? [...tiled, ...others] : [];
  }

  map.on("moveend", refresh);
  onSession(refresh);
  return {
    refresh,
    /** The component under a click, the nearest of those close by. */
    at(latlng) {
      const clicked = map.latLngToLayerPoint(latlng);
      const found = shown().map((one) => ({ ...one, distance: one.pixel.distanceTo(clicked) })).filter(({ distance }) => distance <= near);
      if (!found.length) return null;
      const { code, latlng: { lng, lat } } = found.reduce((best, one) => (one.distance < best.distance ? one : best));
      return { code, lon: lng, lat };
    },
  };
}
