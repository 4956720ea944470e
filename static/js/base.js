"use strict";

// What every page does: say when an answer did not come or does not fit, keep the focus over a
// swap, close menus, take toasts away.
window.salesfloor = (() => {
  const pageAlert = document.getElementById("page-alert");
  const live = document.getElementById("live");
  let leaving = false;

  /** Fill the alert on top of the page with one of its data-… words; `more` is put after them. */
  function warn(kind, more = "") {
    if (leaving) return;
    const words = document.createElement("span");
    words.className = "page-alert__words";
    words.textContent = `${pageAlert.dataset[kind]} ${more}`.trim();
    pageAlert.replaceChildren(
      words,
      button(pageAlert.dataset.reload, () => location.reload()),
      button(pageAlert.dataset.close, calm),
    );
    pageAlert.dataset.kind = kind;
  }

  /** Take the alert away; given a kind, only where it is of that kind. */
  function calm(kind) {
    if (typeof kind !== "string" || pageAlert.dataset.kind === kind) pageAlert.replaceChildren();
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function announce(words) {
    live.textContent = "";
    // A screen reader speaks a change only: the same words again have to be new ones.
    requestAnimationFrame(() => (live.textContent = words));
  }

  // A browser that leaves the page breaks off its requests: that is no fault of the network.
  for (const name of ["beforeunload", "pagehide"]) {
    addEventListener(name, () => (leaving = true));
  }
  addEventListener("pageshow", () => (leaving = false));

  // What a page asks by itself, for better knowledge, may fail without a word.
  const isQuiet = (event) => event.detail.elt.hasAttribute("data-quiet");
  const isReading = (event) => event.detail.requestConfig.verb === "get";
  document.addEventListener("htmx:sendError", (event) => {
    if (!isQuiet(event)) warn(isReading(event) ? "offline" : "noNetwork");
  });
  document.addEventListener("htmx:timeout", (event) => {
    if (!isQuiet(event)) warn(isReading(event) ? "offline" : "timeout");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) calm(isReading(event) ? "offline" : undefined);
  });

  // Every answer is swapped in, refusals too, if it is made for that place. A whole page is not:
  // after an error it is said on top, otherwise it is where the server wants us to be.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { serverResponse, isError, target, xhr } = event.detail;
    if (isError && !serverResponse.includes(`id="${target.id}"`)) {
      event.detail.shouldSwap = false;
      warn("broken");
    } else if (/^\s*<!doctype/i.test(serverResponse)) {
      event.detail.shouldSwap = false;
      location.assign(xhr.responseURL);
    }
  });

  let lost = null;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const focused = document.activeElement;
    lost = detail.target.contains(focused) ? { id: focused.id, place: detail.target.id } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of lost ? [lost.id, lost.place] : []) {
      if (document.activeElement === document.body && id) document.getElementById(id)?.focus();
    }
    lost = null;
  });

  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll(".menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  for (const toast of document.querySelectorAll(".toast")) {
    setTimeout(() => toast.remove(), 8000);
    // What is next is done: the cart that comes then says more.
    document.addEventListener("htmx:load", ({ target }) => {
      if (target.id === "cart") toast.remove();
    });
  }

  // What is chosen in a row of chips may lie out of its sight when the page comes. Only once the
  // other scripts have run: the selling screen shows another layout before. The page itself stays
  // where it begins.
  document.addEventListener("DOMContentLoaded", () => {
    for (const chosen of document.querySelectorAll(".chip:is([aria-current], :has(:checked))")) {
      const row = chosen.parentElement;
      const [its, own] = [row, chosen].map((each) => each.getBoundingClientRect());
      if (own.right > its.right) row.scrollLeft += own.right - its.right;
    }
  });

  /** Shown over the page for a while; to be announced besides. */
  function toast(words, seconds = 12) {
    const made = document.createElement("p");
    made.className = "toast";
    made.textContent = words;
    document.getElementById("toasts").append(made);
    setTimeout(() => made.remove(), 1000 * seconds);
  }

  return { announce, calm, toast, warn };
})();
