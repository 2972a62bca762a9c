// The map of the catalogue: drag to move, wheel, pinch or buttons to zoom, tap to open.
const MOST = 12; // times larger than the whole
const TAP = 6; // pixels that a finger may slip and still tap
let zoom = 1;
let [x, y] = [0, 0];
const pointers = new Map();
let travelled = 0;

const view = () => element.querySelector(".map");
const layer = () => element.querySelector(".map-layer");

function draw() {
  const { offsetWidth, offsetHeight } = layer();
  zoom = Math.min(Math.max(zoom, 1), MOST);
  x = Math.min(0, Math.max(x, view().clientWidth - offsetWidth * zoom));
  y = Math.min(0, Math.max(y, view().clientHeight - offsetHeight * zoom));
  layer().style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
  layer().style.setProperty("--shrink", 1 / zoom);
}

// Zoom so that what lies at (px, py) of the view stays there.
function zoomAt(factor, px, py) {
  const next = Math.min(Math.max(zoom * factor, 1), MOST);
  x = px - ((px - x) * next) / zoom;
  y = py - ((py - y) * next) / zoom;
  zoom = next;
  draw();
}

function openAt(px, py) {
  const { offsetWidth, offsetHeight } = layer();
  trigger("tap", { x: (px - x) / zoom / offsetWidth, y: (py - y) / zoom / offsetHeight });
}

const middle = () => [view().clientWidth / 2, view().clientHeight / 2];
const within = (event) => {
  const corner = view().getBoundingClientRect();
  return [event.clientX - corner.left, event.clientY - corner.top];
};
const spread = () => {
  const [a, b] = [...pointers.values()];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
};

element.addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".map") || event.target.closest("button")) return;
  view().setPointerCapture(event.pointerId);
  if (!pointers.size) travelled = 0;
  pointers.set(event.pointerId, within(event));
});
element.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = within(event);
  const apart = pointers.size === 2 ? spread() : 0;
  pointers.set(event.pointerId, now);
  travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
  if (pointers.size === 2) return zoomAt(spread() / apart, ...now);
  [x, y] = [x + now[0] - before[0], y + now[1] - before[1]];
  draw();
});
element.addEventListener("pointerup", (event) => {
  const tapped = pointers.size === 1 && pointers.has(event.pointerId) && travelled < TAP;
  pointers.delete(event.pointerId);
  if (tapped) openAt(...within(event));
});
element.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
element.addEventListener(
  "wheel",
  (event) => {
    if (!event.target.closest(".map") || !(event.ctrlKey || event.metaKey || zoom > 1)) return;
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY / 400), ...within(event));
  },
  { passive: false },
);
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-zoom]");
  if (button) zoomAt(Number(button.dataset.zoom), ...middle());
});
element.addEventListener("keydown", (event) => {
  if (!event.target.closest(".map") || event.target.closest("button")) return;
  const step = view().clientWidth / 8;
  const keys = {
    ArrowLeft: () => (x += step),
    ArrowRight: () => (x -= step),
    ArrowUp: () => (y += step),
    ArrowDown: () => (y -= step),
    "+": () => zoomAt(1.5, ...middle()),
    "-": () => zoomAt(1 / 1.5, ...middle()),
    Enter: () => openAt(...middle()),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
  draw();
});
// Where the view shows only a part, that part has the query in its middle.
watch("value", () => {
  const marker = element.querySelector(".here");
  if (marker && zoom === 1) {
    x = view().clientWidth / 2 - marker.offsetLeft;
    y = view().clientHeight / 2 - marker.offsetTop;
  }
  draw();
});
