/** How an address of the console names what is selected there. */

export const CODED = ["cell", "area", "segment", "component"];

const NONE = { lon: null, lat: null, datum: null, accuracy_m: null, category: null, incident: null, shape: null, cell: null, area: null, segment: null, component: null, row: null };

const shapeText = ({ form, points }) => `${form}:${points.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(";")}`;

/** The parts of the address that name a selection; all empty for null. */
export function selectionParts(selection) {
  if (!selection) return NONE;
  if (selection.kind === "incident") return { ...NONE, incident: selection.number };
  if (selection.kind === "shape") return { ...NONE, shape: shapeText(selection) };
  if (selection.kind === "row") return { ...NONE, row: `${selection.table}:${selection.code}` };
  if (CODED.includes(selection.kind)) return { ...NONE, [selection.kind]: selection.code };
  const { lon, lat, datum, accuracy_m = null, category = null } = selection;
  return { ...NONE, lon, lat, datum: datum === "WGS84" ? null : datum, accuracy_m, category };
}

/** The console with something selected, seen from another page. */
export function consoleAddress(selection, lang) {
  const named = Object.entries({ ...selectionParts(selection), lang }).filter(([, value]) => value !== null);
  return `./?${new URLSearchParams(named)}`;
}
