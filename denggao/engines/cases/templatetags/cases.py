"""The worklist's rows, drawn in one go: as a template's nodes they were most of the page's work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from denggao.foundation.ui.controls import escaped
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
    labels = {name: escaped(label) for name, label in labels.items()}
    return mark_safe("".join(_row(row, labels, marks) for row in rows))  # noqa: S308  # SECURITY: ``_row`` escapes each text


def _row(row: Row, labels: dict[str, str], marks: bool) -> str:
    case = row.case
    applicant = row.applicant if case.title and case.title != row.applicant else ""
    mark = _MARK.format(escaped(case.public_id), escaped(_("Mark %(case)s") % {"case": case})) if marks else ""
    return _ROW.format(
        mark=mark,
        number=escaped(case.number or "—"),
        url=escaped(row.url),
        title=escaped(case.title or row.applicant),
        applicant=_sub(applicant),
        round=escaped(row.round),
        tone=escaped(row.tone),
        icon=icon(row.icon),
        stage=escaped(row.stage),
        turn=escaped(row.turn),
        since=escaped(row.since),
        due_class=escaped(row.due_class),
        due=escaped(row.due),
        left=_sub(row.left),
        assignee=escaped(row.assignee or "—"),
        **labels,
    )


def _sub(text: str) -> str:
    return f'<span class="sub">{escaped(text)}</span>' if text else ""
