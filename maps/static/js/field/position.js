/** Where the phone is: the device's fix, a tap on the map, or coordinates from somewhere else with their datum. */

import { locateMe } from "../shared/locate.js";

/**
 * @param onPlace called with {lon, lat, datum, accuracy_m, byHand}; @param onState "locating", "found" or "failed"
 * @returns {locate, choose, place}
 */
export function makePosition(onPlace, onState) {
  let place = null;
  const take = (next) => {
    place = next;
    onState("found");
    onPlace(next);
  };
  return {
    locate() {
      onState("locating");
      locateMe(
        (fix) => take({ lon: fix.lon, lat: fix.lat, datum: fix.datum, accuracy_m: fix.accuracy_m, byHand: false }),
        () => onState(place ? "found" : "failed"),
      );
    },
    choose: (lon, lat, datum) => take({ lon, lat, datum, accuracy_m: null, byHand: true }),
    place: () => place,
  };
}
