/** Asking the service; addresses are relative to the page, so that it works below any root path. */

/**
 * Why no answer came. `kind`: "outside", "no-edition", "absent" (this service has no such address), "missing", "not-ready",
 * "refused", "conflict", "too-often", "invalid", "offline" or "failed"; `body` is the problem document, empty when there was none.
 */
export class Problem extends Error {
  constructor(kind, status, body = {}) {
    super(body.detail || body.title || kind);
    this.kind = kind;
    this.status = status;
    this.body = body;
  }
}

const KINDS = { 401: "refused", 403: "refused", 404: "missing", 409: "conflict", 412: "conflict", 429: "too-often", 503: "not-ready", 400: "invalid", 413: "invalid", 415: "invalid", 422: "invalid" };
const TYPES = { "outside-coverage": "outside", "no-edition": "no-edition", "no-such-address": "absent", "method-not-allowed": "absent" };

const kindOf = (status, type) => TYPES[type.split("/").at(-1)] ?? KINDS[status] ?? "failed";

let csrf = null;

/** The session's token that goes with every change. */
export const keepCsrf = (value) => (csrf = value);

/**
 * One request below the page. `parameters` that are null are left out; `json` or `bytes` (a Blob) is the body.
 * @returns {body, status, headers}. Throws Problem, or AbortError when given up.
 */
export async function request(method, path, { parameters = {}, json, bytes, headers = {}, signal } = {}) {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  const sent = { Accept: "application/json", ...headers };
  if (method !== "GET" && csrf) sent["X-CSRF-Token"] = csrf;
  if (json !== undefined) sent["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, signal, headers: sent, body: json === undefined ? bytes : JSON.stringify(json) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("offline", 0);
  }
  const body = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(kindOf(response.status, String(body.type ?? "")), response.status, body);
  return { body, status: response.status, headers: response.headers };
}

/** JSON of an address below the page. */
export const getJson = async (path, parameters = {}, signal = undefined) => (await request("GET", path, { parameters, signal })).body;

/** Send JSON as a change and give the answer's body. `headers` such as Idempotency-Key or If-Match. */
export const sendJson = async (method, path, json, headers = {}) => (await request(method, path, { json, headers })).body;

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
