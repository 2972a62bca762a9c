// Amounts of money as the visitor's language writes them, wherever the page shows them.
const formats = new Map();

function written(amount, currency) {
  if (!formats.has(currency)) {
    let format;
    try {
      format = new Intl.NumberFormat(undefined, { style: "currency", currency });
    } catch {
      format = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2 }); // no currency of ISO
    }
    formats.set(currency, format);
  }
  const text = formats.get(currency).format(amount);
  const isNamed = formats.get(currency).resolvedOptions().style === "currency";
  return isNamed || !currency ? text : `${text} ${currency}`;
}

function write(amount) {
  const text = written(Number(amount.value), amount.dataset.currency);
  if (amount.textContent !== text) amount.textContent = text;
}

const all = (node) => node.querySelectorAll?.("data.money") ?? [];
all(document).forEach(write);
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const around = (target.closest ? target : target.parentElement)?.closest("data.money");
    if (around) write(around);
    for (const node of addedNodes) {
      if (node.matches?.("data.money")) write(node);
      all(node).forEach(write);
    }
  }
}).observe(document.body, {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ["value", "data-currency"],
});
