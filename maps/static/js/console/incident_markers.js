/** Incidents on the map: single ones as dots, close ones as a cluster with their number; in step with the list. */

import { text } from "../shared/language.js";
import { stateText, titleOf } from "./incident_terms.js";

const APART_PX = 56;
const CLOSE_PX = 18;
const SPREAD_ZOOM = 18;

/** Incidents by the square of the world's pixels that they fall into, so that panning moves none to another cluster. */
function bucketsOf(items, map, bounds) {
  const zoom = map.getZoom();
  const size = zoom >= SPREAD_ZOOM ? CLOSE_PX : APART_PX;
  const buckets = new Map();
  for (const item of items) {
    const { lon, lat } = item.location;
    if (!bounds.contains([lat, lon])) continue;
    const { x, y } = map.project([lat, lon], zoom);
    const key = `${zoom}/${Math.floor(x / size)}/${Math.floor(y / size)}`;
    const bucket = buckets.get(key);
    if (bucket) bucket.push(item);
    else buckets.set(key, [item]);
  }
  return buckets;
}

/** Groups that the squares have cut apart although they lie close together are one. */
function merged(buckets, map) {
  const zoom = map.getZoom();
  const near = (zoom >= SPREAD_ZOOM ? CLOSE_PX : APART_PX) * 0.6;
  const groups = [];
  for (const [key, items] of buckets) {
    const [lat, lon] = middle(items);
    const at = map.project([lat, lon], zoom);
    const other = groups.find(({ at: there }) => Math.abs(there.x - at.x) < near && Math.abs(there.y - at.y) < near);
    if (other) other.items = [...other.items, ...items];
    else groups.push({ key, items, at });
  }
  return groups.map(({ key, items }) => [key, items]);
}

const middle = (items) => [items.reduce((sum, { location }) => sum + location.lat, 0) / items.length, items.reduce((sum, { location }) => sum + location.lon, 0) / items.length];

/** @param parts {items() → incidents, open(number)}; @returns {draw, select(number), setVisible, translate} */
export function makeIncidentMarkers(map, { items, open }) {
  map.createPane("incidents").style.zIndex = "460";
  const layer = L.layerGroup().addTo(map);
  let drawn = new Map();
  let chosen = null;
  let visible = true;

  const isChosen = ({ number }) => number === chosen;

  function dot(item) {
    const icon = L.divIcon({ className: `incident-dot${item.pending ? " is-pending" : ""}${isChosen(item) ? " is-chosen" : ""}`, iconSize: [20, 20] });
    const marker = L.marker([item.location.lat, item.location.lon], { icon, pane: "incidents", keyboard: false, title: `${titleOf(item)} · ${stateText(item)}`, zIndexOffset: isChosen(item) ? 1000 : 0 });
    return marker.on("click", () => open(item.number));
  }

  function cluster(group) {
    const size = group.length < 10 ? 30 : group.length < 100 ? 36 : 44;
    const number = document.createElement("span");
    number.textContent = String(group.length);
    const icon = L.divIcon({ className: `incident-cluster${group.some(isChosen) ? " is-chosen" : ""}`, html: number, iconSize: [size, size] });
    const marker = L.marker(middle(group), { icon, pane: "incidents", keyboard: false, title: text("clusterOf", { number: group.length }), zIndexOffset: group.some(isChosen) ? 1000 : 0 });
    return marker.on("click", () => {
      const bounds = L.latLngBounds(group.map(({ location }) => [location.lat, location.lon]));
      const together = bounds.getNorthEast().distanceTo(bounds.getSouthWest()) < 3;
      if (together || map.getZoom() >= map.getMaxZoom()) open(group[0].number);
      else map.fitBounds(bounds, { padding: [60, 60], maxZoom: Math.max(map.getZoom() + 1, SPREAD_ZOOM), animate: false });
    });
  }

  /** Only what has changed is drawn anew. */
  function draw() {
    const next = new Map();
    const groups = visible ? merged(bucketsOf(items(), map, map.getBounds().pad(0.2)), map) : [];
    for (const [key, group] of groups) {
      const single = group.length === 1;
      const name = `${key} ${group[0].number} ${single ? group[0].state : group.length} ${group.some(isChosen)}`;
      next.set(name, drawn.get(name) ?? (single ? dot(group[0]) : cluster(group)).addTo(layer));
    }
    for (const [name, marker] of drawn) if (!next.has(name)) marker.remove();
    drawn = next;
  }

  map.on("moveend", draw);
  return {
    draw,
    translate() {
      layer.clearLayers();
      drawn = new Map();
      draw();
    },
    select(number) {
      chosen = number;
      draw();
    },
    setVisible(next) {
      visible = next;
      draw();
    },
  };
}
