// The field for words: Enter or the button searches, and an empty field says what it wants.
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  const text = field.value.trim();
  if (text) {
    trigger("ask", { text });
    return;
  }
  field.setCustomValidity(field.dataset.empty);
  field.reportValidity();
  field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
});
