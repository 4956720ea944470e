"use strict";

(() => {
  const { announce, scanner, toast } = window.salesfloor;
  const selling = document.getElementById("selling");
  const search = document.getElementById("q");
  const scanNote = document.getElementById("scan-note");
  const choices = document.getElementById("scan-choices");
  const cart = () => document.getElementById("cart");

  // --- One change of the cart at a time, taps and scans in the order in which they were made --

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, issueRequest, target, triggeringEvent } = event.detail;
    if (target?.id !== "cart") return;
    event.preventDefault();
    // A second tap on Pay is no second payment. Elsewhere two taps are two units.
    if (elt.closest("#pay") && scanner.waits((change) => change.elt === elt)) return;
    const button = triggeringEvent?.submitter;
    scanner.inOrder({ elt, run: () => issue(elt, button, issueRequest) });
  });

  /** Resolves when the request has ended, however it did. */
  function issue(elt, button, issueRequest) {
    if (!elt.isConnected) {
      // The cart has changed since the tap: one more of this is still meant, a payment is not.
      if (button?.closest(".stepper")) document.getElementById(button.id)?.click();
      return Promise.resolve();
    }
    return new Promise((ended) => {
      let sent = false;
      const name = ({ detail }) => {
        // htmx would name the button tapped last, which need not be this one after a wait.
        if (button?.name) detail.parameters[button.name] = button.value;
      };
      const follow = ({ detail }) => {
        sent = true;
        detail.xhr.addEventListener("loadend", ended);
      };
      elt.addEventListener("htmx:configRequest", name);
      elt.addEventListener("htmx:beforeSend", follow);
      issueRequest(true);
      elt.removeEventListener("htmx:configRequest", name);
      elt.removeEventListener("htmx:beforeSend", follow);
      if (!sent) ended();
    });
  }

  // --- Scans ------------------------------------------------------------------------------------

  function scan(code) {
    // A gift card's number that is asked for is taken from the card, whatever has the focus.
    const asked = cart().querySelector("[data-scanned]");
    if (asked) {
      asked.value = code;
      return asked.form.requestSubmit();
    }
    sendScan(code, { code, action_id: scanner.uuid() });
  }

  function sendScan(code, fields) {
    scanner.inOrder({
      run: async () => show(code, await scanner.send(selling.dataset.scanUrl, fields)),
    });
  }

  function show(code, { answer, html }) {
    if (scanner.follow(answer)) return;
    if (html.includes('id="cart"')) {
      // What waits to be chosen stays in sight.
      if (answer.ok && !choices.childElementCount) selling.dataset.pane = "cart";
      byScan = true;
      htmx.swap(cart(), html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
      const refusal = document.getElementById("cart-message");
      const meant = answer.headers.get("HX-Trigger") ?? "";
      noteScan(code, answer.ok ? "" : refusal?.textContent, meant);
      // Once is enough: beside the search field where that is in sight, else on the cart.
      if (refusal) refusal.hidden = isInSight(scanNote);
      if (!answer.ok && ![scanNote, refusal].some(isInSight)) toast(refusal?.textContent, 4);
      if (meant.includes("giftCard")) lookAtCard(code);
    } else if (html.includes("data-choice")) {
      offer(html);
    } else {
      noteScan(code, `${selling.dataset.scanLost} ${code}`);
    }
  }

  /** `meant` tells what the code is known to be, if it is. */
  function noteScan(code, words, meant = "") {
    scanNote.hidden = !words;
    if (!words) return;
    document.getElementById("scan-note-words").textContent = words;
    // Where the cart has no way to gift cards just now, this has none either.
    const mayBeCard = !/knownCode|archivedItem/.test(meant) && document.getElementById("pay-stored");
    document.getElementById("card-scanned").hidden = !mayBeCard;
    scanNote.dataset.code = code;
    scanNote.dataset.archived = meant.includes("archivedItem") ? "1" : "";
    announce(words);
  }

  document.getElementById("search-scanned").addEventListener("click", () => {
    search.value = scanNote.dataset.code;
    scanNote.hidden = true;
    selling.dataset.pane = "items";
    search.focus();
    const { code, archived } = scanNote.dataset;
    if (!archived) return search.form.requestSubmit();
    const asked = new URLSearchParams({ q: code, archived });
    const shown = { target: "#item-results", swap: "outerHTML" };
    htmx.ajax("GET", `${search.form.getAttribute("action")}?${asked}`, shown);
  });

  document.getElementById("card-scanned").addEventListener("click", () => {
    lookAtCard(scanNote.dataset.code);
  });

  /** Where gift cards have their place just now, see what Lightspeed says of this one. */
  async function lookAtCard(code) {
    if (!document.getElementById("pay-stored")) return;
    scanNote.hidden = true;
    selling.dataset.pane = "cart";
    await htmx.ajax("GET", selling.dataset.cardUrl, { target: "#pay", swap: "outerHTML" });
    scan(code); // into the field that asks for it now
  }

  // --- A code that may mean several things: the rep chooses, and goes on scanning meanwhile ------

  function offer(html) {
    sheet.close(); // which would lie over it
    choices.insertAdjacentHTML("beforeend", html);
    selling.dataset.pane = "items";
    scanNote.hidden = true;
    const latest = choices.lastElementChild;
    latest.scrollIntoView({ block: "nearest" });
    const question = latest.querySelector("[data-question]").textContent;
    announce(question);
    if (!isInSight(latest)) toast(question, 4);
  }

  choices.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(event.target, event.submitter);
    // Gone at once, as it is sent until it is answered.
    event.target.closest("[data-choice]").remove();
    cart().focus({ preventScroll: true });
    sendScan(fields.get("code"), fields);
  });
  choices.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-dismiss]")) return;
    target.closest("[data-choice]").remove();
    cart().focus({ preventScroll: true });
  });

  search.addEventListener("input", () => (scanNote.hidden = true));

  // Where nothing was found, most ways out lead to the page of items: find here instead.
  document.addEventListener("click", (event) => {
    const links = "#item-results :is(.empty, .item-note) a:not([data-leaves], [hx-get])";
    const link = event.target.closest?.(links);
    if (!link) return;
    event.preventDefault();
    const wanted = new URL(link.href).searchParams;
    const fields = search.form.elements;
    for (const name of ["q", "brand", "tag", "stock", "price_from", "price_to"]) {
      if (fields[name]) fields[name].value = wanted.get(name) ?? "";
    }
    fields.view.value = wanted.get("view") ?? wanted.get("category") ?? "";
    search.form.requestSubmit();
  });

  // What is looked for stands in the address, so that Back and Reload lead to it again.
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id !== "item-results") return; // swaps by hand name none
    const wanted = [...new FormData(search.form)].filter(([, value]) => value);
    const query = new URLSearchParams(wanted).toString();
    const address = `${location.pathname}${query && `?${query}`}`;
    history.replaceState(history.state, "", address);
  });

  /** Serial numbers may be shorter than any barcode. */
  const shortest = () => (cart().querySelector(".serial__field") ? 3 : undefined);

  const typeOn = (typed) => {
    // Typing that is aimed at nothing means the keypad if it is open, else the search.
    if (pad.field) {
      for (const key of typed) pad.press(key);
    } else if (/[^0-9]/.test(typed) && search.checkVisibility?.()) {
      // Digits are not taken: they are the beginning of a scan that broke off.
      if (sheet.close()) search.value = "";
      search.focus();
      search.value += typed.replace(/^\//, "");
      search.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  scanner.listen(scan, typeOn, shortest);

  // --- The cart as it comes: what changed flashes and is said -------------------------------

  let shown = new Map();
  let byScan = false; // what comes next

  function onCart() {
    const lines = new Map();
    for (const line of cart().querySelectorAll("[data-line]")) {
      const quantity = Number(line.dataset.quantity);
      lines.set(line.dataset.line, quantity);
      if (quantity > (shown.get(line.dataset.line) ?? 0)) flash(line);
    }
    shown = lines;
    byScan = false;
    const { count, total } = cart().dataset;
    document.getElementById("pane-count").textContent = count === "0" ? "" : count;
    document.getElementById("pane-total").textContent = total ?? "";
    for (const field of cart().querySelectorAll("[data-pad]")) field.inputMode = "none";
    if (!pad.field?.isConnected) pad.close();
  }

  function flash(line) {
    line.classList.add("line--flash");
    line.scrollIntoView({ block: "nearest" });
    const name = line.querySelector(".line__name").textContent;
    const words = `${name}: ${line.dataset.quantity} ${selling.dataset.inTheCart}`;
    announce(words);
    if (byScan && !isInSight(line)) toast(words, 4);
  }

  /** Whether nothing lies over it, such as a dialog. */
  function isInSight(element) {
    const box = element?.getBoundingClientRect();
    if (!box?.height) return false;
    const middle = [box.left + box.width / 2, box.top + box.height / 2];
    return element.contains(document.elementFromPoint(...middle));
  }

  // --- One pane at a time on a narrow screen ------------------------------------------------

  for (const link of document.querySelectorAll(".pane-bar a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      selling.dataset.pane = link.dataset.pane;
    });
  }

  // --- The keypad, for amounts and quantities -----------------------------------------------

  const pad = {
    root: document.getElementById("pad"),
    field: null,

    open(field) {
      if (this.field === field) return;
      this.field = field;
      this.fresh = true; // the first key replaces what stands there
      this.root.hidden = false;
      this.root.dataset.kind = field.dataset.pad;
      document.getElementById("pad-title").textContent = field.getAttribute("aria-label");
      this.root.querySelector(".pad__enter").textContent = this.root.dataset[field.dataset.pad];
      this.show();
    },

    show() {
      document.getElementById("pad-display").textContent = this.field.value || "0";
    },

    close() {
      this.root.hidden = true;
      if (this.field) this.field.value = this.field.defaultValue;
      this.field = null;
    },

    press(key) {
      const before = this.fresh ? "" : this.field.value;
      if (key === "close") return this.close();
      if (key === "enter") return this.enter();
      const after = key === "erase" ? before.slice(0, -1) : before + key;
      const counts = this.field.dataset.pad === "quantity";
      const allowed = counts ? /^\d{0,4}$/ : /^\d{0,7}([.,]\d{0,2})?$/;
      if (!allowed.test(after)) return;
      this.fresh = false;
      this.field.value = after;
      this.show();
    },

    enter() {
      const { field } = this;
      this.field = null; // keeps what was typed
      this.root.hidden = true;
      if (field.value) field.form.requestSubmit();
    },
  };

  pad.root.addEventListener("click", ({ target }) => {
    const key = target.closest("[data-key]");
    if (key) pad.press(key.dataset.key);
  });
  for (const name of ["focusin", "click"]) {
    document.addEventListener(name, ({ target }) => {
      if (!target.matches?.("[data-pad]")) return;
      target.select(); // what is typed replaces what stands there
      pad.open(target);
    });
  }
  document.addEventListener("input", ({ target }) => {
    if (target !== pad.field) return;
    pad.fresh = false;
    pad.show();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && pad.field) pad.close();
  });

  // --- The sheet of an item: over the items, until its cross, Escape, Back or a search ---------

  const sheet = {
    items: document.getElementById("items"),
    opener: null,

    get root() {
      return document.getElementById("item-sheet");
    },

    open(link) {
      this.opener ??= link;
      // Of a size in a grid that is on the screen, its shops alone.
      const target = (link.dataset.sheet && document.getElementById(link.dataset.sheet)) || this.root;
      const source = `#${target.id}`;
      htmx.ajax("GET", link.href, { source, target: source, swap: "outerHTML" });
    },

    onShown() {
      this.items.inert = true;
      if (selling.dataset.pane === "cart") this.cameFromCart = true;
      selling.dataset.pane = "items";
      this.root.addEventListener("close", () => this.items.inert && this.onClosed());
      if (!history.state?.sheet) history.pushState({ sheet: true }, "");
    },

    /** Whether there was one to close. */
    close() {
      if (!this.root.open) return false;
      this.root.close();
      this.onClosed(); // at once: its event comes later
      return true;
    },

    onClosed() {
      this.items.inert = false;
      this.root.replaceChildren();
      if (this.cameFromCart) selling.dataset.pane = "cart";
      if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
      this.opener = this.cameFromCart = null;
      if (history.state?.sheet) history.back();
    },
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-sheet], .item-card > a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    sheet.open(link);
  });
  document.addEventListener("htmx:load", ({ target }) => {
    if (target.id === "item-sheet") sheet.onShown();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // What came of it stands on the cart, be it a refusal.
    if (detail.xhr.status && detail.elt.hasAttribute("data-closes-sheet")) sheet.close();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || pad.field || document.querySelector("[role=dialog]:not([hidden])")) return;
    const shops = document.querySelector("dialog#item-stock[open]");
    if (shops) shops.close();
    else sheet.close();
  });
  addEventListener("popstate", () => sheet.close());
  search.addEventListener("input", () => sheet.close());

  // Counts that Lightspeed told since, and what the cart has taken, are put in place one by one: to
  // swap the whole would pull a size away from under a finger.
  let recounted = 0;

  function recountSoon() {
    clearTimeout(recounted);
    if (sheet.root.open) recounted = setTimeout(recount, 400);
  }

  async function recount() {
    for (const place of sheet.root.querySelectorAll("[data-counts-url]")) {
      const headers = { "HX-Request": "true", "HX-Target": place.id };
      const answer = await fetch(place.dataset.countsUrl, { headers }).catch(() => null);
      if (!answer?.ok) return; // the counts that are shown say how old they are
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const old of place.querySelectorAll("[data-count]")) {
        const now = fresh.getElementById(old.id);
        if (now && old.matches("button")) {
          old.className = now.className;
        } else if (now) {
          const hadFocus = old === document.activeElement;
          old.replaceWith(now);
          htmx.process(now);
          if (hadFocus) now.focus();
        }
      }
    }
  }

  document.addEventListener("stock-refreshed", recountSoon);

  // A finger that stays on a size asks for its shops, and does not add it when it leaves.
  let held = 0;
  const onSize = ({ target }) => target.closest?.(".run__add");
  const swallow = (event) => onSize(event) && event.preventDefault();
  document.addEventListener("pointerdown", (event) => {
    removeEventListener("click", swallow, { capture: true });
    const size = onSize(event);
    if (!size) return;
    held = setTimeout(() => {
      document.getElementById(size.id.replace("add", "stock"))?.click();
      addEventListener("click", swallow, { capture: true, once: true });
    }, 500);
  });
  document.addEventListener("contextmenu", swallow);
  for (const name of ["pointerup", "pointercancel", "scroll"]) {
    addEventListener(name, () => clearTimeout(held), { capture: true });
  }

  // --- Begin --------------------------------------------------------------------------------

  for (const line of cart().querySelectorAll("[data-line]")) {
    shown.set(line.dataset.line, Number(line.dataset.quantity));
  }
  onCart();
  document.addEventListener("htmx:load", ({ target }) => {
    if (target.id !== "cart") return;
    onCart();
    recountSoon();
  });
  const settling = cart().querySelector(".card-question, .done--recording, .done--checking");
  selling.dataset.pane = settling || location.hash === "#cart" ? "cart" : "items";
})();
