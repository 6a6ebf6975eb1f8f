/* <dg-upload>: sends the file chosen in the field inside it in pieces. A broken line, another tab, a closed browser lose
   nothing: the server says which pieces are missing, the file is known again by its name, size and time. The form is sent with
   the upload's id in place of the file. Fires dg-uploaded {id, file} and dg-upload-failed {error}. */

const TRIES = 8;
const AT_ONCE = 2;
const SUBTLE = typeof crypto !== "undefined" && crypto.subtle;

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const filled = (text, values) => (text || "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

class Stop extends Error {}

function sized(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1000 && unit < 3) {
    bytes /= 1000;
    unit += 1;
  }
  return `${bytes.toFixed(unit && bytes < 10 ? 1 : 0)} ${units[unit]}`;
}

class Upload extends HTMLElement {
  connectedCallback() {
    if (this.field) return;
    this.field = this.querySelector("input[type=file]");
    this.bar = this.querySelector("progress");
    this.said = this.querySelector(".dg-upload-said");
    this.acts = this.querySelector(".dg-upload-acts");
    if (!this.field) return;
    this.querySelector("[data-without]")?.remove();
    this.limit = this.querySelector("[data-with]");
    this.kept = document.createElement("input");
    this.kept.type = "hidden";
    this.kept.name = `${this.getAttribute("name")}-upload`;
    this.append(this.kept);
    this.pauser = this.button(() => this.turn());
    this.dropper = this.button(() => this.drop(), this.dataset.drop);
    this.acts.append(this.pauser, this.dropper);
    this.onChoice = () => this.begin();
    this.onLine = () => this.wake?.();
    this.onLeave = (event) => {
      if (this.state === "sending") event.preventDefault();
    };
    this.field.addEventListener("change", this.onChoice);
    window.addEventListener("online", this.onLine);
    window.addEventListener("beforeunload", this.onLeave);
    this.state = "idle";
    this.classList.add("ready");
    this.recall();
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.onLine);
    window.removeEventListener("beforeunload", this.onLeave);
    if (this.state === "sending") this.state = "paused";
    this.stopper?.abort();
  }

  button(act, text = "") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-outline btn-s";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  say(text, tone = "") {
    this.said.textContent = text;
    this.said.dataset.tone = tone;
  }

  get token() {
    return (this.closest("form") || document).querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  }

  /* --- what was begun on this device and not finished --- */

  get place() {
    return `dg-upload:${this.getAttribute("kind")}`;
  }

  remember() {
    try {
      localStorage.setItem(this.place, JSON.stringify({ url: this.upload.url, name: this.file.name }));
    } catch {
      /* None allowed: choosing the file again finds it all the same. */
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.place);
    } catch {
      /* as above */
    }
  }

  async recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.place) || "null");
      if (!kept) return;
      const answer = await fetch(kept.url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      const found = answer.ok ? await answer.json() : null;
      if (!found || found.state !== "open") return this.forget();
      if (this.state !== "idle") return;
      const left = this.count(found.missing);
      this.say(filled(this.dataset.unfinished, { name: found.name, percent: Math.floor((100 * (found.pieces - left)) / found.pieces) }));
    } catch {
      /* Nothing to recall. */
    }
  }

  count(runs) {
    return (runs || []).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  }

  /* --- sending --- */

  async begin() {
    const file = this.field.files[0];
    this.stopper?.abort();
    this.kept.value = "";
    if (!file) return this.rest("idle");
    this.file = file;
    await this.run();
  }

  turn() {
    if (this.state === "sending") {
      this.state = "paused";
      this.stopper.abort();
      this.wake?.();
    } else this.run();
  }

  async drop() {
    this.state = "idle";
    this.stopper?.abort();
    this.wake?.();
    if (this.upload) await this.call(`${this.upload.url}drop/`, { method: "POST" }).catch(() => {});
    this.forget();
    this.upload = null;
    this.field.value = "";
    this.kept.value = "";
    this.rest("idle");
    this.say("");
  }

  rest(state) {
    this.state = state;
    const shown = state === "sending" || state === "paused";
    this.bar.hidden = !shown;
    this.acts.hidden = !shown && state !== "failed";
    this.pauser.textContent = state === "sending" ? this.dataset.pause : this.dataset.resume;
    if (this.limit) this.limit.hidden = state !== "idle";
    this.field.setCustomValidity(shown ? this.dataset.waits || " " : "");
  }

  async run() {
    const run = (this.running = {});
    this.stopper = new AbortController();
    this.rest("sending");
    try {
      const file = this.file;
      const fingerprint = `${file.name}|${file.size}|${file.lastModified}`.slice(-120);
      const offer = { kind: this.getAttribute("kind"), name: file.name, size: file.size, fingerprint };
      this.upload = await this.persist(() => this.call(this.getAttribute("action"), { method: "POST", body: JSON.stringify(offer), headers: { "Content-Type": "application/json" } }));
      this.remember();
      const missing = this.upload.missing.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
      this.there = this.upload.pieces - missing.length;
      this.beganAt = { time: performance.now(), there: this.there };
      this.tell();
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.carry(missing)));
      if (this.running !== run || this.state !== "sending") throw new Stop();
      this.say(this.dataset.checking);
      const ended = await this.persist(() => this.call(`${this.upload.url}finish/`, { method: "POST" }));
      this.done(ended.file || (await this.looked(run)));
    } catch (fault) {
      if (this.running !== run) return;
      if (fault instanceof Stop || fault.name === "AbortError") {
        if (this.state === "paused") {
          this.rest("paused");
          this.say(filled(this.dataset.paused, { percent: this.percent }));
        }
        return;
      }
      this.fail(fault);
    }
  }

  /* A large file is looked through by the server's worker: asked for until it is the file, or is none. */
  async looked(run) {
    for (;;) {
      await wait(2000);
      if (this.running !== run || this.state !== "sending") throw new Stop();
      const told = await this.persist(() => this.call(this.upload.url));
      if (told.file) return told.file;
      if (told.state !== "open") {
        const fault = new Error(told.error || this.dataset.failed);
        fault.told = true;
        throw fault;
      }
    }
  }

  /* Takes one missing piece after the other; two do so side by side. */
  async carry(missing) {
    while (missing.length) {
      if (this.state !== "sending") throw new Stop();
      const number = missing.shift();
      const from = number * this.upload.piece_size;
      const piece = await this.file.slice(from, from + this.upload.piece_size).arrayBuffer();
      const headers = { "Content-Type": "application/octet-stream" };
      if (SUBTLE) headers["X-Piece-SHA256"] = hex(await crypto.subtle.digest("SHA-256", piece));
      await this.persist(() => this.call(`${this.upload.url}${number}/`, { method: "PUT", body: piece, headers }));
      this.there += 1;
      this.tell();
    }
  }

  async call(url, { headers = {}, ...options } = {}) {
    const answer = await fetch(url, {
      credentials: "same-origin",
      redirect: "manual",
      signal: this.stopper?.signal,
      ...options,
      headers: { "X-CSRFToken": this.token, Accept: "application/json", ...headers },
    });
    const json = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
    if (answer.ok && json) return json;
    const fault = new Error(json?.error || (answer.status === 401 || answer.type === "opaqueredirect" ? this.dataset.signedOut : this.dataset.failed));
    fault.told = true;
    fault.again = json ? json.again && answer.status === 422 : answer.status >= 500 || answer.status === 429;
    throw fault;
  }

  /* Tries again what a broken line or a busy server cut off, waiting longer each time, and at once when the line is back. */
  async persist(act) {
    for (let tried = 1; ; tried += 1) {
      try {
        return await act();
      } catch (fault) {
        if (fault.name === "AbortError" || this.state !== "sending") throw new Stop();
        if (fault.told && !fault.again) throw fault;
        if (fault.told && tried >= TRIES) throw fault;
        if (!fault.told) this.say(this.dataset.offline, "warn");
        await Promise.race([wait(Math.min(1000 * 2 ** (tried - 1), 30000)), new Promise((resolve) => (this.wake = resolve))]);
        if (this.state !== "sending") throw new Stop();
      }
    }
  }

  get percent() {
    return this.upload ? Math.floor((100 * this.there) / this.upload.pieces) : 0;
  }

  tell() {
    this.bar.value = this.percent;
    const sent = this.there - this.beganAt.there;
    const seconds = sent ? ((performance.now() - this.beganAt.time) / 1000 / sent) * (this.upload.pieces - this.there) : 0;
    const left = seconds < 90 ? filled(this.dataset.seconds, { count: Math.ceil(seconds) }) : filled(this.dataset.minutes, { count: Math.ceil(seconds / 60) });
    this.say(filled(this.dataset.sending, { percent: this.percent, left: sent ? left : "…" }));
  }

  done(file) {
    this.forget();
    this.rest("done");
    this.kept.value = this.upload.id;
    /* The file itself is not sent a second time with the form. */
    this.field.required = false;
    this.field.value = "";
    this.say(filled(this.dataset.done, { name: file.name, size: sized(file.size) }), "good");
    this.dispatchEvent(new CustomEvent("dg-uploaded", { bubbles: true, detail: { id: this.upload.id, file } }));
    if (this.hasAttribute("submits")) this.closest("form")?.requestSubmit();
  }

  fail(fault) {
    this.rest("failed");
    if (!fault.again) this.forget();
    this.say(fault.told ? fault.message : this.dataset.failed, "bad");
    this.dispatchEvent(new CustomEvent("dg-upload-failed", { bubbles: true, detail: { error: this.said.textContent } }));
  }
}
customElements.define("dg-upload", Upload);
