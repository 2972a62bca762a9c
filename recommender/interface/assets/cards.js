// Results, examples and the pages of the catalogue: one listener for all of their buttons.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.id) trigger("pick", { id: button.dataset.id });
  else if (button.dataset.chip)
    trigger("chip", { number: Number(button.dataset.chip), act: button.dataset.does });
  else if (button.dataset.act === "sheet") trigger("sheet", { number: cardsShown() });
  else if (button.dataset.act === "link") copy(button);
  else if (button.dataset.act === "show-more") more();
  else if (button.dataset.entry) trigger("back", { entry: Number(button.dataset.entry) });
});

const cardsShown = () => element.querySelectorAll(".found .card").length;

// The answer names what it was asked for, so that one which comes too late is not shown.
function more() {
  const found = element.querySelector(".found");
  const number = cardsShown();
  found.dataset.awaited = number;
  trigger("more", { number });
}

async function copy(button) {
  const words = button.textContent;
  if (await copied(location.href)) {
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = words), 1500);
  } else show(button);
}

// Over plain http a browser has no clipboard for pages, but for the older command.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = addressField(text);
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

// Where neither is allowed, the visitor copies.
function show(button) {
  const words = document.createElement("label");
  words.className = "hint address";
  words.append("Your browser does not let this page copy. Copy the address yourself: ");
  const field = addressField(location.href);
  words.append(field);
  button.replaceWith(words);
  field.select();
}

function addressField(text) {
  const field = document.createElement("input");
  [field.value, field.readOnly] = [text, true];
  return field;
}

// The browser's history follows the searches: each is a page, and going back leads to the one before.
const depth = (state) => state?.entries ?? 0;
let shown = depth(history.state);

// The address bar follows the search, so that copying it shares the search.
watch("value", () => {
  const found = element.querySelector("[data-link]");
  if (!found) {
    if (element.querySelector(".start") && shown) follow(0, location.pathname);
    return;
  }
  delete found.dataset.awaited; // further results of the search before
  follow(Number(found.dataset.entries), found.dataset.link || location.pathname);
  // On a phone the results are below the picture: bring them into view.
  if (window.innerWidth < 768 && element.getBoundingClientRect().top > window.innerHeight * 0.6)
    element.scrollIntoView({ behavior: "smooth", block: "start" });
});

function follow(entries, address) {
  const change = entries > depth(history.state) ? "pushState" : "replaceState";
  history[change]({ ...history.state, entries }, "", address);
  shown = entries;
}

// Only the grid of results has a history; the same listener serves the catalogue's pages.
if (element.closest("#results"))
  window.addEventListener("popstate", (event) => {
    const entries = depth(event.state);
    if (entries < shown) trigger("back", { entry: entries - 1 });
    else if (location.search) location.reload(); // forward: its link reopens the search
  });
