/** Where the map looks: the first view, bringing a place into the part that no panel covers, the view in the address. */

import { writeAddress } from "./address.js";
import { isSheet } from "../shared/sheet.js";

const CLOSE_ZOOM = 17;
const EDGE_PX = 48;

/** @returns {open, showAll, reveal, placeOf, togglePanel} */
export function makeView(map) {
  const panel = document.getElementById("inspector");
  const stage = document.querySelector(".stage");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  map.setMinZoom(3).setMaxZoom(20);
  map.options.inertia = !still.matches;

  /** What the sheet covers, or will once it has moved. */
  function covered() {
    if (!isSheet()) return 0;
    const whole = stage.clientHeight;
    return { peek: 148, half: 0.52 * whole, full: 0.52 * whole }[panel.dataset.height];
  }
  const move = () => ({ animate: !still.matches, duration: 0.15 });

  function showAll([west, south, east, north], options = move()) {
    map.fitBounds([[south, west], [north, east]], { ...options, paddingTopLeft: [16, 16], paddingBottomRight: [16, 16 + covered()] });
  }

  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    writeAddress({ view: `${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}` });
  });

  return {
    showAll,
    open({ view, selection }, box) {
      if (view) map.setView([view.lat, view.lon], view.zoom, { animate: false });
      else if (!selection) showAll(box, { animate: false });
      else map.setView([selection.lat, selection.lon], CLOSE_ZOOM, { animate: false });
    },
    /** Only as far as needed, so that the map does not jump under the reader; `close` goes near. */
    reveal(lon, lat, { close = false } = {}) {
      const place = L.latLng(lat, lon);
      if (close && map.getZoom() < CLOSE_ZOOM) map.setView(place, CLOSE_ZOOM, { animate: false });
      const at = map.latLngToContainerPoint(place);
      const free = map.getSize().subtract([0, covered()]);
      const seen = at.x >= EDGE_PX && at.y >= EDGE_PX && at.x <= free.x - EDGE_PX && at.y <= free.y - EDGE_PX;
      if (!seen) map.panBy(at.subtract(free.divideBy(2)).round(), move());
    },
    /** A click's place, to 7 decimals (1 cm), with the category that is already chosen. */
    placeOf(latlng, current) {
      const { lat, lng } = latlng.wrap();
      return { lon: Number(lng.toFixed(7)), lat: Number(lat.toFixed(7)), datum: "WGS84", accuracy_m: null, category: current?.category ?? null };
    },
    togglePanel() {
      const closed = stage.dataset.panel === "closed";
      stage.dataset.panel = closed ? "open" : "closed";
      map.invalidateSize({ pan: false });
    },
  };
}
