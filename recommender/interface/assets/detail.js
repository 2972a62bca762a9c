// A product large, in a dialog of the browser's own: it keeps the focus and closes with Escape.
const dialog = document.createElement("dialog");
dialog.className = "detail-dialog";
dialog.setAttribute("aria-labelledby", "detail-name");
// Gradio keeps the rules for small screens to what lies within ".contain".
(document.querySelector(".gradio-container .contain") || document.body).append(dialog);

const shown = () => dialog.querySelector(".detail").dataset.id;

watch("value", () => {
  if (!props.value) return dialog.close();
  const close = '<button class="close" aria-label="Close">\u00d7</button>';
  dialog.innerHTML = close + props.value;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  trigger("explain", { id: shown() });
});

dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (event.target === dialog || button?.classList.contains("close")) dialog.close();
  else if (button?.dataset.picture) enlarge(button);
  else if (button?.dataset.id) trigger("pick", { id: button.dataset.id });
  else if (button?.dataset.act === "look") trigger("look", { id: shown() });
  else if (button?.dataset.act) {
    const id = shown();
    dialog.close();
    trigger("act", { act: button.dataset.act, id });
  }
});

// Another picture of the product takes the place of the large one.
function enlarge(chosen) {
  dialog.querySelector(".detail-picture > img").src = chosen.dataset.picture;
  for (const button of dialog.querySelectorAll("[data-picture]"))
    button.setAttribute("aria-pressed", String(button === chosen));
}
