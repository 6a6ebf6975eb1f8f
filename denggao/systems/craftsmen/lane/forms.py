"""Forms of the lane's pages. They read; what may be is decided by actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.systems.craftsmen.lane.models import Candidacy, Selection
from denggao.systems.craftsmen.models import Craftsman


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ProposeForm(forms.Form):
    """Whom the office puts forward, several at once."""

    selection = forms.ChoiceField(label=_("Selection"), choices=Selection.choices)
    year = forms.IntegerField(label=_("Year"), min_value=2016, max_value=2100)
    craftsmen = forms.MultipleChoiceField(label=_("Craftsmen"), widget=forms.CheckboxSelectMultiple)
    recommendation = forms.CharField(
        label=_("Recommendation of the area"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stands in each file; it can be empty."),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: list[Craftsman], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["year"].initial = localdate().year
        self.fields["craftsmen"].choices = [  # type: ignore[attr-defined]  # the mapping gives plain fields
            (str(one.public_id), f"{one.person.name} · {one.industry.name} · {one.named_on.isoformat()}") for one in offered
        ]


class PrepareForm(forms.Form):
    """Whether the whole document number goes into the files, and why."""

    whole_reason = forms.CharField(
        label=_("Why the whole document number is needed"), required=False, max_length=300,
        help_text=_("Leave it empty: the number stays masked. Whoever gives a reason has it recorded as a reading."),
    )  # fmt: skip


class HandOverForm(forms.Form):
    document = forms.CharField(label=_("Document"), max_length=120, help_text=_("Number of the letter with the list."))
    recipient = forms.CharField(label=_("Handed to"), max_length=160)
    on = _day(_("Day"))


class OutcomeForm(forms.Form):
    accepted = forms.ChoiceField(label=_("Outcome"), choices=(("yes", _("accepted")), ("no", _("not accepted"))))
    decided_on = _day(_("Day of the decision"))
    document = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("Of the city’s decision: its number, and who issued it.")
    )

    @property
    def values(self) -> tuple[bool, dt.date, str]:
        return self.cleaned_data["accepted"] == "yes", self.cleaned_data["decided_on"], self.cleaned_data["document"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ToldForm(forms.Form):
    how = forms.CharField(
        label=_("How they were told"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("By which letter, to whom, when."),
    )  # fmt: skip


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("Excel or CSV with: 证书编号, 结果, 决定日期, 文号."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip


class CandidacyFilter(django_filters.FilterSet):
    selection = django_filters.ChoiceFilter(label=_("Selection"), choices=Selection.choices, empty_label=_("all"))
    year = django_filters.NumberFilter(label=_("Year"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Candidacy.State.choices, empty_label=_("all"))
    told_due = django_filters.ChoiceFilter(
        label=_("To be told"), choices=(("true", _("to be told")),), empty_label=_("all"), method="due"
    )

    class Meta:
        model = Candidacy
        fields: tuple[str, ...] = ()

    def due(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(told_due=True) if value == "true" else rows
