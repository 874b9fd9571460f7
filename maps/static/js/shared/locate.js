/** The device's own position. */

// The Geolocation API gives the 95 % radius; the service takes the 68 % one. Of a round Gaussian these are 2.448 and 1.510 sigma.
const R68_OF_R95 = 1.5096 / 2.4477;

/** @param onPlace called with {lon, lat, datum, accuracy_m}; @param onFail without anything */
export function locateMe(onPlace, onFail) {
  if (!navigator.geolocation) {
    onFail();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) =>
      onPlace({
        lon: Number(coords.longitude.toFixed(7)),
        lat: Number(coords.latitude.toFixed(7)),
        datum: "WGS84",
        accuracy_m: Math.max(1, Math.round(coords.accuracy * R68_OF_R95)),
        category: null,
      }),
    onFail,
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 5_000 },
  );
}
