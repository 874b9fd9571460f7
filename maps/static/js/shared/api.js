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
let renew = null;

/** The session's token that goes with every change. */
export const keepCsrf = (value) => (csrf = value);

/** What finds out who is at the page, for when the service says that it is somebody else than the page thinks. */
export const keepRenewal = (ask) => (renew = ask);

/** The answer's body. One that breaks off is no answer: what was given up stays given up, the rest is the network's fault. */
async function bodyOf(response, signal, asFile) {
  if (response.status === 204) return {};
  if (asFile && response.ok) return response.blob().catch(() => Promise.reject(new Problem("offline", 0)));
  const text = await response.text().catch(() => null);
  if (signal?.aborted) throw new DOMException("given up", "AbortError");
  if (text === null) throw new Problem("offline", 0);
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw new Problem("failed", response.status);
    return {};
  }
}

/** Whether to send a change once more: the session has a new token, or has ended, and the page did not know. */
async function isRenewed(method, response, problem) {
  if (!csrf || !renew || !(response.status === 401 || problem.body.type?.endsWith("/cross-site"))) return false;
  const before = csrf;
  await renew();
  return method !== "GET" && csrf !== null && csrf !== before;
}

/**
 * One request below the page. `parameters` that are null are left out; `json` or `bytes` (a Blob) is the body.
 * @returns {body, status, headers}; the body is a Blob where a file is wanted (`asFile`). Throws Problem, or AbortError when given up.
 */
export async function request(method, path, { parameters = {}, json, bytes, headers = {}, signal, asFile = false } = {}, again = true) {
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
  const body = await bodyOf(response, signal, asFile);
  if (response.ok) return { body, status: response.status, headers: response.headers };
  const problem = new Problem(kindOf(response.status, String(body.type ?? "")), response.status, body);
  problem.retryAfter_s = Number(response.headers.get("Retry-After")) || null;
  if (again && (await isRenewed(method, response, problem))) return request(method, path, { parameters, json, bytes, headers, signal, asFile }, false);
  throw problem;
}

/** JSON of an address below the page. */
export const getJson = async (path, parameters = {}, signal = undefined) => (await request("GET", path, { parameters, signal })).body;

/** Send JSON as a change and give the answer's body. `headers` such as Idempotency-Key or If-Match. */
export const sendJson = async (method, path, json, headers = {}) => (await request(method, path, { json, headers })).body;

export const currentEdition = () => getJson("api/v1/editions/current");

/** @param asOf {edition, roster, at} where the answer is not to be that of now */
export const resolvePlace = ({ lon, lat, datum, accuracy_m, category }, signal, asOf = {}) =>
  getJson("api/v1/resolve", { lon, lat, datum, accuracy_m, category, ...asOf }, signal);

/** Features of a layer within [west, south, east, north]; of the edition in force unless another's number is given. */
export const layerFeatures = (layer, box, limit, signal, edition = "current", more = {}) =>
  getJson(`api/v1/editions/${edition}/layers/${layer}`, { bbox: box.map((value) => value.toFixed(7)).join(","), limit, ...more }, signal);

let categories = null;

/** The categories, asked for once for all who want them. */
export function listCategories() {
  const coming = (categories ??= getJson("api/v1/categories", { limit: 1000 }).then(({ items }) => items));
  coming.catch(() => categories === coming && forgetCategories());
  return coming;
}

/** The roster was changed, or somebody else is here: ask again when they are wanted. */
export const forgetCategories = () => (categories = null);
