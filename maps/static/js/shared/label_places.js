/** Which labels the map shows, and where; pure arithmetic on screen pixels. */

const AREA_ZOOMS = { DISTRICT: [0, 13], SUBDISTRICT: [11.5, 16.5], TOWNSHIP: [11.5, 16.5], COMMUNITY: [14.5, 18.5], VILLAGE: [14.5, 18.5] };
const STREET_FROM = { STREET: 14.5, LANE: 15.5, HUTONG: 16.5 };
const ORDER = { DISTRICT: 0, SUBDISTRICT: 1, TOWNSHIP: 1, COMMUNITY: 2, VILLAGE: 2, STREET: 3, LANE: 4, HUTONG: 5 };

function ringCentre(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    area += cross;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  return { size: Math.abs(area), at: area ? [x / (3 * area), y / (3 * area)] : ring[0] };
}

/** Where an area's name stands: its point, else the centre of mass of its largest part, from its first vertex so that small rings keep their digits. */
function polygonCentre(geometry) {
  if (geometry.type === "Point") return geometry.coordinates;
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0]);
  const centres = rings.map((ring) => {
    const [x0, y0] = ring[0];
    const { size, at } = ringCentre(ring.map(([x, y]) => [x - x0, y - y0]));
    return { size, at: [at[0] + x0, at[1] + y0] };
  });
  return centres.reduce((best, centre) => (centre.size > best.size ? centre : best)).at;
}

const longest = (lines) => lines.reduce((best, line) => (line.length > best.length ? line : best));

/** Middle of a line on the screen, its direction kept upright, and its length in pixels. */
function lineMiddle(geometry, toPixel) {
  const line = geometry.type === "LineString" ? geometry.coordinates : longest(geometry.coordinates);
  const points = line.map(toPixel);
  const steps = points.slice(1).map((point, i) => Math.hypot(point.x - points[i].x, point.y - points[i].y));
  const length = steps.reduce((sum, step) => sum + step, 0);
  let rest = length / 2;
  let i = 0;
  while (i < steps.length - 1 && rest > steps[i]) rest -= steps[i++];
  const [from, to] = [points[i], points[i + 1]];
  const share = steps[i] ? rest / steps[i] : 0;
  const angle = Math.atan((to.y - from.y) / (to.x - from.x || 1e-9));
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share, angle, length };
}

/** Candidates in the order in which they may take their place. */
export function labelCandidates(areas, segments, zoom, toPixel) {
  const found = [];
  for (const { properties: { level, name }, geometry } of areas) {
    const [from, to] = AREA_ZOOMS[level] ?? AREA_ZOOMS.COMMUNITY;
    if (name && zoom >= from && zoom < to) found.push({ ...pick(toPixel(polygonCentre(geometry))), angle: 0, name, style: level, length: Infinity });
  }
  for (const { properties: { kind, name }, geometry } of segments) {
    if (name && zoom >= (STREET_FROM[kind] ?? 16)) found.push({ ...lineMiddle(geometry, toPixel), name, style: kind });
  }
  return found.sort((a, b) => ORDER[a.style] - ORDER[b.style] || b.length - a.length);
}

const pick = ({ x, y }) => ({ x, y });

/**
 * Greedy placement: none covers another or one of the `obstacles` {west, east, north, south}, a street is not named
 * twice close by, none is longer than its street.
 */
export function placeLabels(candidates, widthOf, size, height, obstacles = []) {
  const taken = [...obstacles];
  const placed = [];
  for (const label of candidates) {
    const width = widthOf(label);
    if (label.length < width + 8) continue;
    const [c, s] = [Math.abs(Math.cos(label.angle)), Math.abs(Math.sin(label.angle))];
    const [halfX, halfY] = [(width * c + height * s) / 2 + 4, (width * s + height * c) / 2 + 3];
    const box = { west: label.x - halfX, east: label.x + halfX, north: label.y - halfY, south: label.y + halfY };
    const seen = box.west > 0 && box.east < size.x && box.north > 0 && box.south < size.y;
    const free = taken.every((other) => box.east < other.west || box.west > other.east || box.south < other.north || box.north > other.south);
    const twin = label.length !== Infinity && placed.some((other) => other.name === label.name && Math.hypot(other.x - label.x, other.y - label.y) < 320);
    if (!seen || !free || twin) continue;
    taken.push(box);
    placed.push(label);
  }
  return placed;
}

/** How a name is set along its line: Chinese on a steep street stands upright, one character below the other. */
export function setText(name, angle, size) {
  const steep = Math.abs(angle) > Math.PI / 3 && /^[\u3400-\u9fff]+$/.test(name);
  if (!steep) return { turn: angle, pieces: [[name, 0]] };
  const letters = [...name];
  const turn = angle > 0 ? angle - Math.PI / 2 : angle + Math.PI / 2;
  return { turn, pieces: letters.map((letter, i) => [letter, (i - (letters.length - 1) / 2) * size * 1.05]) };
}
