/**
 * What happens, as it happens: one stream per browser. A shared worker holds it for all tabs; where browsers have none,
 * the tab holds its own.
 */

import { onSession } from "./session.js";

const TOPICS = ["incident.recorded", "incident.changed", "roster.changed", "edition.published"];

/** A stand-in for the worker's port in a browser without shared workers. */
function ownPort(address) {
  const port = { onmessage: null, postMessage: ({ kind }) => kind === "restart" && start() };
  let source = null;
  const tell = (data) => port.onmessage?.({ data });
  function start() {
    source?.close();
    source = new EventSource(address);
    source.onopen = () => tell({ kind: "state", state: "open" });
    source.onerror = () => tell({ kind: "state", state: source.readyState === EventSource.CLOSED ? "away" : "waiting" });
    source.addEventListener("hello", () => tell({ kind: "told", topic: "reset", data: "{}" }), { once: true });
    for (const topic of [...TOPICS, "reset"]) source.addEventListener(topic, ({ data }) => tell({ kind: "told", topic, data }));
  }
  start();
  return port;
}

function openPort(address) {
  if (!("SharedWorker" in window)) return ownPort(address);
  const worker = new SharedWorker(new URL("live_worker.js", import.meta.url), { name: `gridsvc live ${address}` });
  worker.port.start();
  return worker.port;
}

/**
 * Listen while somebody may read. @param on {told(topic, body), reset(), state("open" | "waiting" | "away")}; `reset` comes
 * when the tab begins to hear, and whenever something may have been missed: what is read after it misses nothing
 */
export function listenLive(on) {
  const address = new URL("api/v1/live", document.baseURI).href;
  const port = openPort(address);
  let known;
  port.onmessage = ({ data: message }) => {
    if (message.kind === "state") on.state(message.state);
    else if (message.topic === "reset") on.reset();
    else on.told(message.topic, JSON.parse(message.data));
  };
  // Each session has a token of its own, so that the same person signing in again is news too.
  onSession(({ csrf }) => {
    const who = csrf ?? "visitor";
    if (known === undefined) port.postMessage({ kind: "listen", address, topics: TOPICS, who });
    else if (known !== who) port.postMessage({ kind: "restart", who });
    known = who;
  });
  addEventListener("pagehide", ({ persisted }) => persisted || port.postMessage({ kind: "leave" }));
}
