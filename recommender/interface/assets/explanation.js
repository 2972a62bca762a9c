// Comes after the product's dialog is open, and belongs into it.
watch("value", () => {
  const place = document.querySelector("dialog.detail-dialog .explanation");
  if (place) place.innerHTML = props.value || "";
});
