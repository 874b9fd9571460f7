/**
 * Drawing a zone or a line on the map: by clicks, or by keyboard with Space at the crosshair; finished by button, Enter or
 * double click. A zone whose border crosses itself is told while it is drawn, and is not finished so.
 */

import { findCrossing } from "./crossing.js";
import { el } from "./dom.js";
import { text } from "./language.js";

const LEAST = { polygon: 3, line: 2 };
const MOST = 1000;

/** @param done(form, points) with [lon, lat] points; @returns {start(form), stop, add(latlng), active()} */
export function makeZoneDrawing(map, done) {
  const bar = document.getElementById("draw-bar");
  const frame = document.querySelector(".map-frame");
  const sketch = L.layerGroup().addTo(map);
  let form = null;
  let points = [];
  let pointer = null;

  const latLngs = (places) => places.map(([lon, lat]) => [lat, lon]);
  const crossing = (places) => (form === "polygon" ? findCrossing(places) : null);
  const isFinishable = () => points.length >= LEAST[form] && !crossing(points);

  function hint() {
    if (crossing(points)) return "drawCrossing";
    return isFinishable() ? "drawMore" : form === "polygon" ? "drawZoneHint" : "drawLineHint";
  }

  function draw() {
    sketch.clearLayers();
    const shape = form === "polygon" ? L.polygon : L.polyline;
    const places = [...points, ...(pointer ? [pointer] : [])];
    const put = (drawn, className) => drawn({ className, interactive: false, pane: "selection", renderer: L.svg({ pane: "selection" }) }).addTo(sketch);
    for (const className of ["selected-segment-halo", "zone-sketch"]) put((options) => shape(latLngs(places), options), className);
    for (const edge of crossing(places) ?? []) put((options) => L.polyline(latLngs(edge), options), "zone-crossing");
    const dots = L.divIcon({ className: "zone-vertex", iconSize: [10, 10] });
    for (const [lon, lat] of points) L.marker([lat, lon], { icon: dots, interactive: false, keyboard: false }).addTo(sketch);
    bar.querySelector('[data-act="finish"]').disabled = !isFinishable();
    bar.querySelector('[data-act="undo"]').disabled = !points.length;
    bar.querySelector(".draw-hint").textContent = text(hint(), { number: points.length });
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

  const addCentre = () => add(map.getCenter());

  /** On the map, and where nothing has the focus; before the page's own keys. */
  function onKey(event) {
    const act = { Enter: finish, " ": addCentre }[event.key];
    if (!act || ![map.getContainer(), document.body].includes(event.target)) return;
    event.preventDefault();
    act();
  }

  function stop() {
    if (!form) return;
    form = null;
    pointer = null;
    sketch.clearLayers();
    if (bar.contains(document.activeElement)) map.getContainer().focus({ preventScroll: true });
    bar.hidden = true;
    frame.removeAttribute("data-drawing");
    map.off("mousemove", follow).off("dblclick", finish);
    document.removeEventListener("keydown", onKey, true);
    map.doubleClickZoom.enable();
  }

  function finish() {
    const drawn = points.filter(([lon, lat], i) => !i || Math.hypot(lon - points[i - 1][0], lat - points[i - 1][1]) > 1e-9);
    if (drawn.length < LEAST[form] || crossing(drawn)) return;
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
        button("centre", "drawCentre", addCentre),
        button("undo", "drawUndo", undo),
        button("finish", "drawFinish", finish, "primary"),
        button("cancel", "cancel", stop, "quiet"),
      );
      bar.hidden = false;
      frame.setAttribute("data-drawing", form);
      map.doubleClickZoom.disable();
      map.on("mousemove", follow).on("dblclick", finish);
      document.addEventListener("keydown", onKey, true);
      map.getContainer().focus({ preventScroll: true });
      draw();
    },
    stop,
    add,
    active: () => form !== null,
  };
}
