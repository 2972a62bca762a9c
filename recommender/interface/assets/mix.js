const weights = () =>
  [...element.querySelectorAll("input[data-item]")].map((input) => ({
    item: Number(input.dataset.item),
    part: input.dataset.part,
    value: Number(input.value),
  }));

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.remove) trigger("remove", { number: Number(button.dataset.remove) });
  else if (button?.dataset.act === "clear") trigger("empty");
  else if (button?.dataset.act === "search") trigger("blend", { weights: weights() });
});
element.addEventListener("change", () => trigger("blend", { weights: weights() }));
