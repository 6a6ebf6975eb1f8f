/* An application form that saves itself. Whatever is typed lies on this device until the server has confirmed it.

   <dg-autosave src="…/autosave/" watch="…/watch/" revision="3" key="…" data-saving data-saved data-lost data-restored data-unsaved>
     <div data-conflicts></div> <form data-draft> <p data-receipt role="status"></p> … <div data-field="name">…</div> …</form>
   </dg-autosave>

   The server answers {revision, receipt, with, fields: {name: html}, states: {section: html}, clashing: [name], conflicts: html}
   or {refusal}. A field in which another wrote meanwhile is not sent again before somebody has chosen between the texts. */

const PAUSE = 900;
const LONGEST = 5000;
const WATCH = 20000;
const RETRIES = [2000, 4000, 8000, 15000, 30000];

class Autosave extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form[data-draft]");
    this.receipt = this.querySelector("[data-receipt]");
    if (!this.form || !window.fetch) return;
    this.revision = Number(this.getAttribute("revision"));
    this.dirty = new Set();
    this.serial = 0;
    this.failures = 0;
    this.uploads = 0;
    this.querySelectorAll("[data-only-script]").forEach((part) => part.removeAttribute("hidden"));
    // Of a chosen file both events tell: it is handed in once.
    this.form.addEventListener("input", (event) => event.target.type !== "file" && this.changed(event.target));
    this.form.addEventListener("change", (event) => this.changed(event.target));
    this.form.addEventListener("dg-uploaded", (event) => this.arrived(event.target.closest("[data-field]")));
    this.querySelector("[data-conflicts]")?.addEventListener("submit", (event) => this.settle(event));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    this.online = () => this.save();
    this.leaving = (event) => {
      if (this.sent || !this.dirty.size) return;
      this.save(true);
      if (this.failures) event.preventDefault();
    };
    window.addEventListener("online", this.online);
    window.addEventListener("beforeunload", this.leaving);
    document.addEventListener("visibilitychange", (this.hidden_ = () => document.visibilityState === "hidden" && this.dirty.size && this.save(true)));
    this.restore();
    this.timer = setInterval(() => this.watch(), WATCH);
    this.watch();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.pause);
    window.removeEventListener("online", this.online);
    window.removeEventListener("beforeunload", this.leaving);
    document.removeEventListener("visibilitychange", this.hidden_);
  }

  /* --- what was typed, on this device --- */

  get place() {
    return `dg-draft:${this.getAttribute("key")}`;
  }

  entries() {
    const skipped = new Set(["csrfmiddlewaretoken", "base_revision"]);
    return [...new FormData(this.form).entries()].filter(([name, value]) => typeof value === "string" && !skipped.has(name));
  }

  keep() {
    try {
      localStorage.setItem(this.place, JSON.stringify({ base: this.revision, dirty: [...this.dirty], entries: this.entries() }));
    } catch {
      /* No room, or none allowed: the server has what was saved last. */
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.place);
    } catch {
      /* as above */
    }
  }

  restore() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.place));
    } catch {
      return;
    }
    if (!kept || !Array.isArray(kept.dirty) || !kept.dirty.length) return;
    const names = new Set(kept.dirty);
    kept.dirty.forEach((name) => {
      const box = this.box(name);
      if (!box) return;
      const values = kept.entries.filter(([key]) => key === name || key.startsWith(`${name}-`));
      const total = values.find(([key]) => key === `${name}-total`);
      const rows = box.querySelector("dg-rows");
      if (rows && total) rows.reach(Number(total[1]));
      const inputs = [...box.querySelectorAll("input, textarea, select")].filter((input) => input.name && input.type !== "file");
      inputs.forEach((input) => {
        const given = values.filter(([key]) => key === input.name).map(([, value]) => value);
        if (input.type === "checkbox" || input.type === "radio") input.checked = given.includes(input.value);
        else if (input instanceof HTMLSelectElement && input.multiple) [...input.options].forEach((option) => (option.selected = given.includes(option.value)));
        else if (given.length && input.type !== "hidden") input.value = given[0];
      });
    });
    this.revision = Number(kept.base) || this.revision;
    this.dirty = names;
    this.serial += 1;
    this.say("restored", "wait");
    this.save();
  }

  /* --- changes --- */

  box(name) {
    return this.form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  }

  changed(target) {
    const box = target.closest?.("[data-field]");
    if (!box) return;
    if (target.type === "file") {
      // A large file is carried by its own element, piece by piece, and never goes with the page.
      if (target.closest("dg-upload")) return target.removeAttribute("name");
      if (target.files.length) this.upload(box, target);
      return;
    }
    this.dirty.add(box.dataset.field);
    this.serial += 1;
    this.since ||= Date.now();
    this.keep();
    clearTimeout(this.pause);
    const wait = Math.max(0, Math.min(PAUSE, LONGEST - (Date.now() - this.since)));
    this.pause = setTimeout(() => this.save(), wait);
  }

  conflicting() {
    return new Set([...this.form.querySelectorAll("[data-field][data-in-conflict]")].map((box) => box.dataset.field));
  }

  body(only) {
    const left = this.conflicting();
    const body = new URLSearchParams();
    body.set("base_revision", String(this.revision));
    const names = only || [...this.dirty].filter((name) => !left.has(name));
    names.forEach((name) => body.append("changed", name));
    this.entries().forEach(([key, value]) => {
      if (names.some((name) => key === name || key.startsWith(`${name}-`))) body.append(key, value);
    });
    return names.length ? body : null;
  }

  async post(address, body, last = false) {
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, {
      method: "POST",
      body,
      keepalive: last,
      redirect: "manual",
      credentials: "same-origin",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return { refusal: this.dataset.signedOut };
    const type = answer.headers.get("Content-Type") || "";
    if (!type.includes("json")) {
      if (answer.status >= 500) throw new Error(String(answer.status));
      return { refusal: this.dataset.refused };
    }
    return answer.json();
  }

  async save(last = false) {
    clearTimeout(this.pause);
    if (this.busy && !last) {
      this.again = true;
      return;
    }
    const body = this.body();
    if (!body) return;
    const serial = this.serial;
    this.busy = true;
    this.since = 0;
    this.again = false;
    if (!this.failures) this.say("saving", "wait");
    try {
      const answer = await this.post(this.getAttribute("src"), body, last);
      this.failures = 0;
      if (answer.refusal) this.refused(answer.refusal);
      else this.saved(answer, serial, body.getAll("changed"));
    } catch {
      this.failed();
    } finally {
      this.busy = false;
    }
    if (this.then) this.send();
    else if (this.again) this.save();
  }

  saved(answer, serial, names) {
    this.stands(answer.revision);
    if (serial === this.serial) {
      names.forEach((name) => this.dirty.delete(name));
      if (this.dirty.size) this.keep();
      else this.forget();
    } else this.keep();
    this.merge(answer);
    if (this.conflicting().size) this.say("conflict", "bad");
    else this.tell(answer.receipt, "ok");
  }

  stands(revision) {
    this.revision = revision;
    const base = this.form.querySelector("[name=base_revision]");
    if (base) base.value = String(revision);
  }

  failed() {
    const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
    this.failures += 1;
    this.say("lost", "bad");
    this.pause = setTimeout(() => this.save(), wait);
  }

  refused(sentence) {
    this.failures = 0;
    this.tell(sentence, "bad");
  }

  /* --- what others did meanwhile --- */

  merge(answer) {
    Object.entries(answer.fields || {}).forEach(([name, html]) => {
      const box = this.box(name);
      if (!box || this.dirty.has(name) || box.contains(document.activeElement)) return;
      const part = document.createRange().createContextualFragment(html);
      box.replaceWith(part);
    });
    if (answer.conflicts !== undefined) this.querySelector("[data-conflicts]").innerHTML = answer.conflicts;
    (answer.clashing || []).forEach((name) => {
      const box = this.box(name);
      if (!box) return;
      box.dataset.inConflict = "yes";
      this.dirty.add(name);
      this.keep();
    });
    Object.entries(answer.states || {}).forEach(([code, html]) => {
      document.querySelectorAll(`[data-section-state="${CSS.escape(code)}"]`).forEach((link) => (link.innerHTML = html));
    });
    const company = this.querySelector("[data-company]");
    if (company && answer.with !== undefined) {
      company.hidden = !answer.with;
      if (company.textContent !== answer.with) company.textContent = answer.with;
    }
  }

  async watch() {
    if (document.visibilityState === "hidden" || this.busy || !this.getAttribute("watch")) return;
    try {
      const answer = await fetch(`${this.getAttribute("watch")}?revision=${this.revision}`, { redirect: "manual", headers: { Accept: "application/json" } });
      if (!(answer.headers.get("Content-Type") || "").includes("json")) return;
      const news = await answer.json();
      if (!this.dirty.size && news.revision > this.revision) {
        this.stands(news.revision);
      } else delete news.fields;
      this.merge(news);
    } catch {
      /* The next look will do. */
    }
  }

  /* Which of two texts stands, field by field; what was typed since is saved on top of it. */
  async settle(event) {
    const form = event.target;
    event.preventDefault();
    delete form.dataset.sent;
    const chosen = [...new FormData(form).entries()].filter(([key]) => key.startsWith("take-")).map(([key, value]) => [key.slice(5), value]);
    try {
      const answer = await this.post(form.getAttribute("action"), new URLSearchParams(new FormData(form)));
      if (answer.refusal) return this.refused(answer.refusal);
      this.stands(answer.revision);
      chosen.forEach(([name, take]) => {
        const box = this.box(name);
        if (box) delete box.dataset.inConflict;
        const html = answer.fields?.[name];
        if (take === "theirs") {
          this.dirty.delete(name);
          if (box && html) box.replaceWith(document.createRange().createContextualFragment(html));
        }
        if (answer.fields) delete answer.fields[name];
      });
      if (this.dirty.size) this.keep();
      else this.forget();
      this.merge(answer);
      this.tell(answer.receipt, "ok");
      if (this.dirty.size) this.save();
    } catch {
      this.say("lost", "bad");
    }
  }

  submitted(event) {
    const open = this.form.querySelector("[data-field][data-in-conflict]");
    if (open) {
      event.preventDefault();
      event.stopPropagation();
      delete this.form.dataset.sent;
      const choice = this.querySelector("[data-conflicts] input");
      choice?.scrollIntoView({ block: "center" });
      choice?.focus();
      return;
    }
    // The page is sent on top of what is on its way: sent beside it, the two would clash.
    if (this.busy || this.uploads) {
      event.preventDefault();
      event.stopPropagation();
      delete this.form.dataset.sent;
      this.then = event.submitter || this.form;
      return;
    }
    this.sent = true;
    clearTimeout(this.pause);
    this.forget();
  }

  /* What waited for a save or a file goes now. */
  send() {
    if (!this.then || this.busy || this.uploads) return;
    const button = this.then === this.form ? undefined : this.then;
    this.then = null;
    this.form.requestSubmit(button);
  }

  async upload(box, input) {
    const name = box.dataset.field;
    const body = new FormData();
    [...input.files].forEach((file) => body.append(input.name, file));
    body.set("base_revision", String(this.revision));
    this.say("uploading", "wait");
    input.setAttribute("aria-busy", "true");
    this.uploads += 1;
    try {
      const answer = await this.post(`${this.getAttribute("files")}${encodeURIComponent(name)}/`, body);
      if (answer.refusal) {
        this.then = null;
        return this.refused(answer.refusal);
      }
      this.stands(answer.revision);
      this.dirty.delete(name);
      const mine = answer.fields?.[name];
      if (mine) {
        delete answer.fields[name];
        box.replaceWith(document.createRange().createContextualFragment(mine));
      }
      this.merge(answer);
      this.tell(answer.receipt, answer.faulty ? "bad" : "ok");
      if (answer.faulty) this.then = null;
    } catch {
      this.then = null;
      this.say("fileLost", "bad");
    } finally {
      this.uploads -= 1;
      input.removeAttribute("aria-busy");
      input.value = "";
    }
    this.send();
  }

  /* A large file that arrived is an answer already: the field is drawn anew. */
  async arrived(box) {
    if (!box) return;
    const name = box.dataset.field;
    const body = new FormData();
    body.set("base_revision", String(this.revision));
    try {
      const answer = await this.post(`${this.getAttribute("files")}${encodeURIComponent(name)}/`, body);
      if (answer.refusal) return this.refused(answer.refusal);
      this.stands(answer.revision);
      const mine = answer.fields?.[name];
      if (mine) {
        delete answer.fields[name];
        box.replaceWith(document.createRange().createContextualFragment(mine));
      }
      this.merge(answer);
      this.tell(answer.receipt, "ok");
    } catch {
      /* It stands in the draft; the next page shows it. */
    }
  }

  /* --- the receipt --- */

  say(key, state) {
    this.tell(this.dataset[key] || "", state);
  }

  tell(text, state) {
    if (!this.receipt) return;
    this.receipt.dataset.state = state;
    if (this.receipt.textContent !== text) this.receipt.textContent = text;
  }
}
customElements.define("dg-autosave", Autosave);

