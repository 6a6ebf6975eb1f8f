/* A sitting: says once a minute that somebody is there, and shows what the server made of it.

   <dg-sitting start="…" earlier="720" data-saved data-unit data-starting data-offline data-idle data-cap data-elsewhere data-ended>
     <span data-receipt></span> <span data-minutes></span> <p data-note role="status" hidden></p> <button data-here hidden>…</button>
     (a hidden csrfmiddlewaretoken)
   </dg-sitting>

   `start` answers {token, beat, every, earlier}; `beat` answers {saved, seconds, state, sequence}. Beats that can't be sent lie on this
   device and go with the next ones; the server counts each once. `background` lets a recording count while the page is hidden.

   A player tells, by events that bubble: dg-playing {playing, at}, dg-watched {from, to, at} for each piece played, dg-finished.
   Others hear of each answer by the event dg-saved. */

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "touchmove"];
const PLACE = "dg-sitting:";
const MOST_BEATS = 250;
const MOST_PARTS = 100;
const SOON = 15000;
const STATES = ["idle", "cap", "elsewhere", "ended"];

const kept = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      /* No room, or none allowed: what can't be sent at once is lost. */
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* as above */
    }
  },
  sittings() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PLACE));
    } catch {
      return [];
    }
  },
};

function device() {
  const known = kept.get("dg-device");
  if (/^[0-9a-f]{32}$/.test(known || "")) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  kept.set("dg-device", made);
  return made;
}

class Sitting extends HTMLElement {
  connectedCallback() {
    if (!window.fetch || !this.getAttribute("start")) return;
    this.earlier = Number(this.getAttribute("earlier")) || 0;
    this.seconds = 0;
    this.playing = false;
    this.at = null;
    this.heard = [
      ...SIGNS.map((name) => [document, name, (event) => this.sign(event), { passive: true, capture: true }]),
      [document, "visibilitychange", () => this.turned()],
      [window, "pagehide", () => this.leave()],
      [window, "pageshow", (event) => event.persisted && this.begin()],
      [window, "online", () => (this.token ? this.send() : this.begin())],
      [document, "dg-playing", (event) => this.plays(event.detail || {})],
      [document, "dg-watched", (event) => this.watched(event.detail || {})],
      [document, "dg-finished", () => this.beat({ fold: true })],
    ];
    this.heard.forEach(([target, ...listener]) => target.addEventListener(...listener));
    this.querySelector("[data-here]")?.addEventListener("click", () => this.begin());
    this.minutes();
    this.begin();
  }

  disconnectedCallback() {
    this.heard?.forEach(([target, ...listener]) => target.removeEventListener(...listener));
    this.leave();
  }

  /* --- what happens on the page --- */

  sign(event) {
    if (!event.isTrusted) return;
    const now = performance.now();
    // A hand that moves makes a hundred events: one a second is enough to know that it does.
    if (this.acted === null || now - this.acted >= 1000) {
      this.acts += 1;
      this.acted = now;
      if (this.state === "ended" && this.visible) this.begin();
    }
  }

  /* Where a film is left is said at once: another device goes on from there. */
  plays({ playing, at }) {
    if (Number.isFinite(at)) this.at = at;
    if (this.playing && !playing) this.beat();
    this.playing = Boolean(playing);
  }

  watched({ from, to, at }) {
    if (Number.isFinite(from) && Number.isFinite(to) && to > from && this.parts.length < MOST_PARTS) this.parts.push([Math.round(from * 10) / 10, Math.round(to * 10) / 10]);
    if (Number.isFinite(at ?? to)) this.at = at ?? to;
  }

  get visible() {
    return document.visibilityState !== "hidden" || (this.hasAttribute("background") && this.playing);
  }

  turned() {
    if (document.visibilityState === "hidden") {
      this.beat({ last: true, visible: true });
      if (!this.visible) clearInterval(this.timer);
      return;
    }
    if (!this.token) {
      if (this.state !== "elsewhere") this.begin();
      return;
    }
    this.fresh();
    this.tick();
  }

  /* --- the sitting --- */

  fresh() {
    this.since = performance.now();
    this.acts = 0;
    this.acted = null;
    this.parts = [];
  }

  tick() {
    clearInterval(this.timer);
    this.timer = setInterval(() => (this.visible ? this.beat() : this.fresh()), (this.every || 60) * 1000);
  }

  async begin() {
    if (this.begins || document.visibilityState === "hidden") return;
    this.begins = true;
    clearTimeout(this.again);
    this.fresh();
    this.tell("starting");
    await this.flush();
    try {
      const body = new URLSearchParams({ device: device() });
      const answer = await fetch(this.getAttribute("start"), {
        method: "POST",
        body,
        redirect: "manual",
        credentials: "same-origin",
        headers: { "X-CSRFToken": this.querySelector("[name=csrfmiddlewaretoken]")?.value || "", Accept: "application/json" },
      });
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(String(answer.status));
      this.started(await answer.json());
    } catch {
      this.tell("offline");
      this.again = setTimeout(() => this.begin(), SOON);
    } finally {
      this.begins = false;
    }
  }

