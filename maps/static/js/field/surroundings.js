/** The map around the worker: the city's base map, the answering cell and street, the marker and its ring of accuracy. */

import { addBaseMap } from "../shared/base_map.js";
import { makeHighlight } from "../shared/highlight.js";
import { spokenPlace } from "../shared/shifted_ground.js";

const LEAST_ACROSS_M = 120;
const DRAWN_AS_GIVEN = ["WGS84", "CGCS2000"];

/** @param onTap called with (lon, lat, datum) of a tap; @returns {start, mark(place), show(answer)} */
export function makeSurroundings(map, onTap) {
  const ground = addBaseMap(map);
  const highlight = makeHighlight(map);
  let placed = false;
  map.setMinZoom(3).setMaxZoom(20);

  map.on("click", ({ latlng }) => {
    const { lon, lat, datum } = spokenPlace(map, latlng);
    highlight.mark(latlng.lng, latlng.lat);
    onTap(lon, lat, datum);
  });
  function stand({ lon, lat, accuracy_m }) {
    placed = true;
    highlight.mark(lon, lat);
    highlight.ring(lon, lat, accuracy_m);
    map.fitBounds(L.latLng(lat, lon).toBounds(Math.max(LEAST_ACROSS_M, (accuracy_m ?? 0) * 3)), { animate: false, maxZoom: 18 });
  }

  return {
    /** Until the phone knows where it is, the whole city is there to be tapped. */
    async start() {
      const bounds = await ground.show();
      if (bounds && !placed) map.fitBounds(bounds, { animate: false });
    },
    /** Where the phone is, before there is an answer; of other datums only the service knows the place. */
    mark: (place) => DRAWN_AS_GIVEN.includes(place.datum) && stand(place),
    show(answer) {
      stand(answer.location);
      highlight.winners(answer);
    },
  };
}
