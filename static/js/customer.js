"use strict";

// The customer finder lies over the cart and stays while the cart below changes, by a scan say.
(() => {
  const finder = document.getElementById("customer-finder");
  const field = document.getElementById("customer-words");

  function open() {
    finder.hidden = false;
    field.focus(); // within the tap, or an iPad shows no keyboard
    field.select();
  }

  function close() {
    finder.hidden = true;
    document.getElementById("find-customer")?.focus();
    field.value = ""; // the next customer need not see who was looked for
    field.form.requestSubmit();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-find-customer]")) {
      event.preventDefault();
      open();
    } else if (event.target.closest("#close-customer-finder")) {
      close();
    }
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !finder.hidden) close();
  });
  // Chosen, or refused: either stands on the cart.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target?.id === "cart" && finder.contains(detail.requestConfig?.elt)) close();
  });
})();