  started(given) {
    this.token = given.token;
    this.address = given.beat;
    this.every = given.every;
    this.earlier = given.earlier;
    this.seconds = 0;
    this.number = 0;
    this.queue = [];
    this.state = "counting";
    this.saved(given.saved);
    this.tell("");
    this.minutes();
    this.tick();
  }

  beat({ last = false, leave = false, fold = false, visible = this.visible } = {}) {
    if (!this.token) return;
    const now = performance.now();
    this.number += 1;
    const beat = { n: this.number, span: Math.round(now - this.since), acts: this.acts, playing: this.playing };
    if (this.acted !== null) beat.quiet = Math.round(now - this.acted);
    if (!visible) beat.hidden = true;
    if (this.parts.length) beat.parts = this.parts;
    if (this.at !== null) beat.at = Math.round(this.at * 10) / 10;
    this.queue.push(beat);
    if (this.queue.length > MOST_BEATS) this.queue.shift();
    this.fresh();
    this.keep();
    if (leave) navigator.sendBeacon?.(this.address, this.body({ leave: true }));
    else this.send({ last, fold });
  }

  body(more) {
    const text = JSON.stringify({ token: this.token, clock: Date.now(), beats: this.queue, ...more });
    return new Blob([text], { type: "application/json" });
  }

  async send({ last = false, fold = false } = {}) {
    if (!this.token || !this.queue.length) return;
    if (this.busy && !last) {
      this.folds ||= fold;
      this.waits = true;
      return;
    }
    this.busy = true;
    this.waits = false;
    const token = this.token;
    const folds = fold || this.folds === true;
    this.folds = false;
    try {
      const answer = await fetch(this.address, { method: "POST", body: this.body({ fold: folds }), keepalive: last, credentials: "omit" });
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (token !== this.token) return;
      if (answer.ok) this.answered(await answer.json());
      else this.stop("ended");
    } catch {
      // Kept, and sent with the next beat or when the line is back.
      this.folds ||= folds;
      this.tell("offline");
    } finally {
      this.busy = false;
    }
    if (this.waits) this.send();
  }

  answered(told) {
    this.queue = this.queue.filter((beat) => beat.n > told.sequence);
    this.keep();
    this.seconds = told.seconds;
    this.saved(told.saved);
    this.minutes();
    if (told.state === "elsewhere" || told.state === "ended") this.stop(told.state);
    else {
      this.state = told.state;
      this.tell(told.state === "counting" ? "" : told.state);
    }
    this.dispatchEvent(new CustomEvent("dg-saved", { bubbles: true, detail: told }));
  }

  stop(state) {
    clearInterval(this.timer);
    this.forget();
    this.token = null;
    this.state = state;
    this.tell(state);
  }

  leave() {
    clearInterval(this.timer);
    clearTimeout(this.again);
    if (!this.token) return;
    this.beat({ leave: true });
    this.token = null;
  }

  /* --- what could not be sent, on this device --- */

  keep() {
    if (this.queue.length) kept.set(PLACE + this.token, JSON.stringify({ address: this.address, beats: this.queue }));
    else this.forget();
  }

  forget() {
    if (this.token) kept.drop(PLACE + this.token);
  }

  /* What earlier pages could not send: each beat is counted once, whoever sends it. */
  async flush() {
    for (const key of kept.sittings()) {
      const token = key.slice(PLACE.length);
      if (token === this.token) continue;
      try {
        const { address, beats } = JSON.parse(kept.get(key));
        const answer = await fetch(address, {
          method: "POST",
          body: new Blob([JSON.stringify({ token, clock: Date.now(), beats })], { type: "application/json" }),
          credentials: "omit",
        });
        if (answer.status < 500) kept.drop(key);
      } catch (error) {
        if (error instanceof SyntaxError || error instanceof TypeError) {
          if (!navigator.onLine) return;
          if (error instanceof SyntaxError) kept.drop(key);
        }
      }
    }
  }

  /* --- what is shown --- */

  saved(time) {
    const place = this.querySelector("[data-receipt]");
    if (place) place.textContent = (this.dataset.saved || "").replace("{time}", time);
  }

  minutes() {
    const place = this.querySelector("[data-minutes]");
    if (place) place.textContent = (this.dataset.unit || "").replace("{minutes}", String(Math.floor((this.earlier + this.seconds) / 60)));
  }

  tell(state) {
    const note = this.querySelector("[data-note]");
    this.dataset.state = state || "counting";
    if (note) {
      const text = state ? this.dataset[state] || "" : "";
      if (note.textContent !== text) note.textContent = text;
      note.hidden = !text;
    }
    const here = this.querySelector("[data-here]");
    if (here) here.hidden = !(state === "elsewhere" || state === "ended");
    if (STATES.includes(state)) this.dispatchEvent(new CustomEvent("dg-standstill", { bubbles: true, detail: { state } }));
  }
}
customElements.define("dg-sitting", Sitting);