/* Rows of a table that is typed by hand: one more, one less. Without a script, the buttons send the form. */
class Rows extends HTMLElement {
  connectedCallback() {
    this.total = this.querySelector("input[name$='-total']");
    this.body = this.querySelector("tbody");
    this.addEventListener("click", (event) => {
      if (!event.target.closest("[data-add-row]")) return;
      event.preventDefault();
      this.add()?.querySelector("input[type=text]")?.focus();
    });
    this.addEventListener("change", (event) => {
      if (event.target.matches("input[type=checkbox][name$='-remove']")) event.target.closest("tr")?.classList.toggle("off", event.target.checked);
    });
  }

  add() {
    const number = Number(this.total.value);
    const blank = this.querySelector("template").innerHTML.replaceAll("__row__", String(number));
    this.body.insertAdjacentHTML("beforeend", blank);
    this.total.value = String(number + 1);
    const row = this.body.lastElementChild;
    row.querySelector(".dg-rows-n").textContent = String(number + 1);
    row.querySelectorAll("input[type=text]").forEach((input) => input.setAttribute("aria-label", `${input.getAttribute("aria-label").trim()} ${number + 1}`));
    return row;
  }

  reach(total) {
    while (Number(this.total.value) < total && total <= 2000) this.add();
  }
}
customElements.define("dg-rows", Rows);

