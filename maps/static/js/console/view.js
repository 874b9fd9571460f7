/** Where the map looks: the first view, bringing a place into the part that no panel covers, the view in the address. */

import { isWithin, placeBefore } from "../shared/coordinates.js";
import { spokenPlace } from "../shared/shifted_ground.js";
import { writeAddress } from "./address.js";
import { isSheet } from "../shared/sheet.js";

const CLOSE_ZOOM = 17;
const EDGE_PX = 48;
/** What is smaller on the screen is gone near to: whatever is chosen, and what a link names without saying where to look. */
const [TINY_PX, CLOSE_PX] = [24, 120];
/** Around the middle of what is shown: a marker, a ring. */
const MARK_PX = 10;

/** @returns {open, showAll, fit, box, reveal, placeOf, keepStill} */
export function makeView(map) {
  const stage = document.getElementById("main");
  const frame = map.getContainer();
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  map.setMinZoom(3).setMaxZoom(20);

  /** What the sheet covers, or will once it has moved. */
  function covered() {
    if (!isSheet()) return 0;
    const whole = stage.clientHeight;
    return { peek: 148, half: 0.52 * whole, full: 0.52 * whole }[stage.dataset.height];
  }
  /** How much of the map the left panel lies over. */
  function coveredLeft() {
    const panel = document.getElementById("panel").getBoundingClientRect();
    return isSheet() || !panel.width ? 0 : Math.max(0, panel.right - frame.getBoundingClientRect().left);
  }
  /** Whether a button, the legend or another thing that lies on the map hides a place. */
  function isHidden({ x, y }) {
    const { left, top } = frame.getBoundingClientRect();
    return [...frame.querySelectorAll(".leaflet-control")].some((node) => {
      const box = node.getBoundingClientRect();
      return x + MARK_PX > box.left - left && x - MARK_PX < box.right - left && y + MARK_PX > box.top - top && y - MARK_PX < box.bottom - top;
    });
  }
  /** Have a pixel of the map come to the middle of the part that nothing covers. */
  const toMiddle = (at) => map.panBy(at.subtract(map.getSize().add([coveredLeft(), -covered()]).divideBy(2)).round(), move());
  const move = () => ({ animate: !still.matches, duration: 0.15 });
  const padding = () => ({ paddingTopLeft: [16 + coveredLeft(), 16], paddingBottomRight: [16, 16 + covered()] });

  function showAll([west, south, east, north], options = move()) {
    map.fitBounds([[south, west], [north, east]], { ...options, ...padding() });
  }

  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    writeAddress({ map: `${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}` });
  });

  return {
    showAll,
    /** Bring bounds into view; a view that shows them whole, not tiny and with their middle free stays; `close` goes near. */
    fit(bounds, { close = false } = {}) {
      const [low, high] = [map.latLngToContainerPoint(bounds.getNorthWest()), map.latLngToContainerPoint(bounds.getSouthEast())];
      const [size, free] = [high.subtract(low), map.getSize().subtract([0, covered()])];
      const whole = low.x >= coveredLeft() && low.y >= 0 && high.x <= free.x && high.y <= free.y;
      if (!whole || Math.max(size.x, size.y) < (close ? CLOSE_PX : TINY_PX)) map.fitBounds(bounds, { ...move(), ...padding(), maxZoom: 18 });
      else if (isHidden(low.add(high).divideBy(2))) toMiddle(low.add(high).divideBy(2));
    },
    /** What the map shows, [west, south, east, north]. */
    box() {
      const bounds = map.getBounds();
      return [Math.max(-180, bounds.getWest()), Math.max(-90, bounds.getSouth()), Math.min(180, bounds.getEast()), Math.min(90, bounds.getNorth())];
    },
    open({ view, selection }, box) {
      const place = selection?.kind === "place" ? placeBefore(selection) : null;
      if (view) map.setView([view.lat, view.lon], view.zoom, { animate: false });
      else if (place && isWithin(box, place)) map.setView([place[1], place[0]], CLOSE_ZOOM, { animate: false });
      else showAll(box, { animate: false });
    },
    /** Only as far as needed, so that the map does not jump under the reader; `close` goes near. */
    reveal(lon, lat, { close = false } = {}) {
      const place = L.latLng(lat, lon);
      if (close && map.getZoom() < CLOSE_ZOOM) map.setView(place, CLOSE_ZOOM, { animate: false });
      const at = map.latLngToContainerPoint(place);
      const free = map.getSize().subtract([0, covered()]);
      const left = coveredLeft();
      const seen = at.x >= left + EDGE_PX && at.y >= EDGE_PX && at.x <= free.x - EDGE_PX && at.y <= free.y - EDGE_PX;
      if (!seen || isHidden(at)) toMiddle(at);
    },
    /** A click's place in the datum of the ground that was clicked on, with the category that is already chosen. */
    placeOf: (latlng, current) => ({ kind: "place", ...spokenPlace(map, latlng), accuracy_m: null, category: current?.category ?? null }),
    /** Change the frame around the map; what the map shows stays where it is on the screen. */
    keepStill(change) {
      const before = frame.getBoundingClientRect().left;
      change();
      const shift = frame.getBoundingClientRect().left - before;
      map.invalidateSize({ pan: false });
      if (shift) map.panBy([shift, 0], { animate: false });
    },
  };
}
