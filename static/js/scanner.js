"use strict";

// Scans on any page: one change at a time in the order in which they were made, sent until they
// are answered; and the scanner itself, which is a keyboard that types faster than anyone.
window.salesfloor.scanner = (() => {
  const { calm, warn } = window.salesfloor;

  // --- In order ------------------------------------------------------------------------------
  // A swap replaces what it changes, so two answers under way at once could overwrite each other.

  const changes = [];

  /** Runs `change.run` after all that was to be done before it. */
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

  const waits = (is) => changes.some(is);

  const headers = {
    ...JSON.parse(document.body.getAttribute("hx-headers")),
    "HX-Request": "true",
  };

  // What stands before salesfloor says that nobody answers behind it, as in a restart.
  const NOBODY_THERE = [502, 503, 504];

  /** Asks until there is an answer, whatever it says; gives it and its text. With an `action_id` in
   * its fields, a scan counts once however often it was sent. */
  async function send(url, fields) {
    const body = new URLSearchParams(fields);
    for (let pause = 500; ; pause = Math.min(2 * pause, 8000)) {
      try {
        const signal = AbortSignal.timeout(20000);
        const answer = await fetch(url, { method: "POST", headers, body, signal });
        if (NOBODY_THERE.includes(answer.status)) throw new Error(answer.statusText);
        const html = await answer.text();
        calm("scansWait");
        return { answer, html };
      } catch {
        warn("scansWait", `(${changes.length})`);
        await new Promise((resume) => setTimeout(resume, pause));
      }
    }
  }

  /** Goes where an answer leads, once all that was scanned before and since has been sent. False
   * where it leads nowhere else. */
  function follow(answer) {
    const elsewhere = answer.headers.get("HX-Redirect") || (answer.redirected && answer.url);
    if (elsewhere) inOrder({ run: async () => location.assign(elsewhere) });
    return Boolean(elsewhere);
  }

  // crypto.randomUUID is missing where the page is not served by https.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // --- The scanner ---------------------------------------------------------------------------

  // Scanners need 35 ms a key at most, the quickest typists 70. A busy tablet delays some keys.
  const GAP = 50; // milliseconds between two keys, on average
  const HICCUP = 500; // milliseconds between two keys that belong together, at most
  const SHORTEST = 6;
  const DOUBLED = 100; // milliseconds after a scan within which it may end once more
  let strokes = []; // keys in quick succession, each with what its text field held before it
  let timer = 0;
  let ended = 0; // when the last scan did
  let onScan = () => {};
  let onTyped = () => {};
  let shortest = () => SHORTEST;

  /** `scanned` is told each code, `typed` what a person typed that was aimed at nothing. Where
   * `least` gives a number, codes from that length on are taken too, of a scanner beyond doubt. */
  function listen(scanned, typed = () => {}, least = () => {}) {
    onScan = scanned;
    onTyped = typed;
    shortest = () => least() ?? SHORTEST;
    document.addEventListener("keydown", onKey, { capture: true });
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.timeStamp;
    const typed = event.repeat ? "" : character(event);
    const field = event.target.matches?.("input:not([type=radio]), textarea") ? event.target : null;
    if (strokes.length && at - strokes.at(-1).at > HICCUP) strokes = [];
    if (typed) {
      const isOtherDigit = typed !== event.key; // see `character`
      const stroke = { typed, isOtherDigit, american: american(event), at, field };
      strokes.push({ ...stroke, ...(field && textOf(field)) });
      if (field) return;
      // A space by itself presses the focused button, as it should.
      if (typed !== " " || strokes.length > 1) event.preventDefault();
      clearTimeout(timer);
      timer = setTimeout(typeOn, HICCUP);
    } else if (event.key === "Enter" || event.key === "Tab") {
      const again = !strokes.length && ended && at - ended < DOUBLED;
      const aimed = !again && (!strokes.length || strokes.at(-1).field);
      const scanned = scannedStrokes(at);
      // A scanner's Enter must not press the focused button, not even one too slow to be known.
      if (scanned.length || !aimed) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (!scanned.length && !aimed) typeOn();
      strokes = [];
      if (scanned.length) {
        ended = at;
        restore(scanned[0]);
        onScan(codeOf(scanned));
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

  // What the keys write on the keyboard that scanners take themselves for, the American one.
  const AMERICAN = {
    ...{ Minus: "-_", Equal: "=+", Period: ".>", Comma: ",<", Slash: "/?", Semicolon: ";:" },
    ...{ BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Quote: "'\"", Space: "  " },
    Backquote: "`~",
  };
  const SHIFTED_DIGITS = ")!@#$%^&*(";

  function american({ key, code, shiftKey }) {
    const [, kind, which] = /^(Digit|Numpad|Key)([0-9A-Z])$/.exec(code) ?? [];
    if (kind === "Key") return shiftKey ? which : which.toLowerCase();
    if (kind === "Digit") return shiftKey ? SHIFTED_DIGITS[which] : which;
    if (kind === "Numpad") return which;
    return AMERICAN[code]?.[Number(shiftKey)] ?? key;
  }

  /** The strokes before an end at this time that a scanner made; none if a person typed. */
  function scannedStrokes(end) {
    const quick = (i) => i > 0 && strokes[i].at - strokes[i - 1].at <= GAP;
    // In a text field a person may have typed just before: a hiccup lies between quick keys only.
    const hiccup = (i) => i > 0 && (!strokes[i].field || (quick(i - 1) && quick(i - 2)));
    const last = strokes.length - 1;
    let first = last;
    while (quick(first) || hiccup(first)) first -= 1;
    const found = strokes.slice(Math.max(first, 0));
    if (found.length < shortest()) return [];
    if (found.length < SHORTEST) {
      if (found[0].field?.matches(".serial__field")) return []; // whose form it sends
      // So few keys a person may have rolled over: not the end too, and each in a scanner's time.
      const times = [...found.map((stroke) => stroke.at), end];
      const isMachine = times.slice(1).every((at, i) => at - times[i] <= GAP);
      return isMachine ? found : [];
    }
    const average = (found.at(-1).at - found[0].at) / (found.length - 1);
    // Digits aimed at nothing are a code at any speed: typed by hand they mean the same.
    const typedCode = !found[0].field && /^[0-9]+$/.test(codeOf(found));
    return average <= GAP || typedCode ? found : [];
  }

  /** Where a digit's key wrote something else, the whole is read as on the scanner's keyboard. */
  function codeOf(some) {
    const translated = some.some((stroke) => stroke.isOtherDigit);
    return some.map((stroke) => (translated ? stroke.american : stroke.typed)).join("").trim();
  }

  const textOf = ({ value, selectionStart, selectionEnd }) => ({
    value,
    selection: [selectionStart, selectionEnd],
  });

  /** A key cannot be held back before it is known to be a scanner's, so it is taken out again. */
  function restore({ field, value, selection }) {
    if (!field || field.value === value) return;
    field.value = value;
    if (selection[0] !== null) field.setSelectionRange(...selection);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function typeOn() {
    clearTimeout(timer);
    const stray = codeOf(strokes.filter((stroke) => !stroke.field));
    strokes = [];
    if (stray) onTyped(stray);
  }

  return { follow, inOrder, listen, send, uuid, waits };
})();
