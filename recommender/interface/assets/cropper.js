// Cuts the visitor's picture to the garment: drag the corners or the frame, or use arrow keys.
const SMALLEST = 0.08; // of the picture's side: less than this is hardly a garment
const KEY_STEP = 0.02;
let box = [0, 0, 1, 1];
let drag = null;
let waiting = null;

const frame = () => element.querySelector(".frame");
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function draw() {
  const style = frame().style;
  [style.left, style.top] = [`${box[0] * 100}%`, `${box[1] * 100}%`];
  [style.width, style.height] = [`${(box[2] - box[0]) * 100}%`, `${(box[3] - box[1]) * 100}%`];
}

// `part` is a corner ("nw", "ne", "sw", "se"), or "" for the whole frame.
function move(start, part, dx, dy) {
  let [left, top, right, bottom] = start;
  if (!part) {
    dx = clamp(dx, -left, 1 - right);
    dy = clamp(dy, -top, 1 - bottom);
    box = [left + dx, top + dy, right + dx, bottom + dy];
  } else {
    if (part.includes("w")) left = clamp(left + dx, 0, right - SMALLEST);
    else right = clamp(right + dx, left + SMALLEST, 1);
    if (part.includes("n")) top = clamp(top + dy, 0, bottom - SMALLEST);
    else bottom = clamp(bottom + dy, top + SMALLEST, 1);
    box = [left, top, right, bottom];
  }
  draw();
}

const search = () => trigger("crop", { box: box.map((side) => Number(side.toFixed(4))) });

element.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".frame, .corner");
  if (!grip) return;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  drag = { x: event.clientX, y: event.clientY, start: [...box], part: grip.dataset.corner || "" };
});
element.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const size = element.querySelector(".crop").getBoundingClientRect();
  const [dx, dy] = [(event.clientX - drag.x) / size.width, (event.clientY - drag.y) / size.height];
  move(drag.start, drag.part, dx, dy);
});
element.addEventListener("pointerup", () => {
  if (drag && drag.start.some((side, i) => side !== box[i])) search();
  drag = null;
});
element.addEventListener("pointercancel", () => (drag = null));

element.addEventListener("keydown", (event) => {
  const corner = event.target.closest(".corner");
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (!corner || !way[event.key]) return;
  event.preventDefault();
  const [x, y] = way[event.key];
  move(box, event.shiftKey ? "" : corner.dataset.corner, x * KEY_STEP, y * KEY_STEP);
  clearTimeout(waiting);
  waiting = setTimeout(search, 250); // one search when the keys rest, not one for each
});

// Words change what is searched with; a suggestion is words at a click.
element.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("say", { text: event.target.elements.text.value });
});

element.addEventListener("click", (event) => {
  const mark = event.target.closest("button.mark"); // a garment that was found: see regions.js
  if (mark) {
    box = mark.dataset.box.split(",").map(Number);
    draw();
    search();
    return;
  }
  const suggestion = event.target.closest("button[data-say]");
  if (suggestion) trigger("say", { text: suggestion.dataset.say });
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  if (button.dataset.act === "whole") {
    box = [0, 0, 1, 1];
    draw();
    search();
  } else trigger("act", { act: button.dataset.act });
});

watch("value", () => {
  const place = element.querySelector(".crop[data-box]");
  if (!place) return;
  box = place.dataset.box.split(",").map(Number);
  draw();
});
