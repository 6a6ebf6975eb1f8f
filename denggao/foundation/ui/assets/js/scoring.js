/* A score sheet that works on a poor line. Whatever is entered lies on this device until the server has confirmed it.

   <dg-score-sheet data-key="…" data-src="…/entries/" data-submit="…/submit/" data-saved="Saved %(time)s" …>
     <form> <fieldset data-criterion="code"> … name="points-code", "comment-code", "mark-code" … <p data-receipt></p> </fieldset> </form>
   </dg-score-sheet>

   Each entry has an id of its own (``client_id``) and its age; the server takes it once, keeps the newest of a criterion and
   answers {receipts, entries, total, filled} or {refused}. */

const PAUSE = 700;
const LONGEST = 4000;
const WATCH = 30000;
const RETRIES = [2000, 4000, 8000, 15000, 30000];

const newId = () => {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/* What is not sent yet, by criterion. Read anew each time: another tab writes here as well. */
class Queue {
  constructor(key) {
    this.place = `dg-score:${key}`;
    this.memory = {};
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.place)) || {};
    } catch {
      return this.memory;
    }
  }

  write(entries) {
    this.memory = entries;
    try {
      if (Object.keys(entries).length) localStorage.setItem(this.place, JSON.stringify(entries));
      else localStorage.removeItem(this.place);
    } catch {
      /* No room, or none allowed: it lives as long as this page does. */
    }
  }

  put(code, entry) {
    this.write({ ...this.read(), [code]: entry });
  }

  /* Only if nothing newer was entered meanwhile. */
  settle(code, clientId, fault) {
    const entries = this.read();
    if (!entries[code] || entries[code].client_id !== clientId) return;
    if (fault) entries[code].fault = fault;
    else delete entries[code];
    this.write(entries);
  }

  unsent() {
    return Object.entries(this.read()).filter(([, entry]) => !entry.fault);
  }
}

const number = (text) => {
  const plain = text.trim().replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[．。]/g, ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
};

