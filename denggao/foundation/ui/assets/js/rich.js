/* A text with headings, lists, links, tables and the unit's pictures. Enhances <textarea data-rich>; its words come from the page
   (<template id="dg-rich-words">). What comes out is cleaned by the server; what is pasted is taken as plain paragraphs or cleaned
   here as well, so that the page never runs what somebody copied. */

const ALLOWED = new Set(["P", "BR", "HR", "H2", "H3", "H4", "UL", "OL", "LI", "STRONG", "B", "EM", "I", "U", "S", "SUB", "SUP", "A", "IMG", "FIGURE", "FIGCAPTION", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "CAPTION", "BLOCKQUOTE", "PRE", "CODE", "DL", "DT", "DD"]);
const WHOLE = new Set(["SCRIPT", "STYLE", "IFRAME", "OBJECT", "EMBED", "TEMPLATE", "NOSCRIPT", "SVG", "MATH", "META", "LINK", "TITLE"]);

function cleaned(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const walk = (node) => {
    [...node.childNodes].forEach((child) => {
      if (child.nodeType === Node.TEXT_NODE) return;
      if (child.nodeType !== Node.ELEMENT_NODE || WHOLE.has(child.tagName.toUpperCase())) {
        child.remove();
        return;
      }
      walk(child);
      if (!ALLOWED.has(child.tagName)) {
        child.replaceWith(...child.childNodes);
        return;
      }
      [...child.attributes].forEach(({ name, value }) => {
        const kept = (child.tagName === "A" && name === "href" && /^(https?:|mailto:)/i.test(value))
          || (child.tagName === "IMG" && (name === "alt" || (name === "src" && value.startsWith("files/"))))
          || ((child.tagName === "TD" || child.tagName === "TH") && ["colspan", "rowspan", "scope"].includes(name));
        if (!kept) child.removeAttribute(name);
      });
    });
  };
  walk(parsed.body);
  return parsed.body;
}

const BUTTONS = [
  ["h3", "H", "formatBlock", "h3"],
  ["p", "¶", "formatBlock", "p"],
  ["bold", "B", "bold"],
  ["italic", "I", "italic"],
  ["list", "•", "insertUnorderedList"],
  ["numbers", "1.", "insertOrderedList"],
  ["quote", "❝", "formatBlock", "blockquote"],
  ["link", "🔗", "link"],
  ["table", "▦", "table"],
  ["picture", "🖼", "picture"],
  ["undo", "↶", "undo"],
];

function enhance(area) {
  if (area.dataset.richOn || !document.execCommand) return;
  area.dataset.richOn = "1";
  const words = Object.assign({}, document.getElementById("dg-rich-words")?.dataset);
  const pictures = [...(document.getElementById("u-pictures")?.options || [])].map((one) => ({ path: one.value, address: one.dataset.address, label: one.textContent }));
  const box = document.createElement("div");
  box.className = "dg-rich";
  const bar = document.createElement("div");
  bar.className = "dg-rich-b";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.bar || "");
  const page = document.createElement("div");
  page.className = "dg-rich-p dg-richtext form-control";
  page.contentEditable = "true";
  page.setAttribute("role", "textbox");
  page.setAttribute("aria-multiline", "true");
  page.setAttribute("aria-label", area.labels?.[0]?.firstChild?.textContent?.trim() || "");

  const show = () => {
    const held = cleaned(area.value);
    held.querySelectorAll("img").forEach((picture) => {
      const known = pictures.find((one) => one.path === picture.getAttribute("src"));
      picture.dataset.path = picture.getAttribute("src") || "";
      if (known) picture.setAttribute("src", known.address);
      else picture.removeAttribute("src");
    });
    page.replaceChildren(...held.childNodes);
  };
  const read = () => {
    const held = page.cloneNode(true);
    held.querySelectorAll("img").forEach((picture) => {
      if (picture.dataset.path) picture.setAttribute("src", picture.dataset.path);
    });
    held.querySelectorAll("div").forEach((part) => {
      const paragraph = document.createElement("p");
      paragraph.append(...part.childNodes);
      part.replaceWith(paragraph);
    });
    area.value = cleaned(held.innerHTML).innerHTML;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const insert = (html) => {
    page.focus();
    document.execCommand("insertHTML", false, html);
  };
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
  const acts = {
    link() {
      const address = window.prompt(words.link || "https://", "https://");
      if (address && /^(https?:|mailto:)/i.test(address)) document.execCommand("createLink", false, address);
    },
    table() {
      insert("<table><thead><tr><th>&nbsp;</th><th>&nbsp;</th><th>&nbsp;</th></tr></thead><tbody><tr><td>&nbsp;</td><td>&nbsp;</td><td>&nbsp;</td></tr><tr><td>&nbsp;</td><td>&nbsp;</td><td>&nbsp;</td></tr></tbody></table><p><br></p>");
    },
  };

  BUTTONS.forEach(([name, sign, command, value]) => {
    if (name === "picture") {
      if (!pictures.length) return;
      const select = document.createElement("select");
      select.className = "form-select";
      select.setAttribute("aria-label", words.picture || "");
      select.append(new Option(words.picture || "…", ""));
      pictures.forEach((one) => select.append(new Option(one.label, one.path)));
      select.addEventListener("change", () => {
        const one = pictures.find((held) => held.path === select.value);
        select.value = "";
        if (one) insert(`<img src="${escape(one.address)}" data-path="${escape(one.path)}" alt="${escape(one.label)}">`);
        read();
      });
      bar.append(select);
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-ic";
    button.textContent = sign;
    button.title = words[name] || name;
    button.setAttribute("aria-label", words[name] || name);
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      page.focus();
      if (acts[command]) acts[command]();
      else document.execCommand(command, false, value);
      read();
    });
    bar.append(button);
  });

  page.addEventListener("input", (event) => {
    event.stopPropagation();
    read();
  });
  page.addEventListener("paste", (event) => {
    event.preventDefault();
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    insert(html ? cleaned(html).innerHTML : text.split(/\n{2,}/).map((part) => `<p>${escape(part).replace(/\n/g, "<br>")}</p>`).join(""));
  });
  page.addEventListener("drop", (event) => event.preventDefault());
  area.addEventListener("dg-set", show);
  document.execCommand("defaultParagraphSeparator", false, "p");
  show();
  box.append(bar, page);
  area.hidden = true;
  area.after(box);
}

const all = () => document.querySelectorAll("textarea[data-rich]").forEach(enhance);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
else all();
document.addEventListener("htmx:afterSettle", all);
