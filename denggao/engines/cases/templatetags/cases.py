"""The worklist's rows, drawn in one go: as a template's nodes they were most of the page's work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from denggao.foundation.ui.templatetags.dg import icon

if TYPE_CHECKING:
    from denggao.engines.cases.views.worklist import Row

register = template.Library()

_MARK = '<td><input class="dg-cb" type="checkbox" name="case" value="{}" aria-label="{}"></td>'
_ROW = (
    '<tr data-row>{mark}<td data-label="{l_number}" class="dg-mono dg-nowrap dg-quiet">{number}</td>'
    '<td data-label="{l_title}"><a class="dg-strong dg-rowlink" href="{url}">{title}</a>{applicant}'
    '<span class="sub">{round}</span></td>'
    '<td data-label="{l_stage}"><span class="dg-chip {tone}">{icon}<span>{stage}</span></span></td>'
    '<td data-label="{l_turn}">{turn}<span class="sub">{since}</span></td>'
    '<td data-label="{l_due}" class="{due_class}">{due}{left}</td>'
    '<td data-label="{l_with}" class="dg-nowrap">{assignee}</td></tr>'
)


@register.simple_tag
def work_rows(rows: Iterable[Row], marks: bool) -> SafeString:
    """``marks``: whether each row has a box to mark it."""
    labels = {
        "l_number": _("Number"),
        "l_title": _("What it is about"),
        "l_stage": _("Stage"),
        "l_turn": _("Waiting for"),
        "l_due": _("Due"),
        "l_with": _("Assigned to"),
    }
    return mark_safe("".join(_row(row, labels, marks) for row in rows))  # noqa: S308  # each from format_html


def _row(row: Row, labels: dict[str, str], marks: bool) -> SafeString:
    case = row.case
    applicant = row.applicant if case.title and case.title != row.applicant else ""
    return format_html(
        _ROW,
        mark=format_html(_MARK, case.public_id, _("Mark %(case)s") % {"case": case}) if marks else "",
        number=case.number or "—",
        url=row.url,
        title=case.title or row.applicant,
        applicant=_sub(applicant),
        round=row.round,
        tone=row.tone,
        icon=icon(row.icon),
        stage=row.stage,
        turn=row.turn,
        since=row.since,
        due_class=row.due_class,
        due=row.due,
        left=_sub(row.left),
        assignee=row.assignee or "—",
        **labels,
    )


def _sub(text: str) -> str:
    return format_html('<span class="sub">{}</span>', text) if text else ""
