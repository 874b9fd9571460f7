/** Holds the browser's one stream of live messages and hands them to every tab; runs as a shared worker. */

const AGAIN_MS = [2_000, 5_000, 15_000, 60_000];
const ports = new Set();
let asked = null;
let source = null;
let state = "waiting";
let failures = 0;
let timer = null;
let heard = "";

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function setState(next) {
  state = next;
  tell({ kind: "state", state });
}

/** The browser resumes by itself while a stream is only interrupted; one that was refused is asked to go on from `heard`. */
function start() {
  clearTimeout(timer);
  source?.close();
  const address = new URL(asked.address);
  const resumed = heard !== "";
  if (resumed) address.searchParams.set("after", heard);
  source = new EventSource(address);
  source.onopen = () => {
    failures = 0;
    setState("open");
  };
  source.onerror = () => {
    const refused = source.readyState === EventSource.CLOSED;
    setState(refused ? "away" : "waiting");
    if (!refused) return;
    timer = setTimeout(start, AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]);
    failures += 1;
  };
  const note = ({ lastEventId }) => (heard = lastEventId || heard);
  // What was read before a stream began may lack what happened in between: it is to be read again.
  const begin = (event) => (note(event), resumed || tell({ kind: "told", topic: "reset", data: "{}" }));
  source.addEventListener("hello", begin, { once: true });
  for (const topic of [...asked.topics, "reset"]) source.addEventListener(topic, (event) => (note(event), tell({ kind: "told", topic, data: event.data })));
}

/** Listen as somebody; every tab says so when somebody else is at the browser, and the first one is heeded. */
function listen(message) {
  if (asked?.who === message.who) return;
  asked = { ...asked, ...message };
  failures = 0;
  heard = "";
  start();
}

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = ({ data: message }) => {
    if (message.kind !== "leave") return listen(message);
    ports.delete(port);
    port.close();
  };
  port.postMessage({ kind: "state", state });
  if (state === "open") port.postMessage({ kind: "told", topic: "reset", data: "{}" });
};
