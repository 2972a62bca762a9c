// The field for words: Enter or the button searches.
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = event.target.elements.text.value.trim();
  if (text) trigger("ask", { text });
});
