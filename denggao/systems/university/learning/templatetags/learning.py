"""How learning pages write time."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from denggao.foundation.ui.templatetags.dg import icon
from denggao.systems.university.learning.queries.learner import CoursePage, Line
from denggao.systems.university.learning.showing import minutes

register = template.Library()
register.filter("spell", minutes)


@register.filter
def weekday(day: dt.date) -> str:
    """一 · Mo."""
    return (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))[day.weekday()]


@register.filter
def from_top(height: int) -> int:
    """Where a bar of this height (0–100) begins."""
    return 100 - height


_CLASSES = {"done": "ok", "locked": "no", "waiting": "wt"}


@register.simple_tag
def outline_of(page: CoursePage, on: UUID | None = None) -> SafeString:
    """The course's units as a list. ``on`` is the unit that is shown; without one the next is marked. Written here and not in a
    template: it is what a learner's pages spend their time on."""
    words = {"optional": escape(_("optional")), "done": escape(_("done")), "overdue": escape(_("Overdue."))}
    out = ['<ol class="dg-outl">']
    for chapter in page.chapters:
        out.append(f'<li class="ch">{escape(chapter.title)}</li>')
        out.extend(_unit_line(line, on, words) for line in chapter.lines)
    out.append("</ol>")
    # SECURITY: every text of a course was escaped above.
    return mark_safe("".join(out))  # noqa: S308


def _unit_line(line: Line, on: UUID | None, words: dict[str, str]) -> str:
    here = line.key == on
    classes = f"{_CLASSES.get(line.state, '')}{' on' if here or (on is None and line.is_next) else ''}"
    text = escape(line.title)
    if not line.required:
        text += f' <i class="op">{words["optional"]}</i>'
    if line.says:
        text += f"<em>{escape(line.says)}</em>"
    if line.overdue:
        text += f'<em class="t-crimson">{words["overdue"]}</em>'
    hidden = f'<span class="dg-sr">{words["done"]}</span>' if line.state == "done" else ""
    inner = f'{icon(line.icon)}<span class="t">{text}</span>{hidden}<small>{escape(line.beside)}</small>'
    if line.state == "locked":
        return f'<li class="{classes}"><span class="a">{inner}</span></li>'
    current = ' aria-current="page"' if here else ""
    return f'<li class="{classes}"><a class="a" href="{line.url}"{current}>{inner}</a></li>'
