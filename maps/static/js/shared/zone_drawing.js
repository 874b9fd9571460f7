/** Drawing a zone or a line on the map: by clicks, or by keyboard with the crosshair; finished by button, Enter or double click. */

import { el } from "./dom.js";
import { text } from "./language.js";

const LEAST = { polygon: 3, line: 2 };
const MOST = 1000;

/** @param done(form, points) with [lon, lat] points; @returns {start(form), stop, active(), addCentre, finish, undo} */
export function makeZoneDrawing(map, done) {
  const bar = document.getElementById("draw-bar");
  const frame = document.querySelector(".map-frame");
  const sketch = L.layerGroup().addTo(map);
  let form = null;
  let points = [];
  let pointer = null;

  const latLngs = () => [...points, ...(pointer ? [pointer] : [])].map(([lon, lat]) => [lat, lon]);

  function draw() {
    sketch.clearLayers();
    const shape = form === "polygon" ? L.polygon : L.polyline;
    for (const className of ["selected-segment-halo", "zone-sketch"]) shape(latLngs(), { className, interactive: false, pane: "selection", renderer: L.svg({ pane: "selection" }) }).addTo(sketch);
    const dots = L.divIcon({ className: "zone-vertex", iconSize: [10, 10] });
    for (const [lon, lat] of points) L.marker([lat, lon], { icon: dots, interactive: false, keyboard: false }).addTo(sketch);
    const finishable = points.length >= LEAST[form];
    bar.querySelector('[data-act="finish"]').disabled = !finishable;
    bar.querySelector('[data-act="undo"]').disabled = !points.length;
    bar.querySelector(".draw-hint").textContent = text(finishable ? "drawMore" : form === "polygon" ? "drawZoneHint" : "drawLineHint", { number: points.length });
  }

  function add(latlng) {
    const { lat, lng } = latlng.wrap();
    const last = points.at(-1);
    if (points.length >= MOST || (last && last[0] === lng && last[1] === lat)) return;
    points.push([lng, lat]);
    draw();
  }

  function follow({ latlng }) {
    if (!points.length) return;
    const { lat, lng } = latlng.wrap();
    pointer = [lng, lat];
    draw();
  }

  function stop() {
    if (!form) return;
    form = null;
    pointer = null;
    sketch.clearLayers();
    bar.hidden = true;
    frame.removeAttribute("data-drawing");
    map.off("mousemove", follow).off("dblclick", finish);
    map.doubleClickZoom.enable();
  }

  function finish() {
    const drawn = points.filter(([lon, lat], i) => !i || Math.hypot(lon - points[i - 1][0], lat - points[i - 1][1]) > 1e-9);
    if (drawn.length < LEAST[form]) return;
    const finished = form;
    stop();
    done(finished, drawn);
  }

  function undo() {
    points.pop();
    pointer = null;
    draw();
  }

  const button = (act, key, onclick, look = "plain") => el("button", { class: look, type: "button", "data-act": act, onclick }, text(key));
  return {
    start(wanted) {
      stop();
      form = wanted;
      points = [];
      bar.replaceChildren(
        el("span", { class: "draw-hint", role: "status" }),
        button("centre", "drawCentre", () => add(map.getCenter())),
        button("undo", "drawUndo", undo),
        button("finish", "drawFinish", finish, "primary"),
        button("cancel", "cancel", stop, "quiet"),
      );
      bar.hidden = false;
      frame.setAttribute("data-drawing", form);
      map.doubleClickZoom.disable();
      map.on("mousemove", follow).on("dblclick", finish);
      draw();
    },
    stop,
    add,
    finish,
    addCentre: () => add(map.getCenter()),
    active: () => form !== null,
  };
}
