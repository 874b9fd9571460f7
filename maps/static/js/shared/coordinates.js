/** Reading coordinates. Longitude comes first; the axes are never guessed, only a likely swap is told. */

import { fromGcj02, isShiftedGround } from "./gcj02.js";

const NUMBER = /[-+]?\d+(?:\.\d+)?/g;
/** A number that goes on from one before it: the second part of a number of something, such as 1122-000043. */
const RUN_ON = /\d[-+]\d/;

/**
 * @returns {lon, lat}, or {swapped: true, lon, lat} when the pair only makes sense the other way round, or null.
 * Accepts commas of both scripts, blanks, brackets and degree signs around the two numbers.
 */
export function parsePair(written) {
  const plain = written.normalize("NFKC").replaceAll("−", "-");
  if (/[^\d\s.,;:+\-°()[\]、，；]/.test(plain) || RUN_ON.test(plain)) return null;
  const numbers = (plain.match(NUMBER) ?? []).map(Number);
  if (numbers.length !== 2) return null;
  const [first, second] = numbers;
  if (Math.abs(first) <= 180 && Math.abs(second) <= 90) return { lon: first, lat: second };
  if (Math.abs(first) <= 90 && Math.abs(second) <= 180) return { swapped: true, lon: second, lat: first };
  return null;
}

/** Whether a place, [lon, lat], lies within [west, south, east, north]. */
export const isWithin = ([west, south, east, north], [lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north;

/**
 * Where a pair lies as far as the page can tell before the answer, [lon, lat] in WGS84; null for what only the service
 * converts or will refuse: there is no GCJ-02 where nothing is shifted.
 */
export function placeBefore({ lon, lat, datum }) {
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return null;
  if (datum === "WGS84" || datum === "CGCS2000") return [lon, lat];
  return datum === "GCJ02" && isShiftedGround(lon, lat) ? fromGcj02(lon, lat) : null;
}