class ScoreSheet extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    if (!this.form || !window.fetch || !window.crypto) return;
    this.queue = new Queue(this.dataset.key);
    this.failures = 0;
    this.known = {};
    this.criteria = {};
    this.querySelectorAll("[data-criterion]").forEach((part) => this.adopt(part));
    this.form.addEventListener("input", (event) => this.changed(event.target));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.listeners = [
      [window, "online", () => this.flush()],
      [window, "offline", () => this.said()],
      [window, "storage", (event) => event.key === this.queue.place && this.fromOtherTab()],
      [document, "visibilitychange", () => (document.visibilityState === "hidden" ? this.flush(true) : this.watch())],
    ];
    this.listeners.forEach(([target, name, run]) => target.addEventListener(name, run));
    this.timer = setInterval(() => document.visibilityState === "visible" && this.watch(), WATCH);
    this.restore();
    this.sum();
    this.flush();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.pause);
    (this.listeners || []).forEach(([target, name, run]) => target.removeEventListener(name, run));
  }

  /* --- the fields --- */

  adopt(part) {
    const code = part.dataset.criterion;
    const fields = {
      part,
      points: part.querySelector(`[name="points-${code}"]`),
      comment: part.querySelector(`[name="comment-${code}"]`),
      mark: part.querySelector(`[name="mark-${code}"]`),
      receipt: part.querySelector("[data-receipt]"),
    };
    this.criteria[code] = fields;
    this.known[code] = { points: fields.points.value, comment: fields.comment.value };
    part.querySelectorAll("li[data-points]").forEach((row) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...row.childNodes);
      row.append(button);
      button.addEventListener("click", () => {
        fields.points.value = row.dataset.points;
        this.changed(fields.points);
      });
    });
  }

  changed(target) {
    const part = target.closest ? target.closest("[data-criterion]") : null;
    if (!part) return;
    const code = part.dataset.criterion;
    const fields = this.criteria[code];
    this.queue.put(code, { points: fields.points.value, comment: fields.comment.value, client_id: newId(), at: Date.now() });
    fields.points.removeAttribute("aria-invalid");
    part.classList.remove("err");
    this.tell(code, "wait", navigator.onLine === false ? this.dataset.waiting : this.dataset.sending);
    this.sum();
    clearTimeout(this.pause);
    this.since = this.since || Date.now();
    this.pause = setTimeout(() => this.flush(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
  }

  show(code, entry) {
    const fields = this.criteria[code];
    if (!fields) return;
    if (fields.points.value !== entry.points) fields.points.value = entry.points;
    if (fields.comment.value !== entry.comment) fields.comment.value = entry.comment;
  }

  tell(code, state, text) {
    const fields = this.criteria[code];
    if (!fields) return;
    fields.receipt.dataset.state = state;
    if (fields.receipt.textContent !== text) fields.receipt.textContent = text;
  }

  fault(code, text) {
    const fields = this.criteria[code];
    if (!fields) return;
    fields.part.classList.add("err");
    fields.points.setAttribute("aria-invalid", "true");
    this.tell(code, "bad", text);
  }

  sum() {
    let total = 0;
    let filled = 0;
    Object.values(this.criteria).forEach(({ part, points }) => {
      const given = number(points.value);
      part.querySelectorAll("li[data-points] > button").forEach((button) => {
        button.setAttribute("aria-pressed", String(given !== null && Number(button.parentElement.dataset.points) === given));
      });
      if (given === null || given > Number(part.dataset.most)) return;
      filled += 1;
      total += given * Number(part.dataset.weight);
    });
    this.querySelector("[data-total]").textContent = String(Math.round(total * 100) / 100);
    const count = this.querySelector("[data-filled]");
    if (count) count.textContent = String(filled);
  }

  /* --- what was entered before: in this tab, another one, or one that was killed --- */

  restore() {
    Object.entries(this.queue.read()).forEach(([code, entry]) => {
      this.show(code, entry);
      if (entry.fault) this.fault(code, entry.fault);
      else this.tell(code, "wait", this.dataset.waiting);
    });
    this.said();
  }

  fromOtherTab() {
    const entries = this.queue.read();
    Object.entries(entries).forEach(([code, entry]) => {
      if (this.touched(code)) return;
      this.show(code, entry);
      this.known[code] = { points: entry.points, comment: entry.comment };
      if (!entry.fault) this.tell(code, "wait", this.dataset.waiting);
    });
    this.sum();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => (this.queue.unsent().length ? this.flush() : this.watch()), 2500);
  }

  /* Whether the fields hold something that neither the server nor the queue knows. */
  touched(code) {
    const fields = this.criteria[code];
    const known = this.known[code];
    return fields && known && (fields.points.value !== known.points || fields.comment.value !== known.comment);
  }

  /* What the server holds goes into every field that nobody touched since. */
  stand(data) {
    const unsent = this.queue.read();
    Object.entries(data.entries || {}).forEach(([code, entry]) => {
      const fields = this.criteria[code];
      if (!fields) return;
      fields.mark.value = entry.mark;
      if (unsent[code]) return;
      if (this.touched(code)) return;
      this.show(code, entry);
      this.known[code] = { points: entry.points, comment: entry.comment };
      if (entry.saved) this.tell(code, "ok", this.dataset.saved.replace("%(time)s", entry.saved));
      if (fields.part.hasAttribute("data-extremes") && !entry.comment && entry.points !== "") {
        const given = Number(entry.points);
        if (given === 0 || given === Number(fields.part.dataset.most)) this.tell(code, "wait", this.dataset.commentNeeded);
      }
    });
    const times = Object.values(data.entries || {}).map((entry) => entry.saved).filter(Boolean).sort();
    if (times.length) this.last = times[times.length - 1];
    this.sum();
  }

  /* --- the line --- */

  async flush(leaving = false) {
    clearTimeout(this.pause);
    const unsent = this.queue.unsent();
    if (this.stopped || this.busy || !unsent.length) {
      this.said();
      return !unsent.length;
    }
    this.busy = true;
    this.since = 0;
    const now = Date.now();
    const entries = unsent.map(([code, entry]) => ({
      criterion: code,
      points: entry.points,
      comment: entry.comment,
      client_id: entry.client_id,
      age: Math.max(0, now - entry.at),
    }));
    const sent = Object.fromEntries(unsent.map(([code, entry]) => [code, { points: entry.points, comment: entry.comment }]));
    const data = await this.ask({ method: "POST", body: JSON.stringify({ entries }), keepalive: leaving });
    this.busy = false;
    if (data) {
      this.failures = 0;
      data.receipts.forEach((receipt) => this.received(receipt, sent[receipt.criterion]));
      this.stand(data);
    }
    this.said();
    if (this.queue.unsent().length && !this.stopped) {
      const wait = data ? 0 : RETRIES[Math.min(this.failures++, RETRIES.length - 1)];
      this.pause = setTimeout(() => this.flush(), wait);
    }
    return !this.queue.unsent().length;
  }

  received(receipt, sent) {
    this.queue.settle(receipt.criterion, receipt.client_id, receipt.fault);
    const fields = this.criteria[receipt.criterion];
    const unchanged = fields && sent && fields.points.value === sent.points && fields.comment.value === sent.comment;
    if (receipt.fault) {
      if (unchanged) this.fault(receipt.criterion, receipt.fault);
      return;
    }
    /* What was sent is known now: a newer entry that stands may take its place in the fields. */
    if (unchanged) this.known[receipt.criterion] = sent;
    if (!receipt.stands) this.older = this.dataset.older;
  }

  async watch() {
    if (this.stopped || this.busy || this.queue.unsent().length) return this.flush();
    const data = await this.ask({ method: "GET" });
    if (data) this.stand(data);
    this.said();
    return true;
  }

  /* The answer, or null: then ``trouble`` says why. */
  async ask(how) {
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    if (how.body) headers["Content-Type"] = "application/json";
    this.trouble = "";
    let response;
    try {
      response = await fetch(this.dataset.src, { ...how, headers, credentials: "same-origin", redirect: "follow" });
    } catch {
      this.trouble = this.dataset.offline;
      return null;
    }
    const readable = (response.headers.get("Content-Type") || "").includes("application/json");
    if (response.ok && readable && !response.redirected) return response.json();
    if (response.status === 409 || (response.status === 400 && readable)) {
      this.stopped = true;
      this.trouble = (await response.json()).refused;
    } else if (response.status === 404) {
      this.stopped = true;
      this.trouble = this.dataset.gone;
    } else if (response.redirected || response.status === 403 || response.status === 401) {
      this.stopped = true;
      this.trouble = this.dataset.signedOut;
    } else {
      this.trouble = this.dataset.offline;
    }
    return null;
  }

  said() {
    const bar = this.querySelector("[data-all]");
    const count = this.queue.unsent().length;
    let [state, text] = ["", ""];
    if (this.trouble && (count || this.stopped)) [state, text] = ["bad", this.trouble];
    else if (count && navigator.onLine === false) [state, text] = ["bad", this.dataset.offline];
    else if (count) [state, text] = ["wait", this.dataset.sending];
    else if (this.older) [state, text] = ["wait", this.older];
    else if (this.last) [state, text] = ["ok", this.dataset.allSaved.replace("%(time)s", this.last)];
    else return;
    text = text.replace("%(count)s", String(count));
    bar.dataset.state = state;
    if (bar.textContent !== text) bar.textContent = text;
    if (count && state === "bad") this.queue.unsent().forEach(([code]) => this.tell(code, "wait", this.dataset.waiting));
  }

  async submitted(event) {
    if (this.stopped) return;
    event.preventDefault();
    const handIn = event.submitter && event.submitter.hasAttribute("data-submit");
    const done = await this.flush();
    const faulty = this.querySelector(".dg-crit.err [aria-invalid]");
    if (faulty) {
      faulty.focus();
      return;
    }
    if (!handIn) return;
    if (done) window.location.assign(this.dataset.submit);
    else {
      const bar = this.querySelector("[data-all]");
      bar.dataset.state = "bad";
      bar.textContent = this.dataset.leave;
    }
  }
}
customElements.define("dg-score-sheet", ScoreSheet);

