"""What the pages on hours ask for."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.hours.kinds import kinds
from denggao.engines.hours.models import Finding, Fix, HourEntry

ALL = pgettext_lazy("no filter", "all")
FIX_TYPES = ("pdf", "png", "jpeg")
FIX_LIMIT = 10 * 1024 * 1024


def _kinds() -> list[tuple[str, Any]]:
    return [(kind.code, kind.label) for kind in kinds()]


class EntryFilters(django_filters.FilterSet):
    context = django_filters.ChoiceFilter(label=pgettext_lazy("hours", "For"), empty_label=ALL, method="of_context")
    kind = django_filters.ChoiceFilter(label=_("Kind"), empty_label=ALL, choices=_kinds)
    day = django_filters.DateFilter(label=_("Day"), widget=forms.DateInput({"type": "date"}))

    class Meta:
        model = HourEntry
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, contexts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["context"].extra["choices"] = contexts

    def of_context(self, rows: QuerySet[HourEntry], _name: str, value: str) -> QuerySet[HourEntry]:
        kind, _colon, public_id = value.partition(":")
        return rows.filter(context_kind=kind, context_id=UUID(public_id))


class FindingFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        empty_label=ALL,
        choices=[*Finding.State.choices, ("proposed", _("waits for a second person"))],
        method="in_state",
    )
    kind = django_filters.ChoiceFilter(label=_("Pattern"), empty_label=ALL, choices=Finding.Kind.choices)
    group = django_filters.UUIDFilter(widget=forms.HiddenInput())

    class Meta:
        model = Finding
        fields: tuple[str, ...] = ()

    def in_state(self, rows: QuerySet[Finding], _name: str, value: str) -> QuerySet[Finding]:
        if value == "proposed":
            return rows.filter(state=Finding.State.OPEN, asked_at__isnull=False)
        return rows.filter(state=value)


class FixFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), empty_label=ALL, choices=Fix.State.choices)

    class Meta:
        model = Fix
        fields: tuple[str, ...] = ()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Say what you looked at. It is kept, and the audit shows it."),
        widget=forms.Textarea({"rows": 3}),
    )


class ConfirmForm(forms.Form):
    reason = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}))


class FixAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=pgettext_lazy("hours", "Answer"),
        choices=[("yes", _("Confirm")), ("no", pgettext_lazy("hours", "Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Where you refuse: say why."),
        widget=forms.Textarea({"rows": 2}),
    )


class RemoveForm(forms.Form):
    """Take an entry back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
    file = forms.FileField(label=_("Paper"), help_text=_("What shows it: PDF, PNG or JPEG, at most 10 MB."))


class AddForm(RemoveForm):
    """Add hours that no event stands for."""

    context = forms.ChoiceField(label=pgettext_lazy("hours", "For"))
    kind = forms.ChoiceField(label=_("Kind of hours"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440)

    field_order = ("context", "kind", "day", "minutes", "reason", "file")

    def __init__(self, *args: Any, contexts: list[tuple[str, str]], today: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["context"].choices = contexts  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]  # likewise
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def context_chosen(self) -> tuple[str, UUID]:
        kind, _colon, public_id = self.cleaned_data["context"].partition(":")
        return kind, UUID(public_id)
