// Lays marks on the visitor's picture, one for each garment; the cropper searches with a mark's box.
function lay() {
  const picture = document.querySelector("#asked .crop");
  if (!picture) return;
  picture.querySelectorAll(".mark").forEach((mark) => mark.remove());
  const regions = element.querySelectorAll("template[data-box]");
  const hint = document.querySelector("#asked .hint");
  if (regions.length) hint.textContent = "Tap a mark to search for one of these, or drag the corners.";
  regions.forEach((found) => {
    const [left, top, right, bottom] = found.dataset.box.split(",").map(Number);
    const mark = document.createElement("button");
    mark.className = "mark";
    mark.dataset.box = found.dataset.box;
    mark.textContent = found.dataset.name;
    mark.setAttribute("aria-label", `Search for: ${found.dataset.name}`);
    mark.style.left = `${((left + right) / 2) * 100}%`;
    mark.style.top = `${((top + bottom) / 2) * 100}%`;
    picture.append(mark);
  });
}

watch("value", () => requestAnimationFrame(lay));
