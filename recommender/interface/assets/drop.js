// Drops on the page: a file or a card on the picture is searched with; no file is navigated to.
const CARD = "application/x-product-id";
const place = (event) => event.target.closest?.("#asked, #intake");

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".card[data-id]");
  if (!card) return;
  event.dataTransfer.setData(CARD, card.dataset.id);
  event.dataTransfer.effectAllowed = "copy";
});

const holds = (event, type) => event.dataTransfer?.types.includes(type);

document.addEventListener("dragover", (event) => {
  const card = holds(event, CARD);
  if (!card && !holds(event, "Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = place(event) ? "copy" : "none";
  document.getElementById("asked")?.classList.toggle("over", Boolean(place(event)));
});
document.addEventListener("dragleave", () =>
  document.getElementById("asked")?.classList.remove("over"),
);

document.addEventListener(
  "drop",
  (event) => {
    document.getElementById("asked")?.classList.remove("over");
    const id = event.dataTransfer?.getData(CARD);
    if (!id && !holds(event, "Files")) return;
    event.preventDefault();
    const target = place(event);
    if (id) {
      event.stopPropagation(); // Gradio would take the card's picture for a file
      if (target) trigger("item", { id });
    } else if (target?.id === "asked") take(event.dataTransfer.files);
  },
  true,
);

// The hidden picture takes the file as if it had been chosen there.
function take(files) {
  const input = document.querySelector("#dropped input[type=file]");
  if (!files.length || !input) return;
  const first = new DataTransfer();
  first.items.add(files[0]);
  input.files = first.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
