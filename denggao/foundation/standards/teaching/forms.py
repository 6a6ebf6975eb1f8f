from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching.queries import LEVELS


class PutInForceForm(forms.Form):
    from_on = forms.DateField(
        label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Today, or a day gone by.")
    )


def _levels() -> list[tuple[str, str]]:
    return [(level.code, BY_CODE[level.code].name) for level in LEVELS]


class StandardFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(label=_("Level"), choices=_levels, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=StandardVersion.State.choices, empty_label=_("All"), method="of_state"
    )

    class Meta:
        model = TeachingStandard
        fields: tuple[str, ...] = ()

    def of_state(self, rows: QuerySet[TeachingStandard], _name: str, value: str) -> QuerySet[TeachingStandard]:
        return rows.filter(pk__in=StandardVersion.objects.filter(state=value).values("standard"))
