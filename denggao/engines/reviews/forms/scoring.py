"""Forms of scoring, visits and rubrics. They read; what may be is decided by actions."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.actions.scoring import MOST_AT_ONCE, EntryGiven
from denggao.engines.reviews.actions.visits import RecordGiven, VisitGiven
from denggao.engines.reviews.models import Assignment, Expert, RubricVersion
from denggao.engines.reviews.rules.rubric import plain
from denggao.engines.reviews.sheets import Sheet, mark_of, todo


class NotRead(ValueError):
    """What the device sent can't be read."""


def entries_in(post: Mapping[str, str], sheet: Sheet) -> list[EntryGiven]:
    """The entries of a whole sheet sent as one form: those whose fields differ from what the page was made with, so that a
    page left open elsewhere overwrites nothing it didn't touch."""
    found = []
    for line in sheet.lines:
        points = post.get(f"points-{line.code}", "").strip()
        comment = post.get(f"comment-{line.code}", "").replace("\r\n", "\n").strip()
        if mark_of(points, comment) in {post.get(f"mark-{line.code}", ""), line.mark}:
            continue
        found.append(EntryGiven(line.code, points, comment, uuid.uuid4()))
    return found


def entries_sent(body: bytes) -> list[EntryGiven]:
    """What a device sends: ``{"entries": [{"criterion", "points", "comment", "client_id", "age"}]}``, ``age`` in milliseconds.
    Raises NotRead."""
    try:
        sent = json.loads(body)["entries"]
        if not isinstance(sent, list) or len(sent) > MOST_AT_ONCE:
            raise NotRead
        return [_entry(one) for one in sent]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise NotRead from error


def _entry(one: Any) -> EntryGiven:
    age = one.get("age", 0)
    if isinstance(age, bool) or not isinstance(age, int | float):
        raise NotRead
    return EntryGiven(
        criterion=_text(one["criterion"])[:40],
        points=_text(one.get("points", ""))[:40],
        comment=_text(one.get("comment", "")),
        client_id=uuid.UUID(_text(one["client_id"])),
        age=dt.timedelta(milliseconds=min(max(float(age), 0.0), 1e12)),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise NotRead
    return value


def _reason(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class CallOffForm(forms.Form):
    reason = _reason(_("Reason"), _("It is kept in the record."))


class LateReasonForm(forms.Form):
    reason = _reason(_("Reason for the change"), _("The chair reads it; what stood before is kept."))


class OpenForm(forms.Form):
    reason = _reason(_("Reason"), _("Why fewer experts than wanted are enough."))


class CloseForm(forms.Form):
    reason = _reason(_("Reason"), _("Needed where fewer experts count than wanted."), required=False)


class SetAsideForm(forms.Form):
    reason = _reason(_("Reason"), _("What came to light. The result and the rankings made from it follow; what stood is kept."))


class QueueFilter(django_filters.FilterSet):
    show = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[("todo", _("to do")), ("submitted", _("handed in"))],
        empty_label=_("all"),
        method="shown",
    )

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()

    def shown(self, rows: QuerySet[Assignment], _name: str, value: str) -> QuerySet[Assignment]:
        return rows.filter(todo()) if value == "todo" else rows.filter(state=Assignment.State.SUBMITTED)


# Visits


class VisitForm(forms.Form):
    """When and where."""

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    place = forms.CharField(label=_("Visited place"), max_length=200, help_text=_("Address, and which rooms or workshops."))
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, max_digits=9, decimal_places=6, min_value=-180, max_value=180,
        help_text=_("Degrees east, such as 121.9307."), widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )  # fmt: skip
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, max_digits=8, decimal_places=6, min_value=-90, max_value=90,
        help_text=_("Degrees north, such as 30.9012."), widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )  # fmt: skip

    def given(self) -> VisitGiven:
        data = self.cleaned_data
        return VisitGiven(data["on"], data["place"], data["longitude"], data["latitude"])


class RecordForm(VisitForm):
    """What came of a visit."""

    experts = forms.ModelMultipleChoiceField(
        label=_("Experts present"), queryset=Expert.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(label=_("Others present"), required=False, max_length=300)
    findings = forms.CharField(
        label=_("Findings"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Site, equipment, teachers, safety; what agrees with the application and what does not."),
    )
    reason = _reason(_("Reason for the correction"), _("This visit is recorded already."))

    def __init__(self, *args: Any, experts: QuerySet[Expert], recorded: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["experts"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = experts
            field.label_from_instance = lambda expert: expert.person.name  # type: ignore[method-assign, assignment]  # a field of models, told by name
        if not recorded:
            del self.fields["reason"]

    def record(self) -> RecordGiven:
        data = self.cleaned_data
        return RecordGiven(list(data["experts"]), data["findings"], data["others"])


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG or PNG, at most 20 MB."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )
    caption = forms.CharField(label=_("What it shows"), required=False, max_length=200)


# Rubrics


class RubricFileForm(forms.Form):
    file = forms.FileField(
        label=_("Rubric file"), help_text=_("YAML; how it is written stands in the documentation."), max_length=200
    )


class WeightsForm(forms.Form):
    """A weight for each criterion of a version, and why."""

    def __init__(self, *args: Any, version: RubricVersion, **given: Any) -> None:
        super().__init__(*args, **given)
        self.criteria = list(version.criteria.all())
        for one in self.criteria:
            self.fields[self.name_of(one.code)] = forms.CharField(
                label=one.name,
                initial=plain(one.weight),
                max_length=8,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        self.fields["reason"] = _reason(_("Reason"), _("Such as the call’s document. It stands in the history."))

    @staticmethod
    def name_of(code: str) -> str:
        return f"weight-{code}"

    def weights(self) -> dict[str, Decimal]:
        """By criterion code; what is no number is NaN, and refused by the action."""
        return {one.code: _decimal(self.cleaned_data[self.name_of(one.code)]) for one in self.criteria}


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return Decimal("NaN")
