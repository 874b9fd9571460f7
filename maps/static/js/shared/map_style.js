/** Canvas styles from the CSS tokens, by zoom; read again when the system turns light or dark. */

/** A token's value as it now holds. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--map-${name}`).trim();
}

const WIDTHS = { STREET: 2.2, LANE: 1.1, HUTONG: 0.8 };
const MOST = { STREET: 7, LANE: 2.4, HUTONG: 1.7 };
const LEVELS = { DISTRICT: ["district", 3.4, 0.6], SUBDISTRICT: ["subdistrict", 2.6, 0.45], TOWNSHIP: ["subdistrict", 2.6, 0.45] };

/** Width in pixels, growing with zoom as roads do, within what stays legible. */
export function segmentWidth(kind, zoom) {
  return Math.max(0.6, Math.min(MOST[kind] ?? 2.4, (WIDTHS[kind] ?? 1) * 1.55 ** (zoom - 14)));
}

/**
 * Borders mostly follow streets, which lie above them: districts and subdistricts are bands a little wider than a street,
 * so that both their sides are seen; communities dashed lines as wide as shows beside a lane.
 */
export function areaStyle(level, zoom) {
  const [name, beside, opacity] = LEVELS[level] ?? ["community", 1.8, 0.6];
  const below = segmentWidth(LEVELS[level] ? "STREET" : "LANE", zoom);
  const thin = zoom < 14 ? 0.5 : 1;
  return { color: token(name), weight: below + beside * thin, opacity, dashArray: LEVELS[level] ? null : "5 5", lineCap: "butt", fill: false };
}

/**
 * The middle of a district's or subdistrict's band, as wide as a street: where none lies on it the band is no bar, but two
 * thin lines. Null for what is no band, and where streets are too thin to matter.
 */
export function areaMiddleStyle(level, zoom) {
  if (!LEVELS[level] || zoom < 13.5) return null;
  return { color: token("city"), weight: segmentWidth("STREET", zoom), opacity: 0.72, lineCap: "butt", fill: false };
}

/** The ground of the city: districts, filled. */
export function groundStyle() {
  return { stroke: false, fill: true, fillColor: token("city"), fillOpacity: 1 };
}

/** Hair-thin, nearly no fill; fading where cells get small on the screen. */
export function cellStyle(zoom) {
  return { color: token("cell"), weight: zoom < 15 ? 0.4 : 0.8, opacity: zoom < 14 ? 0.45 : 0.9, fill: false };
}

/** Streets are light bands with an edge; lanes solid, hutongs dashed lines. */
export function segmentStyle(kind, zoom) {
  const width = segmentWidth(kind, zoom);
  if (kind === "STREET") return { color: token("street"), weight: width, opacity: 1 };
  return { color: token(kind === "LANE" ? "lane" : "hutong"), weight: width, dashArray: kind === "HUTONG" ? "6 3" : null, opacity: 1 };
}

/** The edge below a street's band. */
export function edgeStyle(zoom) {
  return { color: token("street-edge"), weight: segmentWidth("STREET", zoom) + 1.6, opacity: 1 };
}

/** A small square with an edge: incidents are round. */
export function componentStyles() {
  const square = { lineCap: "square", opacity: 1 };
  return [{ ...square, color: token("halo"), weight: 9 }, { ...square, color: token("component"), weight: 6 }];
}
