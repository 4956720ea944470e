"use strict";

// The button says how many units come back.
(() => {
  const form = document.querySelector(".return");
  const shown = document.getElementById("units-ticked");
  if (!shown) return;

  function count() {
    let units = 0;
    for (const tick of form.querySelectorAll("[name=line]:checked")) {
      units += Number(form.elements[`units-${tick.value}`]?.value ?? 1);
    }
    shown.textContent = units || "";
  }

  form.addEventListener("change", count);
  count();
})();
