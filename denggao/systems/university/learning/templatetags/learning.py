"""How learning pages write time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from denggao.foundation.ui.templatetags.dg import icon, iso
from denggao.systems.university.learning.models import Enrolment
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
    words = {"optional": escape(pgettext("unit", "optional")), "done": escape(_("unit done")), "overdue": escape(_("Overdue."))}
    out = ['<ol class="dg-outl">']
    for chapter in page.chapters:
        out.append(f'<li class="ch">{escape(chapter.title)}</li>')
        out.extend(_unit_line(line, on, words) for line in chapter.lines)
    out.append("</ol>")
    # SECURITY: every text of a course was escaped above.
    return mark_safe("".join(out))  # noqa: S308


def _unit_line(line: Line, on: UUID | None, words: Mapping[str, str]) -> str:
    here = line.key == on
    classes = f"{_CLASSES.get(line.state, '')}{' on' if here or (on is None and line.is_next) else ''}"
    text: str = escape(line.title)
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


@register.simple_tag
def outline_shown(page: CoursePage, enrolment: Enrolment, may_teach: bool) -> SafeString:
    """The outline as others read it: no way into the units, but for signing."""
    out = ['<ol class="dg-outl">']
    for chapter in page.chapters:
        out.append(f'<li class="ch">{escape(chapter.title)}</li>')
        for line in chapter.lines:
            says = f"<em>{escape(line.says)}</em>" if line.says else ""
            text = f'{icon(line.icon)}<span class="t">{escape(line.title)}{says}</span><small>{escape(line.beside)}</small>'
            opens, closes = '<span class="a">', "</span>"
            if may_teach and line.is_practical:
                opens, closes = f'<a class="a" href="/classes/learners/{enrolment.public_id}/practical/{line.key}/">', "</a>"
            out.append(f'<li class="{_CLASSES.get(line.state, "")}">{opens}{text}{closes}</li>')
    out.append("</ol>")
    # SECURITY: every text of a course was escaped above.
    return mark_safe("".join(out))  # noqa: S308


def _progress_cells(one: Enrolment, today: dt.date, words: dict[str, str]) -> str:
    """Bar, time, last day, due day, state: the same in a class's table and a team's."""
    state = one.state
    if state == "enrolled":
        state = "overdue" if one.due_on is not None and one.due_on < today else "learning" if one.last_at else "fresh"
    tone, image = _TONES[state]
    return (
        f'<td data-label="{words["progress"]}"><progress class="dg-bar" value="{one.done}" max="{one.required or 1}"'
        f' aria-label="{words["progress"]}"></progress><span class="dg-small">{one.done} / {one.required}</span></td>'
        f'<td class="n" data-label="{words["time"]}">{escape(minutes(one.seconds)) if one.seconds else "—"}</td>'
        f'<td class="dg-nowrap" data-label="{words["last"]}">{iso(one.last_at) or "—"}</td>'
        f'<td class="dg-nowrap" data-label="{words["due"]}">{iso(one.due_on) or "—"}</td>'
        f'<td data-label="{words["state"]}"><span class="dg-chip {tone}">{icon(image)}<span>{words[state]}</span></span></td>'
    )


_TONES = {
    "finished": ("jade", "circle-check"),
    "overdue": ("crimson", "alert-circle"),
    "learning": ("lake", "info-circle"),
    "fresh": ("", "circle"),
    "invited": ("gold", "mail"),
    "waiting": ("amber", "clock"),
    "left": ("withdrawn", "arrow-back-up"),
    "removed": ("revoked", "ban"),
}


def _words() -> dict[str, str]:
    return {
        "progress": escape(_("Progress")),
        "time": escape(_("Time")),
        "last": escape(_("Last there")),
        "due": escape(_("Due")),
        "state": escape(_("State")),
        "finished": escape(_("finished")),
        "overdue": escape(_("overdue")),
        "learning": escape(_("learning")),
        "fresh": escape(pgettext("a course", "not begun")),
        "invited": escape(_("invited")),
        "waiting": escape(_("waits for a seat")),
        "left": escape(_("left the class")),
        "removed": escape(_("taken out of the class")),
    }


def _tick(one: Enrolment, name: str) -> str:
    return f'<td><input class="dg-cb" type="checkbox" name="learner" value="{one.public_id}" data-tick aria-label="{name}"></td>'


@register.simple_tag
def learner_rows(rows: list[Enrolment], knows: bool, may_teach: bool, today: dt.date) -> SafeString:
    """A class's learners as table rows. PRIVACY: whole names only where ``knows``."""
    words, employer = _words(), escape(_("Employer"))
    out = []
    for one in rows:
        name = escape(one.person.name if knows else one.person.masked_name)
        body = escape(one.employer.name) if one.employer is not None else "—"
        tick = _tick(one, name) if may_teach else ""
        out.append(
            f'<tr>{tick}<td><a href="/classes/learners/{one.public_id}/">{name}</a></td>'
            f'<td data-label="{employer}">{body}</td>{_progress_cells(one, today, words)}</tr>'
        )
    # SECURITY: names and bodies were escaped above.
    return mark_safe("".join(out))  # noqa: S308


@register.simple_tag
def team_rows(rows: list[Enrolment], today: dt.date) -> SafeString:
    """An employer's people as table rows."""
    words, course = _words(), escape(_("Course"))
    out = []
    for one in rows:
        name = escape(one.person.name)
        out.append(
            f'<tr>{_tick(one, name)}<td><a href="/classes/learners/{one.public_id}/">{name}</a></td>'
            f'<td data-label="{course}">{escape(one.run.course.title)}<span class="sub">{escape(one.run.title)}</span></td>'
            f"{_progress_cells(one, today, words)}</tr>"
        )
    # SECURITY: as above.
    return mark_safe("".join(out))  # noqa: S308
