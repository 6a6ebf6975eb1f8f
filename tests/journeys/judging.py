"""What is wrong with a page as it stands in its window: barriers that axe-core finds, and what sticks out.

All of axe-core's rules see the whole page; the dear one, contrast, sees a kind of text once: an element whose ancestors, classes
and states were measured before, in a window as wide and as dark, looks the same again.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

_measured: defaultdict[str, set[int]] = defaultdict(set)

_LIKENESS = """() => `${innerWidth} ${matchMedia('(prefers-color-scheme: dark)').matches}`"""
_SEEN_BY_ALL = """async () => {
  const given = {resultTypes: ['violations'], rules: {'color-contrast': {enabled: false}}};
  return (await axe.run(document, given)).violations;
}"""
_CONTRAST = """async (measured) => {
  const known = new Set(measured), fresh = new Set(), nodes = [], looks = new Map([[null, 0]]);
  const mix = (number, text) => { for (const one of text) number = Math.imul(number ^ one.codePointAt(0), 16777619); return number; };
  const look = (element) => {
    if (!looks.has(element)) {
      const states = [...element.attributes].filter(({name}) => /^(class|type|role|open|hidden|disabled|scope|style|aria-|data-state)/.test(name));
      const words = states.filter(({name}) => !/^aria-(label|describe|control|own)/.test(name)).map(({name, value}) => `${name}=${value}`);
      looks.set(element, mix(look(element.parentElement), `<${element.tagName} ${words.sort().join(' ')}`));
    }
    return looks.get(element);
  };
  const says = (element) => element.matches('input, select, textarea') || [...element.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  for (const element of document.body.querySelectorAll('*')) {
    if (!says(element) || !element.checkVisibility({visibilityProperty: true}) || known.has(look(element))) continue;
    if (!fresh.has(look(element))) nodes.push(element);
    fresh.add(look(element));
  }
  if (!nodes.length) return {found: [], fresh: []};
  const ran = await axe.run({include: nodes}, {runOnly: {type: 'rule', values: ['color-contrast']}, resultTypes: ['violations']});
  return {found: ran.violations, fresh: ran.violations.length ? [] : [...fresh]};
}"""


def barriers(page: Page) -> list[str]:
    """What axe-core finds on a page: rule, and where."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    measured = _measured[page.evaluate(_LIKENESS)]
    contrast = page.evaluate(_CONTRAST, list(measured))
    measured.update(contrast["fresh"])
    found: list[dict[str, Any]] = [*page.evaluate(_SEEN_BY_ALL), *contrast["found"]]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


def sticks_out(page: Page) -> int:
    """Pixels by which a page is wider than its window."""
    page.wait_for_load_state()
    return int(page.locator("html").evaluate("html => html.scrollWidth - html.clientWidth"))


@functools.cache
def _axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
