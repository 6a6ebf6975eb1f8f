import htmx from "htmx.org";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import "./cases.js";
import "./learning.js";
import "./hours.js";
import "./scoring.js";
import "./university.js";
import "./rich.js";
import "./upload.js";

window.htmx = htmx;
/* hx-ext="morph" changes only what differs: for parts that refresh themselves, such as a progress bar. */
htmx.defineExtension("morph", {
  isInlineSwap: (style) => style === "morph" || style === "morph:innerHTML",
  handleSwap: (style, target, fragment) => {
    if (style === "morph") return Idiomorph.morph(target, fragment.children);
    if (style === "morph:innerHTML") return Idiomorph.morph(target, fragment.children, { morphStyle: "innerHTML" });
    return false;
  },
});

/* One listener each, on the document: parts of a page come and go. */

const typing = (target) => target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const search = [...document.querySelectorAll("[data-search]")].find((field) => field.offsetParent !== null);
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  if (event.key === "Escape") {
    document.querySelectorAll("details.dg-menu[open], details.dg-confirm[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  document.querySelectorAll("details.dg-menu[open], details.dg-confirm[open]").forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
  const dismiss = target.closest("[data-dismiss]");
  if (dismiss) {
    const box = dismiss.closest(dismiss.dataset.dismiss || ".dg-note");
    if (box) {
      event.preventDefault();
      if (box instanceof HTMLDetailsElement) box.open = false;
      else box.remove();
    }
  }
  const close = target.closest("[data-close]");
  if (close) {
    const dialog = close.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  }
  const opener = target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (target instanceof HTMLDialogElement && target.classList.contains("dg-sheet-d")) target.close();
  const copy = target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      copy.querySelector("[data-copied]")?.removeAttribute("hidden");
    });
  }
});

/* A filter that was changed is applied; the button is for those without a script. */
document.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-auto]") : null;
  if (form && event.target.matches("select, input[type=date], input[type=checkbox], input[type=radio]")) form.requestSubmit?.();
});

/* Empty fields stay out of the address. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.method === "get") {
    const empty = [...form.elements].filter((field) => field.name && !field.value && !field.disabled);
    empty.forEach((field) => (field.disabled = true));
    setTimeout(() => empty.forEach((field) => (field.disabled = false)), 0);
    return;
  }
  /* A second click of an impatient hand does nothing. */
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!form.hasAttribute("data-again")) {
    form.dataset.sent = "yes";
    form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => button.setAttribute("aria-disabled", "true"));
  }
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

/* The drawer: the linked page's part, beside the list. Without a script, and on phones, the link opens the page. */
document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.target instanceof Element ? event.target.closest("dialog.dg-sheet-d") : null;
  if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
});
document.addEventListener("htmx:confirm", (event) => {
  if (event.target instanceof Element && event.target.hasAttribute("data-desk-only") && window.matchMedia("(max-width: 1023px)").matches) {
    event.preventDefault();
    window.location.assign(event.target.getAttribute("href"));
  }
});

/* Charts are drawn from the table that stands beside them; the library comes only when one is there. */
class Chart extends HTMLElement {
  connectedCallback() {
    const address = this.getAttribute("src");
    if (!address) return;
    const draw = () => window.denggaoCharts.draw(this);
    if (window.denggaoCharts) draw();
    else {
      let script = document.querySelector("script[data-charts]");
      if (!script) {
        script = document.createElement("script");
        script.src = address;
        script.dataset.charts = "";
        document.head.append(script);
      }
      script.addEventListener("load", draw);
    }
  }
}
customElements.define("dg-chart", Chart);

/* The big screen's clock. */
class Clock extends HTMLElement {
  connectedCallback() {
    const zone = { timeZone: "Asia/Shanghai" };
    const show = () => {
      const now = new Date();
      const language = document.documentElement.lang;
      this.querySelector("b").textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, ...zone });
      this.querySelector("span").textContent = now.toLocaleDateString(language, { year: "numeric", month: "long", day: "numeric", weekday: "long", ...zone });
    };
    show();
    this.timer = setInterval(show, 5000);
  }
  disconnectedCallback() {
    clearInterval(this.timer);
  }
}
customElements.define("dg-clock", Clock);

/* The big screen is drawn at 1920 × 1080 and made to fit whatever shows it. */
class Stage extends HTMLElement {
  connectedCallback() {
    const fit = () => {
      const scale = Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
      this.style.transform = `scale(${scale})`;
      this.style.marginLeft = `${Math.max(0, (window.innerWidth - 1920 * scale) / 2)}px`;
    };
    fit();
    window.addEventListener("resize", fit);
    const seconds = Number(this.getAttribute("refresh"));
    if (seconds) this.timer = setTimeout(() => window.location.reload(), seconds * 1000);
  }
}
customElements.define("dg-stage", Stage);

/* A stepper wider than its window begins where the case stands. */
document.querySelectorAll(".dg-steps [aria-current=step]").forEach((step) => {
  const box = step.closest("[role=region]");
  if (box) box.scrollLeft = step.offsetLeft + step.offsetWidth / 2 - box.clientWidth / 2;
});
