/** Where the phone is: the device's fix, a tap on the map, or coordinates from somewhere else with their datum. */

import { locateMe } from "../shared/locate.js";

/**
 * @param onPlace called with {lon, lat, datum, accuracy_m, byHand, at}; @param onState "locating", "found" or "failed"
 * @returns {locate, choose, place}
 */
export function makePosition(onPlace, onState) {
  let place = null;
  let asked = 0;
  const take = (next) => {
    asked += 1;
    place = { ...next, at: new Date().toISOString() };
    onState("found");
    onPlace(place);
  };
  return {
    locate() {
      const mine = (asked += 1);
      onState("locating");
      // A fix that comes after somebody has chosen a place by hand is not wanted any more.
      locateMe(
        (fix) => mine === asked && take({ lon: fix.lon, lat: fix.lat, datum: fix.datum, accuracy_m: fix.accuracy_m, byHand: false }),
        () => mine === asked && onState("failed"),
      );
    },
    choose: (lon, lat, datum) => take({ lon, lat, datum, accuracy_m: null, byHand: true }),
    place: () => place,
  };
}
