/** Holds the browser's one stream of live messages and hands them to every tab; runs as a shared worker. */

const AGAIN_MS = [2_000, 5_000, 15_000, 60_000];
const ports = new Set();
let asked = null;
let source = null;
let state = "waiting";
let failures = 0;
let timer = null;

function tell(message) {
  for (const port of ports) port.postMessage(message);
}

function setState(next) {
  state = next;
  tell({ kind: "state", state });
}

/** The browser resumes by itself while a stream is only interrupted; one that was refused is opened anew, with a gap. */
function start() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(asked.address);
  source.onopen = () => {
    if (failures) tell({ kind: "told", topic: "reset", data: "{}" });
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
  for (const topic of [...asked.topics, "reset"]) source.addEventListener(topic, ({ data }) => tell({ kind: "told", topic, data }));
}

function hear({ data: message }) {
  if (message.kind === "listen") {
    if (asked) return;
    asked = message;
    start();
  } else if (message.kind === "restart" && asked) {
    failures = 0;
    start();
  }
}

self.onconnect = ({ ports: [port] }) => {
  ports.add(port);
  port.onmessage = hear;
  port.postMessage({ kind: "state", state });
};
