// Further results: appended to the list that is shown, so that nothing above them moves.
watch("value", () => {
  const answer = document.createElement("template");
  answer.innerHTML = props.value || "";
  const batch = answer.content.firstElementChild;
  const found = document.querySelector("#results .found");
  // Another search may have come between: then nothing is awaited.
  if (!batch || found?.dataset.awaited !== batch.dataset.offset) return;
  delete found.dataset.awaited;
  const cards = [...batch.querySelectorAll(".cards > li")];
  const button = found.querySelector('[data-act="show-more"]');
  const focused = document.activeElement === button;
  found.querySelector(".cards").append(...cards);
  found.querySelector("[data-said]").textContent = batch.dataset.said;
  if ("more" in batch.dataset) return;
  button.parentElement.remove();
  if (focused) cards[0]?.querySelector(".card").focus({ preventScroll: true });
});
