/** Coordinates from somewhere else, typed with their datum. */

import { parsePair } from "../shared/coordinates.js";
import { text } from "../shared/language.js";

/** @param choose called with (lon, lat, datum) */
export function listenToOtherPlace(choose) {
  document.getElementById("other-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const pair = parsePair(document.getElementById("other-text").value);
    const error = document.getElementById("other-error");
    error.hidden = Boolean(pair && !pair.swapped);
    if (!pair) error.textContent = text("badPlace", { example: "116.3975, 39.9087" });
    else if (pair.swapped) error.textContent = text("swappedPlace", pair);
    else choose(pair.lon, pair.lat, document.getElementById("other-datum").value);
  });
}
