/**
 * What happens, as it happens: one stream per browser. A shared worker holds it for all tabs; where browsers have none,
 * the tab holds its own.
 */

import { onSession } from "./session.js";

export const TOPICS = ["incident.recorded", "incident.changed", "roster.changed", "edition.published"];

/** A stand-in for the worker's port in a browser without shared workers. */
function ownPort(address) {
  const port = { onmessage: null, postMessage: (asked) => asked.kind === "restart" && start() };
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
 * Listen while somebody may read; lists that are read after the first `reset` miss nothing. @param on {told(topic, body), reset(), state("open" | "waiting" | "away")}; `reset` says
 * that something may have been missed, so lists are to be loaded again
 */
export function listenLive(on) {
  const address = new URL("api/v1/live", document.baseURI).href;
  const port = openPort(address);
  let login;
  port.onmessage = ({ data: message }) => {
    if (message.kind === "state") on.state(message.state);
    else if (message.topic === "reset") on.reset();
    else on.told(message.topic, JSON.parse(message.data));
  };
  port.postMessage({ kind: "listen", address, topics: TOPICS });
  onSession((session) => {
    const who = `${session.login}/${session.role}`;
    if (login !== undefined && login !== who) port.postMessage({ kind: "restart" });
    login = who;
  });
}
