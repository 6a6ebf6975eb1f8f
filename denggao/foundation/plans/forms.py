"""Forms of the plans' pages. They read; what may be is decided by actions."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Participation, Plan
from denggao.foundation.plans.nodes import LIMIT_BYTES
from denggao.foundation.plans.policies import employers_to_join
from denggao.foundation.standards.models import Industry


def _day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SpanForm(forms.Form):
    """From when to when an employer takes part."""

    from_on = _day(_("First day"), _("Left empty: from the plan's first day."))
    to_on = _day(_("Last day"), _("Left empty: to the plan's last day."))


class JoinForm(SpanForm):
    """Which employer joins, chosen by name or credit code from the list beside the field."""

    employer = forms.CharField(
        label=_("Employer"),
        max_length=120,
        help_text=_("Name or unified social credit code; choose from the list while typing."),
        widget=forms.TextInput(attrs={"list": "employers", "autocomplete": "off"}),
    )
    field_order = ("employer", "from_on", "to_on")

    def __init__(self, *args: Any, plan: Plan, **given: Any) -> None:
        super().__init__(*args, **given)
        self.plan = plan

    def clean_employer(self) -> Organisation:
        text = self.cleaned_data["employer"].strip()
        found = employers_to_join(self.plan).filter(Q(name_zh=text) | Q(uscc=text.upper()) | Q(name_en__iexact=text))[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                _("Employer: no single employer outside the plan has this name or code; choose from the list.")
            )
        return found[0]


class PlanFileForm(forms.Form):
    file = forms.FileField(label=_("Plan file"), help_text=_("YAML, as described in the documentation."), max_length=200)

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LIMIT_BYTES:
            raise forms.ValidationError(_("Plan file: it is larger than %(limit)d KB."), params={"limit": LIMIT_BYTES // 1024})
        content: bytes = file.read()
        return content


class ParticipantFilter(django_filters.FilterSet):
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), field_name="organisation__industry", queryset=Industry.objects.all(), empty_label=_("all")
    )
    dated = django_filters.ChoiceFilter(
        label=_("Span"), choices=[("whole", _("whole plan")), ("dated", _("dated"))], empty_label=_("all"), method="of_span"
    )

    class Meta:
        model = Participation
        fields: tuple[str, ...] = ()

    def of_span(self, rows: QuerySet[Participation], _name: str, value: str) -> QuerySet[Participation]:
        whole = Q(from_on__isnull=True, to_on__isnull=True)
        return rows.filter(whole) if value == "whole" else rows.exclude(whole)
