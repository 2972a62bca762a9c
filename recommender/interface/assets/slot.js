// Comes after the product's dialog is open, and belongs into it.
watch("value", () => {
  const slot = document.querySelector("dialog.detail-dialog section.SLOT");
  if (!slot) return;
  slot.innerHTML = props.value || "";
  if (slot.matches(".look")) slot.scrollIntoView({ behavior: "smooth", block: "nearest" });
});
