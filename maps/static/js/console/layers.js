/** The layers on the map: one canvas each, in draw order areas, cells, streets; switched by hand, replaced as data arrive. */

import { areaStyle, cellStyle, edgeStyle, groundStyle, segmentStyle } from "../shared/map_style.js";

const ORDER = ["areas", "cells", "segments"];
const RANK = { DISTRICT: 0, SUBDISTRICT: 1, TOWNSHIP: 1, COMMUNITY: 2, VILLAGE: 2 };

/** @returns {show, setVisible, visible, features, restyle, clear} */
export function makeLayers(map) {
  const drawn = {};
  const state = {};
  ORDER.forEach((name, index) => {
    map.createPane(name).style.zIndex = String(410 + 10 * index);
    state[name] = { renderer: L.canvas({ pane: name, padding: 0.3 }), features: [], visible: true };
  });

  const line = (name, style, filter) => ({ pane: name, renderer: state[name].renderer, interactive: false, smoothFactor: 0.7, style, filter });

  function build(name, features) {
    const zoom = map.getZoom();
    if (name === "areas") {
      // Deeper areas first: the stronger line of a wider one is drawn over theirs; but fills lie lowest.
      const widest = features.filter((feature) => feature.properties.level === "DISTRICT");
      const rest = features.filter((feature) => feature.geometry && feature.properties.level !== "DISTRICT");
      rest.sort((a, b) => RANK[b.properties.level] - RANK[a.properties.level]);
      const ground = L.geoJSON(widest, line(name, groundStyle));
      const outlines = L.geoJSON([...rest, ...widest], line(name, (feature) => areaStyle(feature.properties.level, zoom)));
      return L.layerGroup([ground, outlines]);
    }
    if (name === "cells") return L.geoJSON(features, line(name, () => cellStyle(zoom)));
    const streets = (feature) => feature.properties.kind === "STREET";
    return L.layerGroup([
      L.geoJSON(features, line(name, (feature) => segmentStyle(feature.properties.kind, zoom), (feature) => !streets(feature))),
      L.geoJSON(features, line(name, () => edgeStyle(zoom), streets)),
      L.geoJSON(features, line(name, () => segmentStyle("STREET", zoom), streets)),
    ]);
  }

  function draw(name) {
    const before = drawn[name];
    drawn[name] = build(name, state[name].features);
    if (state[name].visible) drawn[name].addTo(map);
    before?.remove();
  }

  return {
    names: ORDER,
    visible: (name) => state[name].visible,
    features: (name) => (state[name].visible ? state[name].features : []),
    show(name, features) {
      state[name].features = features.filter((feature) => feature.geometry);
      draw(name);
    },
    setVisible(name, visible) {
      state[name].visible = visible;
      if (visible) draw(name);
      else drawn[name]?.remove();
    },
    restyle(names = ORDER) {
      for (const name of names) if (drawn[name] && state[name].visible) draw(name);
    },
  };
}
