"""How the public list of bases is narrowed: by the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.bases.layout.matrix import LEVELS
from denggao.systems.bases.models import Base

IN_FORCE, ENDED, ALL = "", "ended", "all"
ALL_TEXT = pgettext_lazy("no filter", "all")


def _level_choices() -> list[tuple[str, str]]:
    return [(level, BY_CODE[level].name) for level in LEVELS]


class BaseFilter(django_filters.FilterSet):
    """``state`` left empty shows those in force."""

    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"),
        queryset=lambda request: Industry.objects.none(),
        to_field_name="code",
        method="of_industry",
        empty_label=ALL_TEXT,
    )
    occupation = django_filters.ModelChoiceFilter(
        label=_("Occupation"),
        queryset=lambda request: Occupation.objects.none(),
        to_field_name="code",
        method="of_occupation",
        empty_label=ALL_TEXT,
    )
    level = django_filters.ChoiceFilter(label=_("Level"), choices=_level_choices, method="of_level", empty_label=ALL_TEXT)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(ENDED, _("no longer a base")), (ALL, _("all, also former ones"))],
        empty_label=_("in force"),
        method="nothing_more",
    )

    class Meta:
        model = Base
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["industry"].queryset = plan.industries.order_by("planindustry__position")
        self.filters["occupation"].queryset = Occupation.objects.filter(
            pk__in=Base.objects.filter(plan=plan).values("coverage__occupation")
        )

    def of_industry(self, rows: QuerySet[Base], _name: str, industry: Industry) -> QuerySet[Base]:
        return rows.filter(industries=industry)

    def of_occupation(self, rows: QuerySet[Base], _name: str, occupation: Occupation) -> QuerySet[Base]:
        """With the level, where one is asked for: the base trains this occupation to this level."""
        return rows.filter(coverage__occupation=occupation, **self._level()).distinct()

    def of_level(self, rows: QuerySet[Base], _name: str, level: str) -> QuerySet[Base]:
        return rows if self.form.cleaned_data.get("occupation") else rows.filter(coverage__level=level).distinct()

    def _level(self) -> dict[str, str]:
        level = self.form.cleaned_data.get("level")
        return {"coverage__level": level} if level else {}

    def nothing_more(self, rows: QuerySet[Base], _name: str, _state: str) -> QuerySet[Base]:
        return rows

    def filter_queryset(self, queryset: QuerySet[Base]) -> QuerySet[Base]:
        rows: QuerySet[Base] = super().filter_queryset(queryset)
        state = self.form.cleaned_data.get("state") or IN_FORCE
        ended = [Base.State.WITHDRAWN, Base.State.EXPIRED, Base.State.EXITED]
        if state == ENDED:
            return rows.filter(state__in=ended)
        return rows if state == ALL else rows.exclude(state__in=ended)


def near_expiry(base: Base, today: dt.date) -> bool:
    """Whether the term ends within ninety days."""
    return base.is_in_force and base.valid_until - today <= dt.timedelta(days=90)
