/** GCJ-02 as in gridsvc/datum/shifted.py: the shift, its inverse by iteration, and where it applies. Degrees throughout. */

const A = 6378245;
const EE = 0.006693421622965943;
const MAINLAND = [72.004, 0.8293, 137.8347, 55.8271];
const WITHOUT = [
  [113.83, 22.15, 114.45, 22.42],
  [113.97, 22.42, 114.35, 22.49],
  [113.537, 22.183, 113.557, 22.213],
  [113.557, 22.11, 113.6, 22.17],
  [120, 21.8, 122.1, 25.4],
  [119.3, 23.1, 119.8, 23.8],
];
const ENOUGH_DEG = 1e-12;
const ROUNDS = 30;
const RADIAN = Math.PI / 180;

const within = (lon, lat, [west, south, east, north]) => lon >= west && lon <= east && lat >= south && lat <= north;
const waves = (x) => ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;

/** Whether places are shifted there; the boxes are coarse, so degrees of any datum will do. */
export function isShiftedGround(lon, lat) {
  return within(lon, lat, MAINLAND) && !WITHOUT.some((box) => within(lon, lat, box));
}

function shift(lon, lat) {
  const [x, y] = [lon - 105, lat - 35];
  const root = Math.sqrt(Math.abs(x));
  let dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(x);
  dlat += ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3;
  dlat += ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  let dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x);
  dlon += ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3;
  dlon += ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
  const magic = 1 - EE * Math.sin(lat * RADIAN) ** 2;
  const meridian = (A * (1 - EE)) / (magic * Math.sqrt(magic));
  return [lon + dlon / ((A / Math.sqrt(magic)) * Math.cos(lat * RADIAN)) / RADIAN, lat + dlat / meridian / RADIAN];
}

/** [lon, lat] in GCJ-02 of a place in WGS84; the same where there is no shift. */
export function toGcj02(lon, lat) {
  return isShiftedGround(lon, lat) ? shift(lon, lat) : [lon, lat];
}

/** [lon, lat] in WGS84 of a pair in GCJ-02. */
export function fromGcj02(x, y) {
  if (!isShiftedGround(x, y)) return [x, y];
  let [lon, lat] = [x, y];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [thereX, thereY] = shift(lon, lat);
    const [stepX, stepY] = [x - thereX, y - thereY];
    lon += stepX;
    lat += stepY;
    if (Math.abs(stepX) <= ENOUGH_DEG && Math.abs(stepY) <= ENOUGH_DEG) break;
  }
  return [lon, lat];
}
