"use strict";

// The camera as a scanner: it looks on, and each code that it reads goes into the cart.
(() => {
  const { announce, scanner } = window.salesfloor;
  const root = document.getElementById("camera");
  const video = document.getElementById("camera-video");
  const frame = root.querySelector(".camera__frame");
  const torch = document.getElementById("torch");

  // Those that goods, receipts, slips and gift cards carry.
  const FORMATS = [
    ...["ean_13", "ean_8", "upc_a", "upc_e"],
    ...["code_128", "code_39", "itf", "data_matrix", "qr_code"],
  ];
  // Bars without a check digit of their own: only what is read twice in a row is believed.
  const UNSURE = new Set(["code_39", "itf"]);
  const PAUSE = 80; // milliseconds between two looks
  // The same code counts again once it was out of sight so long, and no sooner than after AGAIN.
  const LEFT = 1000;
  const AGAIN = 1500;

  // --- What was read -----------------------------------------------------------------------------

  const seen = new Map(); // when each code was last in sight, and when it last counted
  let unsure = "";

  function look(found, now) {
    const codes = found.filter(isBelieved).map(({ rawValue }) => rawValue.trim());
    unsure = found.map(({ rawValue }) => rawValue).join("\n");
    for (const code of new Set(codes)) {
      const before = seen.get(code);
      const counts = !before || (now - before.at > LEFT && now - before.countedAt > AGAIN);
      seen.set(code, { at: now, countedAt: counts ? now : before.countedAt });
      if (counts && code) read(code);
    }
  }

  function isBelieved({ format, rawValue }) {
    if (!UNSURE.has(format)) return true;
    // Part of a longer ITF reads like a whole one: only those on cases are looked for.
    if (format === "itf" && !/^[0-9]{14}$/.test(rawValue)) return false;
    return unsure.split("\n").includes(rawValue);
  }

  function read(code) {
    frame.classList.remove("camera__frame--read");
    requestAnimationFrame(() => frame.classList.add("camera__frame--read"));
    send({ code, action_id: scanner.uuid() });
  }

  function send(fields) {
    scanner.inOrder({
      run: async () => show(fields, await scanner.send(root.dataset.url, fields)),
    });
  }

  function show(fields, { answer, html }) {
    if (scanner.follow(answer)) return;
    const scanned = document.getElementById("scanned");
    if (html.includes('id="scanned"')) {
      htmx.swap(scanned, html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
    } else {
      const code = new URLSearchParams(fields).get("code");
      const words = document.createElement("p");
      words.className = "message message--error";
      words.textContent = `${root.dataset.lost} ${code}`;
      scanned.firstElementChild.replaceWith(words);
      announce(words.textContent);
    }
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(event.target, event.submitter);
    if (event.target.id === "type-code") {
      fields.set("action_id", scanner.uuid());
      event.target.reset();
    } else if (event.target.matches("[data-choice]")) {
      event.target.remove(); // sent until it is answered
    }
    send(fields);
  });
  root.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest("[data-dismiss]")) target.closest("[data-choice]").remove();
    const leave = target.closest(".scanned__cart");
    if (leave && scanner.waits(() => true)) {
      event.preventDefault(); // until all is in the cart
      scanner.inOrder({ run: async () => location.assign(leave.href) });
    }
  });

  scanner.listen((code) => send({ code, action_id: scanner.uuid() }));

  // --- The camera --------------------------------------------------------------------------------

  let stream = null;
  let detector = null;
  let wanted = 0; // the start that was asked for last; one that was overtaken ends itself

  function be(state) {
    root.dataset.state = state;
    for (const words of root.querySelectorAll("[data-when]")) {
      words.hidden = words.dataset.when !== state;
    }
  }

  async function start() {
    stop();
    const mine = wanted;
    be("asking");
    if (!window.isSecureContext) return be("insecure");
    if (!navigator.mediaDevices?.getUserMedia) return be("none");
    let opened;
    try {
      opened = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      if (mine !== wanted) return end(opened);
      stream = opened;
      video.srcObject = opened;
      await video.play();
    } catch (error) {
      if (mine === wanted) {
        stop();
        be(STATES[error.name] ?? "busy");
      }
      return;
    }
    try {
      detector ??= await makeDetector();
    } catch (error) {
      console.warn(error);
      if (mine === wanted) {
        stop();
        be("broken");
      }
      return;
    }
    if (mine !== wanted) return;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => mine === wanted && start());
    torch.hidden = !track.getCapabilities?.().torch;
    be("running");
    watch(mine);
  }

  const STATES = {
    NotAllowedError: "refused",
    SecurityError: "refused",
    NotFoundError: "none",
    OverconstrainedError: "none",
  };

  function end(some) {
    for (const track of some?.getTracks() ?? []) track.stop();
  }

  /** The light beside the lens goes out with the tracks. */
  function stop() {
    wanted += 1;
    end(stream);
    stream = null;
    video.srcObject = null;
    torch.hidden = true;
    torch.ariaPressed = "false";
  }

  async function watch(mine) {
    while (mine === wanted) {
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        try {
          const found = await detector.detect(video);
          if (mine === wanted) look(found, performance.now());
        } catch (error) {
          console.warn(error);
          if (mine === wanted) {
            stop();
            be("broken");
          }
        }
      }
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
  }

  /** The browser's own where it knows these barcodes, else ours, which is loaded now. */
  async function makeDetector() {
    const own = (await window.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
    if (["ean_13", "upc_a", "code_128"].every((format) => own.includes(format))) {
      return new window.BarcodeDetector({ formats: FORMATS.filter((each) => own.includes(each)) });
    }
    await load(root.dataset.detector);
    const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
    // Without being told, it would fetch it from somebody else's server.
    const locateFile = (path, prefix) => (path.endsWith(".wasm") ? root.dataset.wasm : prefix + path);
    await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
    return new BarcodeDetector({ formats: FORMATS });
  }

  function load(address) {
    return new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", loaded);
      script.addEventListener("error", () => failed(new Error(`${address} did not load`)));
      document.head.append(script);
    });
  }

  torch.addEventListener("click", async () => {
    const on = torch.ariaPressed !== "true";
    try {
      await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
      torch.ariaPressed = String(on);
    } catch (error) {
      console.warn(error);
      torch.hidden = true; // it was promised, and is not there
    }
  });

  for (const button of root.querySelectorAll("[data-again]")) {
    button.addEventListener("click", start);
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("pagehide", stop);
  addEventListener("pageshow", ({ persisted }) => persisted && start());
  start();
})();
