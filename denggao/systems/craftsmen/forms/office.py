"""Forms and filters of the pages on rounds and craftsmen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen.models import Channel, Craftsman, CraftsmanAct, Medal, Nomination
from denggao.systems.craftsmen.rules import ChannelTerms

FILE_TYPES = ("pdf", "png", "jpeg")
FILE_LIMIT = 20 * 1024 * 1024
_FILE_HELP = gettext_lazy("PDF or picture, up to 20 MB.")
MOST_DAYS = 12


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _long(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class CraftsmanFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=Craftsman.State.choices, empty_label=gettext_lazy("all")
    )
    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Industry"), queryset=Industry.objects.all(), empty_label=gettext_lazy("all"), to_field_name="code"
    )
    order = django_filters.ChoiceFilter(
        label=gettext_lazy("Naming order"), field_name="order__number", empty_label=gettext_lazy("all")
    )

    class Meta:
        model = Craftsman
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        numbers = Craftsman.objects.order_by("order__number").values_list("order__number", flat=True).distinct()
        self.filters["order"].extra["choices"] = [(number, number) for number in numbers]


class NominationFilter(django_filters.FilterSet):
    channel = django_filters.ChoiceFilter(label=gettext_lazy("Channel"), choices=Channel.choices, empty_label=gettext_lazy("all"))
    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Industry"), queryset=Industry.objects.all(), empty_label=gettext_lazy("all"), to_field_name="code"
    )

    class Meta:
        model = Nomination
        fields: tuple[str, ...] = ()


class TermsForm(forms.Form):
    """What holds in one round. A row of fields for each channel; the calendar as lines of a day and a word."""

    conditions_least = forms.TypedChoiceField(
        label=gettext_lazy("Of the four conditions, how many must be told"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("as the dated rule says")), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")],
    )

    def __init__(self, *args: Any, channels: Mapping[str, ChannelTerms], calendar: list[dict[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        for code, label in Channel.choices:
            terms = channels[code]
            self.fields[f"{code}-open"] = forms.BooleanField(label=_("open"), required=False, initial=terms.is_open)
            if code != Channel.SELF:
                self.fields[f"{code}-most"] = forms.IntegerField(
                    label=_("Most nominees of one body"), required=False, min_value=1, max_value=999, initial=terms.most,
                    help_text=_("Empty: as many as it likes."),
                )  # fmt: skip
            else:
                self.fields[f"{code}-stamp"] = forms.BooleanField(
                    label=_("the employer must agree"), required=False, initial=terms.stamp
                )
            self._titles = {code: str(label) for code, label in Channel.choices}
        for number in range(MOST_DAYS):
            kept = calendar[number] if number < len(calendar) else {}
            self.fields[f"day-{number}-on"] = _day(_("Day"), required=False)
            self.fields[f"day-{number}-zh"] = forms.CharField(label=_("What happens (Chinese)"), required=False, max_length=80)
            self.fields[f"day-{number}-en"] = forms.CharField(label=_("What happens (English)"), required=False, max_length=120)
            for name in ("on", "zh", "en"):
                self.initial.setdefault(f"day-{number}-{name}", kept.get(name, ""))

    @property
    def channel_rows(self) -> list[tuple[str, list[Any]]]:
        return [
            (title, [self[name] for name in self.fields if name.startswith(f"{code}-")]) for code, title in self._titles.items()
        ]

    @property
    def calendar_rows(self) -> list[list[Any]]:
        return [[self[f"day-{number}-{name}"] for name in ("on", "zh", "en")] for number in range(MOST_DAYS)]

    @property
    def channels(self) -> dict[str, dict[str, Any]]:
        given = self.cleaned_data
        return {
            code: {
                "open": bool(given.get(f"{code}-open")),
                "most": given.get(f"{code}-most"),
                "stamp": bool(given.get(f"{code}-stamp")),
            }
            for code in Channel.values
        }

    @property
    def calendar(self) -> list[dict[str, str]]:
        given = self.cleaned_data
        rows = [{name: given.get(f"day-{number}-{name}") for name in ("on", "zh", "en")} for number in range(MOST_DAYS)]
        return [
            {"on": row["on"].isoformat() if row["on"] else "", "zh": row["zh"] or "", "en": row["en"] or ""}
            for row in rows
            if any(row.values())
        ]


class OrderForm(forms.Form):
    """The document by which craftsmen are named."""

    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=60, help_text=gettext_lazy("As printed, such as 沪临工匠〔2021〕018号.")
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    issued_on = _day(gettext_lazy("Date"), help_text=gettext_lazy("The titles hold from this day."))
    file = forms.FileField(label=gettext_lazy("Scan"), required=False, help_text=_FILE_HELP)


class RevokeForm(forms.Form):
    """Proposing a revocation."""

    grounds = forms.ChoiceField(
        label=gettext_lazy("Grounds"),
        choices=[(code, label) for code, label in CraftsmanAct.Grounds.choices if code != CraftsmanAct.Grounds.MISTAKE],
        help_text=gettext_lazy("No document was found that lists grounds; these are the platform’s defaults."),
    )
    reason = _long(gettext_lazy("Reason"), gettext_lazy("What happened, in a sentence. The craftsman reads it."))
    document = forms.CharField(label=gettext_lazy("Decision it rests on"), max_length=200, required=False)
    evidence = forms.FileField(label=pgettext_lazy("craftsmen", "Evidence"), required=False, help_text=_FILE_HELP)


class ReinstateForm(forms.Form):
    """Proposing that a revoked title is given back."""

    reason = _long(gettext_lazy("Reason"), gettext_lazy("Why the revocation was a mistake. The craftsman reads it."))
    document = forms.CharField(label=gettext_lazy("Decision it rests on"), max_length=200, required=False)
    evidence = forms.FileField(label=pgettext_lazy("craftsmen", "Evidence"), required=False, help_text=_FILE_HELP)


class ReasonForm(forms.Form):
    reason = _long(gettext_lazy("Reason"))


class RemarkForm(forms.Form):
    """Confirming: nothing need be said."""

    reason = _long(gettext_lazy("Remark"), required=False)


class MedalForm(forms.Form):
    """What became of a medal."""

    state = forms.ChoiceField(label=gettext_lazy("What became of it"), choices=Medal.State.choices)
    on = _day(gettext_lazy("Day"), required=False)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, possible: list[str], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["state"].choices = [(code, Medal.State(code).label) for code in possible]  # type: ignore[attr-defined]  # the mapping gives plain fields
