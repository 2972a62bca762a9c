// Browsers hand out the camera only where nobody on the way can look at the picture.
if (!navigator.mediaDevices?.getUserMedia) {
  document.getElementById("intake")?.classList.add("without-camera");
  element.querySelector(".no-camera").hidden = false;
}
