"use strict";

(() => {
  const { announce, calm, warn } = window.salesfloor;
  const selling = document.getElementById("selling");
  const search = document.getElementById("q");
  const scanNote = document.getElementById("scan-note");
  const cart = () => document.getElementById("cart");

  // --- One change of the cart at a time, in the order in which they were made ---------------
  // A swap replaces the cart, so two answers under way at once could overwrite each other.

  const changes = [];

  async function inOrder(change) {
    changes.push(change);
    if (changes.length > 1) return;
    while (changes.length) {
      try {
        await changes[0].run();
      } catch (error) {
        console.error(error);
        warn("broken");
      }
      changes.shift();
    }
  }

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, issueRequest, target, triggeringEvent } = event.detail;
    if (target?.id !== "cart") return;
    event.preventDefault();
    // A second tap on Pay is no second payment. Elsewhere two taps are two units.
    if (elt.closest("#pay") && changes.some((change) => change.elt === elt)) return;
    const button = triggeringEvent?.submitter;
    inOrder({ elt, run: () => issue(elt, button, issueRequest) });
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

  // --- Scans: kept in order, sent until they are answered, with one action_id each ----------

  const headers = {
    ...JSON.parse(document.body.getAttribute("hx-headers")),
    "HX-Request": "true",
    "HX-Target": "cart",
  };

  function scan(code) {
    // A gift card's number that is asked for is taken from the card, whatever has the focus.
    const asked = cart().querySelector("[data-scanned]");
    if (asked) {
      asked.value = code;
      return asked.form.requestSubmit();
    }
    const body = new URLSearchParams({ code, action_id: uuid() });
    inOrder({ run: async () => show(code, await send(body)) });
  }

  /** Asks until there is an answer, whatever it says; gives its status and text. */
  async function send(body) {
    for (let pause = 500; ; pause = Math.min(2 * pause, 8000)) {
      try {
        const signal = AbortSignal.timeout(20000);
        const answer = await fetch(selling.dataset.scanUrl, { method: "POST", headers, body, signal });
        const html = await answer.text();
        calm("scansWait");
        return { answer, html };
      } catch {
        warn("scansWait", `(${changes.length})`);
        await new Promise((resume) => setTimeout(resume, pause));
      }
    }
  }

  function show(code, { answer, html }) {
    const elsewhere = answer.headers.get("HX-Redirect") || (answer.redirected && answer.url);
    if (elsewhere) {
      location.assign(elsewhere);
    } else if (html.includes('id="cart"')) {
      if (answer.ok) selling.dataset.pane = "cart";
      htmx.swap(cart(), html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
      const refusal = document.getElementById("cart-message");
      noteScan(code, answer.ok ? "" : refusal?.textContent);
      // Once is enough: beside the search field where that is in sight, else on the cart.
      if (refusal) refusal.hidden = scanNote.offsetParent !== null;
    } else {
      noteScan(code, `${selling.dataset.scanLost} ${code}`);
    }
  }

  function noteScan(code, words) {
    scanNote.hidden = !words;
    if (!words) return;
    document.getElementById("scan-note-words").textContent = words;
    // Where the cart has no way to gift cards just now, this has none either.
    document.getElementById("card-scanned").hidden = !document.getElementById("pay-stored");
    scanNote.dataset.code = code;
    announce(words);
  }

  document.getElementById("search-scanned").addEventListener("click", () => {
    search.value = scanNote.dataset.code;
    scanNote.hidden = true;
    selling.dataset.pane = "items";
    search.form.requestSubmit();
    search.focus();
  });

  document.getElementById("card-scanned").addEventListener("click", async () => {
    scanNote.hidden = true;
    selling.dataset.pane = "cart";
    await htmx.ajax("GET", selling.dataset.cardUrl, { target: "#pay", swap: "outerHTML" });
    scan(scanNote.dataset.code); // into the field that asks for it now
  });

  search.addEventListener("input", () => (scanNote.hidden = true));

  // Where nothing was found, most ways out lead to the page of items: find here instead.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#item-results .empty a:not([data-leaves])");
    if (!link) return;
    event.preventDefault();
    const wanted = new URL(link.href).searchParams;
    search.value = wanted.get("q") ?? "";
    search.form.elements.category.value = wanted.get("category") ?? "";
    search.form.requestSubmit();
  });

  // crypto.randomUUID is missing where the page is not served by https.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // --- The scanner, which is a keyboard that types faster than anyone -----------------------

  // Scanners need 35 ms a key at most, the quickest typists 70. A busy tablet delays some keys.
  const GAP = 50; // milliseconds between two keys, on average
  const HICCUP = 500; // milliseconds between two keys that belong together, at most
  const SHORTEST = 6;
  let strokes = []; // keys in quick succession, each with what its text field held before it
  let timer = 0;

  document.addEventListener("keydown", onKey, { capture: true });

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.timeStamp;
    const typed = event.repeat ? "" : character(event);
    const field = event.target.matches?.("input:not([type=radio]), textarea") ? event.target : null;
    if (strokes.length && at - strokes.at(-1).at > HICCUP) strokes = [];
    if (typed) {
      strokes.push({ typed, at, field, ...(field && textOf(field)) });
      if (field) return;
      // A space by itself presses the focused button, as it should.
      if (typed !== " " || strokes.length > 1) event.preventDefault();
      clearTimeout(timer);
      timer = setTimeout(typeOn, HICCUP);
    } else if (event.key === "Enter" || event.key === "Tab") {
      const aimed = !strokes.length || strokes.at(-1).field;
      const scanned = scannedStrokes();
      // A scanner's Enter must not press the focused button, not even one too slow to be known.
      if (scanned.length || !aimed) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (!scanned.length && !aimed) typeOn();
      strokes = [];
      if (scanned.length) {
        restore(scanned[0]);
        scan(codeOf(scanned));
      }
    } else if (event.key !== "Shift") {
      strokes = [];
    }
  }

  /** The character of a key; digits also where the keyboard's language puts something else. */
  function character({ key, code, shiftKey }) {
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code);
    if (digit && !shiftKey && !/^[0-9]$/.test(key)) return digit[1];
    return key.length === 1 ? key : "";
  }

  /** The strokes at the end that a scanner made; none if a person typed. */
  function scannedStrokes() {
    const quick = (i) => i > 0 && strokes[i].at - strokes[i - 1].at <= GAP;
    // In a text field a person may have typed just before: a hiccup lies between quick keys only.
    const hiccup = (i) => i > 0 && (!strokes[i].field || (quick(i - 1) && quick(i - 2)));
    const last = strokes.length - 1;
    let first = last;
    while (quick(first) || hiccup(first)) first -= 1;
    const found = strokes.slice(Math.max(first, 0));
    if (found.length < SHORTEST) return [];
    const average = (found.at(-1).at - found[0].at) / (found.length - 1);
    // Digits aimed at nothing are a code at any speed: typed by hand they mean the same.
    const typedCode = !found[0].field && /^[0-9]+$/.test(codeOf(found));
    return average <= GAP || typedCode ? found : [];
  }

  const codeOf = (some) => some.map((stroke) => stroke.typed).join("").trim();

  const textOf = ({ value, selectionStart, selectionEnd }) => ({
    value,
    selection: [selectionStart, selectionEnd],
  });

  /** A key cannot be held back before it is known to be a scanner's, so it is taken out again. */
  function restore({ field, value, selection }) {
    if (!field || field.value === value) return;
    field.value = value;
    field.setSelectionRange(...selection);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Typing that is aimed at nothing means the keypad if it is open, else the search. */
  function typeOn() {
    clearTimeout(timer);
    const stray = codeOf(strokes.filter((stroke) => !stroke.field));
    strokes = [];
    if (pad.field) {
      for (const key of stray) pad.press(key);
    } else if (/[^0-9]/.test(stray) && search.checkVisibility?.()) {
      // Digits are not taken: they are the beginning of a scan that broke off.
      sheet.close();
      search.focus();
      search.value += stray.replace(/^\//, "");
      search.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // --- The cart as it comes: what changed flashes and is said -------------------------------

  let shown = new Map();

  function onCart() {
    const lines = new Map();
    for (const line of cart().querySelectorAll("[data-line]")) {
      const quantity = Number(line.dataset.quantity);
      lines.set(line.dataset.line, quantity);
      if (quantity > (shown.get(line.dataset.line) ?? 0)) flash(line);
    }
    shown = lines;
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
    announce(`${name}: ${line.dataset.quantity} ${selling.dataset.inTheCart}`);
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

    close() {
      if (!this.root.open) return;
      this.root.close();
      this.onClosed(); // at once: its event comes later
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
    const link = event.target.closest?.("a[data-sheet], a.item-card__stock");
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
      const own = { ...headers, "HX-Target": place.id };
      const answer = await fetch(place.dataset.countsUrl, { headers: own }).catch(() => null);
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

  // A finger that stays on a size asks for its shops.
  let held = 0;
  document.addEventListener("pointerdown", ({ target }) => {
    const size = target.closest?.(".run__add");
    if (!size) return;
    held = setTimeout(() => {
      held = 0;
      size.nextElementSibling?.click();
      addEventListener("click", (event) => size.contains(event.target) && event.preventDefault(), {
        capture: true,
        once: true,
      });
    }, 500);
  });
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