/* A sheet that takes no more entries: what this device could never send is shown, not lost. */
class Leftover extends HTMLElement {
  connectedCallback() {
    const queue = new Queue(this.dataset.key);
    const entries = Object.entries(queue.read());
    if (!entries.length) return;
    const list = this.querySelector("ul");
    entries.forEach(([code, entry]) => {
      const row = document.createElement("li");
      row.textContent = [code, entry.points, entry.comment].filter(Boolean).join(" · ");
      list.append(row);
    });
    this.querySelector("button").addEventListener("click", () => {
      queue.write({});
      this.hidden = true;
    });
    this.hidden = false;
  }
}
customElements.define("dg-score-leftover", Leftover);

/* New weights: what they come to. */
class Weights extends HTMLElement {
  connectedCallback() {
    const shown = this.querySelector("[data-total]");
    const sum = () => {
      const parts = [...this.querySelectorAll("[data-most]")].map((row) => Number(row.dataset.most) * Number(row.querySelector("input").value));
      const total = parts.reduce((all, one) => all + one, 0);
      shown.hidden = Number.isNaN(total);
      shown.textContent = `${this.dataset.totalWord}: ${Math.round(total * 100) / 100}`;
    };
    this.addEventListener("input", sum);
    sum();
  }
}
customElements.define("dg-weights", Weights);

/* The device's own place into the two fields of coordinates. */
class Here extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-here]");
    if (!button || !navigator.geolocation) return;
    button.hidden = false;
    const said = this.querySelector("[data-said]");
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
          this.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
          said.textContent = `± ${Math.round(coords.accuracy)} m`;
        },
        () => {
          said.textContent = this.dataset.denied;
        },
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
  }
}
customElements.define("dg-here", Here);
