"use strict";

// Questions between shops in the top bar: what changed is told, and a list that is in use stays
// open and is not pulled away from under a finger.
(() => {
  const { announce, toast } = window.salesfloor;
  const shelf = () => document.getElementById("shelf");
  let shown = new Map();
  let wasOpen = false;

  /** Of each question its state, and what there is to tell of it on this screen. */
  function read() {
    const questions = shelf().querySelectorAll("[data-question]");
    return new Map(
      Array.from(questions, ({ dataset }) => [
        dataset.question,
        { state: dataset.state, told: dataset.told },
      ]),
    );
  }

  function onShelf() {
    const before = shown;
    shown = read();
    for (const [question, { state, told }] of shown) {
      if (!told || before.get(question)?.state === state) continue;
      // What was done on this very screen needs no telling.
      if (!shelf().contains(document.activeElement) && !wasOpen) {
        toast(told);
        announce(told);
      }
    }
    if (wasOpen && !shelf().hidden) shelf().open = true;
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== shelf()) return;
    // Somebody is choosing an hour.
    if (document.activeElement?.matches("#shelf select")) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "shelf") wasOpen = detail.target.open;
  });
  document.addEventListener("htmx:load", ({ target }) => {
    if (target.id === "shelf") onShelf();
  });
  shown = read();
})();
