/** What the address bar says: the selection (lon, lat, datum, accuracy_m, category), the language and the view. */

/** @returns selection or null, lang or null, view {zoom, lat, lon} or null */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  const [lon, lat] = [query.get("lon"), query.get("lat")];
  const numeric = [lon, lat].every((value) => value !== null && value.trim() !== "" && Number.isFinite(Number(value)));
  const selection = numeric && {
    lon: Number(lon),
    lat: Number(lat),
    datum: query.get("datum") || "WGS84",
    accuracy_m: Number(query.get("accuracy_m")) || null,
    category: query.get("category"),
  };
  const view = (query.get("view") || "").split("/").map(Number);
  const usable = view.length === 3 && view.every(Number.isFinite) && Math.abs(view[1]) <= 85 && Math.abs(view[2]) <= 180;
  return { selection: selection || null, lang: query.get("lang"), view: usable ? { zoom: view[0], lat: view[1], lon: view[2] } : null };
}

/** Write changes into the address; null takes a part away. `push` makes a step that Back undoes. */
export function writeAddress(changes, { push = false } = {}) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  const address = text ? `?${text}` : location.pathname;
  if (address === location.search) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
}

/** The parts of the address that name a selection, all empty for null. */
export function selectionParts(selection) {
  const { lon = null, lat = null, datum = null, accuracy_m = null, category = null } = selection ?? {};
  return { lon, lat, datum: datum === "WGS84" ? null : datum, accuracy_m, category };
}
