/** Asking the service; addresses are relative to the page, so that it works below any root path. */

/**
 * Why no answer came. `kind`: "outside", "no-edition", "not-ready", "refused", "invalid", "offline" or "failed";
 * `body` is the problem document, empty when there was none.
 */
export class Problem extends Error {
  constructor(kind, status, body = {}) {
    super(body.detail || body.title || kind);
    this.kind = kind;
    this.status = status;
    this.body = body;
  }
}

function kindOf(status, type) {
  if (type.endsWith("outside-coverage")) return "outside";
  if (type.endsWith("no-edition")) return "no-edition";
  if (status === 503) return "not-ready";
  if (status === 401 || status === 403) return "refused";
  return status === 400 || status === 422 ? "invalid" : "failed";
}

/** JSON of an address below the page; null parameters are left out. Throws Problem, or AbortError when given up. */
export async function getJson(path, parameters = {}, signal = undefined) {
  const url = new URL(path, document.baseURI);
  url.search = "";
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  let response;
  try {
    response = await fetch(url, { signal, headers: { Accept: "application/json" } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("offline", 0);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(kindOf(response.status, String(body.type ?? "")), response.status, body);
  return body;
}

export const currentEdition = () => getJson("api/v1/editions/current");

export const resolvePlace = ({ lon, lat, datum, accuracy_m, category }, signal) =>
  getJson("api/v1/resolve", { lon, lat, datum, accuracy_m, category }, signal);

/** Features of a layer of the edition in force within [west, south, east, north]. */
export const layerFeatures = (layer, box, limit, signal) =>
  getJson(`api/v1/editions/current/layers/${layer}`, { bbox: box.map((value) => value.toFixed(7)).join(","), limit }, signal);

export async function listCategories() {
  const body = await getJson("api/v1/categories", { limit: 1000 });
  return Array.isArray(body) ? body : (body.items ?? []);
}
