/* Parts of a unit's page that stand side by side as tabs; without a script they stand one below the other. */
class Sections extends HTMLElement {
  connectedCallback() {
    if (this.querySelector(":scope > .dg-tabs")) return;
    const parts = [...this.querySelectorAll(":scope > section")];
    if (parts.length < 2) return;
    const bar = document.createElement("div");
    bar.className = "dg-tabs";
    bar.setAttribute("role", "tablist");
    const tabs = parts.map((part, place) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.id = `${part.id}-tab`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", part.id);
      tab.append(part.dataset.title);
      const count = document.createElement("span");
      count.className = "dg-count";
      count.textContent = part.dataset.count || "0";
      tab.append(count);
      part.setAttribute("role", "tabpanel");
      part.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => this.show(place));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const next = (place + step + tabs.length) % tabs.length;
        this.show(next);
        tabs[next].focus();
      });
      bar.append(tab);
      return tab;
    });
    this.tabs = tabs;
    this.parts = parts;
    this.addEventListener("htmx:load", () => this.count());
    this.prepend(bar);
    const asked = parts.findIndex((part) => `#${part.id}` === window.location.hash);
    this.show(asked < 0 ? 0 : asked);
  }

  /* What was added to a part, or taken out of it, changes the number on its tab. */
  count() {
    this.parts.forEach((part, place) => {
      const now = part.querySelector("[data-now]")?.dataset.now;
      if (now) this.tabs[place].querySelector(".dg-count").textContent = now;
    });
  }

  show(chosen) {
    this.parts.forEach((part, place) => {
      part.hidden = place !== chosen;
      this.tabs[place].setAttribute("aria-selected", String(place === chosen));
      this.tabs[place].tabIndex = place === chosen ? 0 : -1;
    });
  }
}
customElements.define("dg-sections", Sections);

/* How many rows of a table are ticked; one box ticks them all. */
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  const form = box.closest("form[data-ticks]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[type=checkbox][data-tick]")];
  if (box.hasAttribute("data-tick-all")) boxes.forEach((one) => (one.checked = box.checked));
  const ticked = boxes.filter((one) => one.checked).length;
  const all = form.querySelector("[data-tick-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  form.querySelectorAll("[data-ticked]").forEach((place) => (place.textContent = String(ticked)));
});

/* What a unit has come to follows without loading the page again: when a film ended, and when a text was read long enough, which
   is said here by the same event. Both have the time entered; the two answers after it may know of it. */
let due = 0;
document.addEventListener("dg-finished", () => {
  due = 2;
});
document.addEventListener("dg-saved", (event) => {
  const state = document.getElementById("unit-state");
  if (!state || !window.htmx) return;
  const left = Number(state.dataset.doneIn || 0);
  if (due) {
    due -= 1;
    window.htmx.ajax("GET", window.location.pathname, { target: state, select: "#unit-state", swap: "outerHTML" });
  } else if (left && event.detail.seconds >= left) {
    delete state.dataset.doneIn;
    document.dispatchEvent(new CustomEvent("dg-finished"));
  }
});
