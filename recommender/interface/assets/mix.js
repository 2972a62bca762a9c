const shares = () =>
  [...element.querySelectorAll("input[data-share]")].map((input) => ({
    share: Number(input.dataset.share),
    part: input.dataset.part,
    value: Number(input.value),
  }));

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.remove) trigger("remove", { number: Number(button.dataset.remove) });
  else if (button?.dataset.act === "clear") trigger("empty");
  else if (button?.dataset.act === "search") trigger("blend", { shares: shares() });
});
element.addEventListener("change", () => trigger("blend", { shares: shares() }));
