// A slider with two ends. An end of the track is open: what lies beyond it is found there, too.
const [low, high, step] = [props.low, props.high, props.step];
const [least, most] = element.querySelectorAll("input");
const [output, filled] = [element.querySelector("output"), element.querySelector("i")];
const digits = step < 1 ? Math.min(2, Math.ceil(-Math.log10(step))) : 0;

function format() {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    if (props.currency)
      return new Intl.NumberFormat(undefined, {
        ...options,
        style: "currency",
        currency: props.currency,
      });
  } catch {
    // no currency of ISO
  }
  return new Intl.NumberFormat(undefined, options);
}
const numbers = format();

element.querySelector("legend").textContent = props.name;
for (const [input, words] of [[least, "from"], [most, "up to"]]) {
  [input.min, input.max, input.step] = [low, high, step];
  input.setAttribute("aria-label", `${props.name} ${words}`);
}

// What is chosen; null where both ends are open.
function chosen() {
  const [from, to] = [Number(least.value), Number(most.value)];
  const ends = { min: from > low ? from : null, max: to < high ? to : null };
  return ends.min === null && ends.max === null ? null : ends;
}

function draw() {
  const [from, to] = [Number(least.value), Number(most.value)];
  const [first, last] = [numbers.format(from), numbers.format(to)];
  const { min, max } = chosen() ?? { min: null, max: null };
  let words = `${first} – ${last}`;
  if (min === null && max === null) words = "any";
  else if (max === null) words = `from ${first}`;
  else if (min === null) words = `up to ${last}`;
  output.textContent = words;
  least.setAttribute("aria-valuetext", min === null ? "any" : first);
  most.setAttribute("aria-valuetext", max === null ? "any" : last);
  const share = (number) => `${((number - low) / (high - low)) * 100}%`;
  [filled.style.left, filled.style.right] = [share(from), `calc(100% - ${share(to)})`];
}

function show(value) {
  least.value = value?.min ?? low;
  most.value = value?.max ?? high;
  draw();
}

element.addEventListener("input", ({ target }) => {
  // Neither end passes the other.
  if (target === least && Number(least.value) > Number(most.value)) least.value = most.value;
  if (target === most && Number(most.value) < Number(least.value)) most.value = least.value;
  draw();
});
element.addEventListener("change", (event) => {
  event.stopPropagation();
  props.value = chosen();
  trigger("input");
});
watch("value", () => show(props.value));
show(props.value);
