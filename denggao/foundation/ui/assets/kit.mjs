/* The part of the UI kit that pages use: its element styles, and the classes named here. All of it would be seven times what
   a page on a bad line should load. A kit class that a template needs is added to KEPT. */
import { readFile } from "node:fs/promises";

const KEPT = /^(btn|form-(control|select|label|hint)|disabled|active|show|is-(in)?valid|icon)$/;

/* Minified CSS as a list of {head, body} and {head, rules}; strings and brackets are respected. */
function parse(text) {
  const rules = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("/*", at)) {
      at = text.indexOf("*/", at) + 1;
      start = at + 1;
    } else if (text[at] === ";" ) {
      rules.push({ head: text.slice(start, at + 1), body: null });
      start = at + 1;
    } else if (text[at] === "{") {
      const head = text.slice(start, at).trim();
      const end = closing(text, at);
      const body = text.slice(at + 1, end);
      rules.push(/^@(media|supports|layer|container)/.test(head) ? { head, rules: parse(body) } : { head, body });
      at = end;
      start = end + 1;
    }
  }
  return rules;
}

function closing(text, from) {
  let depth = 0;
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (quote) {
      if (sign === "\\") at++;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "{") depth++;
    else if (sign === "}" && --depth === 0) return at;
  }
  throw new Error("The kit's style sheet ends inside a rule.");
}

function apart(text, sign) {
  const parts = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const here = text[at];
    if (quote) {
      if (here === "\\") at++;
      else if (here === quote) quote = "";
    } else if (here === '"' || here === "'") quote = here;
    else if (here === "(") depth++;
    else if (here === ")") depth--;
    else if (here === sign && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)].filter(Boolean);
}

const wanted = (selector) => !selector.includes(":has(") && [...selector.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].every(([, name]) => KEPT.test(name));

function chosen(rules) {
  return rules.flatMap((rule) => {
    if (rule.rules) {
      const inner = chosen(rule.rules);
      return inner.length ? [{ ...rule, rules: inner }] : [];
    }
    if (rule.body === null) return [];
    if (rule.head.startsWith("@")) return [];
    const selectors = apart(rule.head, ",").filter(wanted);
    return selectors.length ? [{ head: selectors.join(","), body: rule.body }] : [];
  });
}

function written(rules) {
  return rules.map((rule) => `${rule.head}{${rule.rules ? written(rule.rules) : rule.body}}`).join("\n");
}

/* Custom properties nobody reads are left out, until none is left to leave out. */
function pruned(rules, others) {
  for (;;) {
    const text = written(rules) + others;
    const read = new Set([...text.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
    let dropped = 0;
    const keep = (list) =>
      list.flatMap((rule) => {
        if (rule.rules) return [{ ...rule, rules: keep(rule.rules) }].filter((inner) => inner.rules.length);
        const lines = apart(rule.body, ";");
        const kept = lines.filter((line) => !/^\s*--/.test(line) || read.has(line.split(":")[0].trim()));
        dropped += lines.length - kept.length;
        return kept.length ? [{ head: rule.head, body: kept.join(";") }] : [];
      });
    rules = keep(rules);
    if (!dropped) return written(rules);
  }
}

/* `others` is every style sheet of our own, whose variables count as read. */
export async function kit(file, others) {
  const text = await readFile(file, "utf8");
  const licence = text.match(/\/\*!([\s\S]*?)\*\//)?.[0] ?? "";
  return `${licence}\n${pruned(chosen(parse(text)), others)}`;
}
