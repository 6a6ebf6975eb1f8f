"""What narrows the lists: the worklist and the calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases import procedures
from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import State
from denggao.foundation.audit.readied import readied
from denggao.foundation.standards.models import Industry

_STAGES = [(kind.value, kind.label) for kind in StageKind if kind != StageKind.DRAFT]


def _procedures() -> list[tuple[str, str]]:
    return [(each.code, str(each.name)) for each in procedures.procedures()]


@readied()
def _calls() -> QuerySet[Round]:
    return Round.objects.exclude(state=Round.State.DRAFT).only("public_id", "title_zh", "title_en")


@readied()
def _industries() -> QuerySet[Industry]:
    return Industry.objects.all()


class CaseFilter(django_filters.FilterSet):
    """``colleagues``: public id and name of those to whom cases are handed; ``today`` tells what is overdue."""

    stage = django_filters.ChoiceFilter(label=_("Stage"), field_name="stage_kind", choices=_STAGES, empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("all"))
    procedure = django_filters.ChoiceFilter(label=_("Procedure"), choices=_procedures, empty_label=_("all"))
    round = django_filters.ChoiceFilter(label=_("Call"), field_name="round__public_id", empty_label=_("all"))
    industry = django_filters.ChoiceFilter(label=_("Industry"), field_name="body__industry__code", empty_label=_("all"))
    due = django_filters.ChoiceFilter(
        label=_("Due"),
        choices=[("overdue", _("overdue")), ("week", _("within a week"))],
        empty_label=_("all"),
        method="is_due",
    )
    assignee = django_filters.ChoiceFilter(label=_("Assigned to"), empty_label=_("all"), method="is_with")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]] = (), today: dt.date, **given: Any) -> None:
        super().__init__(*args, **given)
        self.today = today
        # Read at one go: a field of models would open a cursor on the server for each.
        self.filters["round"].extra["choices"] = [(str(each.public_id), str(each)) for each in _calls.objects()]
        self.filters["industry"].extra["choices"] = [(each.code, str(each)) for each in _industries.objects()]
        self.filters["assignee"].extra["choices"] = [("nobody", _("nobody yet")), *colleagues]

    def is_due(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        rows = rows.filter(state__in=[State.OPEN, State.RETURNED])
        if value == "overdue":
            return rows.filter(due_on__lt=self.today)
        return rows.filter(due_on__lte=self.today + dt.timedelta(days=7))

    def is_with(self, rows: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        return rows.filter(assignee="" if value == "nobody" else value)


class RoundFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Round.State.choices, empty_label=_("all"))
    procedure = django_filters.ChoiceFilter(label=_("Procedure"), choices=_procedures, empty_label=_("all"))

    class Meta:
        model = Round
        fields: tuple[str, ...] = ()


KEPT = ("view", "q", "stage", "state", "procedure", "round", "industry", "due", "assignee", "sort")


def kept_query(text: str) -> str:
    """Of the worklist's address what makes it this list: always in one order, without the page and what is empty."""
    given = QueryDict(text.lstrip("?")[:2000])
    return urlencode([(key, value) for key in KEPT if (value := given.get(key, "").strip()[:100])])


def search_cases(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By number, title, or the name of the applying body; every word."""
    for word in text.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(body__name_zh__icontains=word)
            | Q(body__name_en__icontains=word)
        )
    return rows
