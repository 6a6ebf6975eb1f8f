/* The course editor: a unit that saves itself, an outline that is dragged, rows that are added, text with headings.

   <dg-unit data-key data-failed data-waiting data-stale data-restored> <form data-unit-form> … <span data-receipt> … <div data-lacks>
   <dg-outline data-order data-failed> … <li data-module> <ol data-units> <li data-unit draggable> … <p data-said>
   <dg-more data-mark="__i__"> <ol data-list> … <template data-row> <button data-add>
   <textarea data-rich> becomes an editor; what it holds is cleaned by the server whatever it says. */

const PAUSE = 1200;
const RETRY = 8000;

class UnitEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("[data-unit-form]");
    if (!this.form || !window.fetch) return;
    this.place = `dg-unit:${this.dataset.key}`;
    this.receipt = this.querySelector("[data-receipt]");
    this.dirty = false;
    this.busy = false;
    this.stale = false;
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.dirty = true;
      this.save();
    });
    this.leaving = (event) => {
      if (!this.dirty) return;
      event.preventDefault();
      event.returnValue = "";
    };
    window.addEventListener("beforeunload", this.leaving);
    this.restore();
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.leaving);
    clearTimeout(this.timer);
  }

  say(text, state) {
    this.receipt.textContent = text;
    this.receipt.dataset.state = state;
  }

  lock() {
    return this.form.elements.lock;
  }

  changed() {
    if (this.stale) return;
    this.dirty = true;
    this.keep();
    this.say(this.dataset.waiting, "wait");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /* What is not saved yet lies on this device: a tab that is closed, or a machine that dies, loses nothing. */
  keep() {
    try {
      const pairs = [...new FormData(this.form)].filter(([name]) => name !== "csrfmiddlewaretoken");
      localStorage.setItem(this.place, JSON.stringify(pairs));
    } catch {
      /* No room, or none allowed. */
    }
  }

  restore() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.place));
    } catch {
      kept = null;
    }
    if (!Array.isArray(kept)) return;
    const values = new Map(kept);
    if (values.get("lock") !== this.lock().value) {
      this.forget();
      return;
    }
    let any = false;
    for (const name of ["title", "minutes", "body"]) {
      const field = this.form.elements[name];
      if (field && values.has(name) && field.value !== values.get(name)) {
        field.value = values.get(name);
        field.dispatchEvent(new Event("dg-set"));
        any = true;
      }
    }
    if (any) {
      this.say(this.dataset.restored, "wait");
      this.dirty = true;
      this.timer = setTimeout(() => this.save(), PAUSE);
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.place);
    } catch {
      /* Nothing to forget. */
    }
  }

  async save() {
    if (this.busy || this.stale || !this.dirty) return;
    clearTimeout(this.timer);
    this.busy = true;
    this.dirty = false;
    try {
      const response = await fetch(this.form.action, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
      });
      const answer = (response.headers.get("Content-Type") || "").includes("json") ? await response.json() : null;
      if (response.ok && answer) this.saved(answer);
      else if (answer && answer.refused) this.refused(answer);
      else throw new Error(String(response.status));
    } catch {
      this.dirty = true;
      this.say(this.dataset.failed, "bad");
      this.timer = setTimeout(() => this.save(), RETRY);
    }
    this.busy = false;
    if (this.dirty && !this.stale && !this.timer) this.timer = setTimeout(() => this.save(), PAUSE);
  }

  saved(answer) {
    this.lock().value = answer.lock;
    this.timer = 0;
    if (this.dirty) this.keep();
    else this.forget();
    this.say(answer.said, "ok");
    const title = document.querySelector(`[data-unit="${this.dataset.key}"] a > span`);
    if (title) title.textContent = this.form.elements.title.value;
    const place = this.querySelector("[data-lacks]");
    if (place) {
      const list = document.createElement("ul");
      (answer.lacks || []).forEach((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        list.append(item);
      });
      const box = document.createElement("div");
      box.className = "dg-note";
      box.append(list);
      place.replaceChildren(...(answer.lacks && answer.lacks.length ? [box] : []));
    }
  }

  refused(answer) {
    this.timer = 0;
    this.stale = Boolean(answer.stale);
    this.say(this.stale ? this.dataset.stale : answer.refused.join(" "), "bad");
    if (this.stale) window.removeEventListener("beforeunload", this.leaving);
  }
}

class Outline extends HTMLElement {
  connectedCallback() {
    if (!window.fetch) return;
    this.addEventListener("dragstart", (event) => this.start(event));
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("drop", (event) => event.preventDefault());
    this.addEventListener("dragend", () => this.end());
  }

  start(event) {
    this.dragged = event.target.closest("[data-unit]");
    if (!this.dragged) return;
    this.before = this.order();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.dragged.dataset.unit);
    this.dragged.classList.add("drag");
  }

  over(event) {
    if (!this.dragged) return;
    const list = event.target.closest("[data-module]")?.querySelector("[data-units]");
    if (!list) return;
    event.preventDefault();
    const after = [...list.children].find((item) => {
      const box = item.getBoundingClientRect();
      return item !== this.dragged && event.clientY < box.top + box.height / 2;
    });
    list.insertBefore(this.dragged, after || null);
  }

  end() {
    if (!this.dragged) return;
    this.dragged.classList.remove("drag");
    this.dragged = null;
    const order = this.order();
    if (order !== this.before) this.send(order);
  }

  order() {
    const modules = [...this.querySelectorAll("[data-module]")];
    return JSON.stringify(
      modules.map((module) => [module.dataset.module, [...module.querySelectorAll("[data-unit]")].map((unit) => unit.dataset.unit)]),
    );
  }

  async send(order) {
    const said = this.querySelector("[data-said]");
    const data = new FormData();
    data.set("order", order);
    data.set("csrfmiddlewaretoken", this.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const response = await fetch(this.dataset.order, { method: "POST", body: data, credentials: "same-origin" });
      const answer = await response.json();
      said.textContent = answer.said || answer.refused.join(" ");
    } catch {
      said.textContent = this.dataset.failed;
    }
  }
}

class Rows extends HTMLElement {
  connectedCallback() {
    const add = this.querySelector("[data-add]");
    const list = this.querySelector("[data-list]");
    const row = this.querySelector("template[data-row]");
    if (!add || !list || !row) return;
    add.hidden = false;
    add.addEventListener("click", () => {
      const indexes = [...list.children].map((item) => Number(item.dataset.index) || 0);
      const next = Math.max(899, ...indexes) + 1;
      const fragment = document.createElement("template");
      fragment.innerHTML = row.innerHTML.split(this.dataset.mark).join(String(next));
      const added = fragment.content.firstElementChild;
      list.append(added);
      questions(added);
      added.querySelector("input:not([type=hidden]), textarea")?.focus();
    });
    questions(this);
  }
}

/* Only what fits the kind of a question is shown. */
function questions(within) {
  within.querySelectorAll("[data-question-kind]").forEach((select) => {
    const row = select.closest("[data-index]");
    const show = () => row.querySelectorAll("[data-for]").forEach((part) => {
      part.hidden = !part.dataset.for.split(" ").includes(select.value);
    });
    select.addEventListener("change", show);
    show();
  });
}

customElements.define("dg-unit", UnitEditor);
customElements.define("dg-outline", Outline);
customElements.define("dg-more", Rows);