/* The worklist by keyboard: j and k move, x marks, Enter opens, ? lists the keys. On a case: j and k to the next and the one before. */
const typing = (target) => target instanceof HTMLElement && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const keys = document.querySelector("[data-keys]");
  if (!keys) return;
  if (event.key === "?") {
    const dialog = document.getElementById("keys");
    if (dialog?.showModal && !dialog.open) dialog.showModal();
    event.preventDefault();
    return;
  }
  if (keys.dataset.keys === "case") {
    const link = event.key === "j" ? document.querySelector("a[data-next]") : event.key === "k" ? document.querySelector("a[data-previous]") : null;
    link?.click();
    return;
  }
  const rows = [...keys.querySelectorAll("tbody tr[data-row]")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("cur"));
  if (event.key === "j" || event.key === "k") {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)))];
    rows[at]?.classList.remove("cur");
    next.classList.add("cur");
    next.querySelector("a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  } else if (event.key === "x" && at >= 0) {
    const box = rows[at].querySelector("input[type=checkbox]");
    if (box) {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  } else if (event.key === "Escape") {
    keys.querySelectorAll("tbody input[type=checkbox]:checked").forEach((box) => {
      box.checked = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
});

/* Marks in the worklist: the row is tinted, the bar says how many; one box marks them all. */
document.addEventListener("change", (event) => {
  const table = event.target instanceof Element ? event.target.closest("[data-marks]") : null;
  if (!table || !event.target.matches("input[type=checkbox]")) return;
  if (event.target.matches("[data-mark-all]"))
    table.querySelectorAll("tbody input[type=checkbox]").forEach((box) => (box.checked = event.target.checked));
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  boxes.forEach((box) => box.closest("tr")?.classList.toggle("sel", box.checked));
  const marked = boxes.filter((box) => box.checked).length;
  table.querySelectorAll("[data-marked]").forEach((place) => (place.textContent = String(marked)));
  table.querySelectorAll("[data-bulk]").forEach((bar) => (bar.hidden = !marked));
});
document.addEventListener("DOMContentLoaded", () => {
  /* Without a script the bar always stands there; with one, once something is marked. */
  document.querySelectorAll("[data-marks]").forEach((table) => {
    const marked = table.querySelectorAll("tbody input[type=checkbox]:checked").length;
    table.querySelectorAll("[data-bulk]").forEach((bar) => (bar.hidden = !marked));
    table.querySelectorAll("[data-marked]").forEach((place) => (place.textContent = String(marked)));
  });
  document.querySelectorAll("[data-only-script]").forEach((part) => part.removeAttribute("hidden"));
});
