/** Names drawn on a canvas above the layers; drawn again when the map rests. */

import { labelCandidates, placeLabels, setText } from "./label_places.js";
import { token } from "./map_style.js";

const FACES = {
  DISTRICT: { size: 17, weight: 600, colour: "label-area" },
  SUBDISTRICT: { size: 15, weight: 600, colour: "label-area" },
  TOWNSHIP: { size: 15, weight: 600, colour: "label-area" },
  COMMUNITY: { size: 13, weight: 600, colour: "label-quiet" },
  VILLAGE: { size: 13, weight: 600, colour: "label-quiet" },
  STREET: { size: 13, weight: 400, colour: "label" },
  LANE: { size: 12, weight: 400, colour: "label" },
  HUTONG: { size: 12, weight: 400, colour: "label" },
};
const HEIGHT = 17;

/** @returns {draw, setVisible} */
export function makeLabels(map, layers) {
  const pane = map.createPane("labels");
  pane.style.zIndex = "450";
  pane.style.pointerEvents = "none";
  const canvas = L.DomUtil.create("canvas", "map-labels leaflet-zoom-hide", pane);
  let visible = true;

  function face(style) {
    const { size, weight } = FACES[style] ?? FACES.LANE;
    return `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  }

  function write(context, labels) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = token("halo");
    for (const { x, y, angle, name, style } of labels) {
      context.save();
      context.translate(x, y);
      context.font = face(style);
      context.fillStyle = token((FACES[style] ?? FACES.LANE).colour);
      const { turn, pieces } = setText(name, angle, (FACES[style] ?? FACES.LANE).size);
      context.rotate(turn);
      for (const [piece, down] of pieces) context.strokeText(piece, 0, down);
      for (const [piece, down] of pieces) context.fillText(piece, 0, down);
      context.restore();
    }
  }

  /** The buttons and boxes that lie on the map, in its own pixels. */
  function obstacles() {
    const frame = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((node) => {
      const { left, right, top, bottom } = node.getBoundingClientRect();
      return { west: left - frame.left, east: right - frame.left, north: top - frame.top, south: bottom - frame.top };
    });
  }

  function draw() {
    const size = map.getSize();
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    if (!visible) return;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const [across, origin] = [map.options.crs.scale(map.getZoom()), map.getPixelOrigin()];
    const toPixel = ([x, y]) => map.layerPointToContainerPoint(L.point(x * across, y * across).subtract(origin));
    const candidates = labelCandidates(layers.features("areas"), layers.features("segments"), map.getZoom(), toPixel);
    const widthOf = ({ name, style }) => {
      context.font = face(style);
      return context.measureText(name).width;
    };
    write(context, placeLabels(candidates, widthOf, size, HEIGHT, obstacles()));
  }

  map.on("moveend resize", draw);
  return {
    draw,
    setVisible(next) {
      visible = next;
      draw();
    },
  };
}
