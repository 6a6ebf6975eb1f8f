"""What is asked for about bodies and their staff."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.actions.bodies import Details
from denggao.foundation.organisations.actions.employments import Post
from denggao.foundation.organisations.hooks import joining
from denggao.foundation.organisations.models import Employment, EmploymentOverlap, Organisation
from denggao.foundation.organisations.policies import visible_organisations
from denggao.foundation.organisations.queries import employed_on, missing_from_latest
from denggao.foundation.organisations.rules import credit_code_fault, normal_credit_code
from denggao.foundation.people.actions import Newcomer
from denggao.foundation.people.forms import IdentityForm
from denggao.foundation.people.rules import clean_name, normal_phone
from denggao.foundation.standards.models import Industry
from denggao.foundation.standards.queries import OccupationFinder

KIND_LABELS: dict[str, Any] = {
    Organisation.Kind.EMPLOYER: pgettext_lazy("kind of body", "Employer"),
    Organisation.Kind.SCHOOL: pgettext_lazy("kind of body", "School"),
    Organisation.Kind.PROVIDER: pgettext_lazy("kind of body", "Training provider"),
    Organisation.Kind.UNION: pgettext_lazy("kind of body", "Union"),
    Organisation.Kind.AUTHORITY: pgettext_lazy("kind of body", "Authority"),
}
OVERLAP_LABELS: dict[str, Any] = {
    EmploymentOverlap.State.OPEN: _("To be explained"),
    EmploymentOverlap.State.EXPLAINED: _("Explained"),
}
FRONT_LINE_CHOICES = [("yes", _("Front line")), ("no", _("Not front line")), ("unknown", _("Not known"))]
_DAY = {"type": "date"}


def _day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


class OrganisationForm(forms.Form):
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120, help_text=_("As on the licence."))
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=24, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KIND_LABELS.items()))
    industry = forms.ModelChoiceField(
        label=_("Industry"), queryset=Industry.objects.all(), required=False, empty_label=_("none of the plan's"),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    longitude = forms.DecimalField(
        label=_("Longitude"), min_value=-180, max_value=180, max_digits=9, decimal_places=6, required=False
    )
    latitude = forms.DecimalField(label=_("Latitude"), min_value=-90, max_value=90, max_digits=9, decimal_places=6, required=False)
    contact = forms.CharField(
        label=_("Contact"), max_length=120, required=False, help_text=_("The body's own telephone or address, not a person's."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industry"].label_from_instance = lambda industry: industry.name  # type: ignore[attr-defined]  # the mapping gives plain fields

    def clean_uscc(self) -> str | None:
        code = normal_credit_code(self.cleaned_data["uscc"])
        fault = credit_code_fault(code) if code else None
        if fault:
            raise ValidationError(str(fault.text) % fault.values)
        return code or None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if (given.get("longitude") is None) != (given.get("latitude") is None):
            self.add_error(
                "latitude" if given.get("latitude") is None else "longitude", _("Longitude and latitude: give both or neither.")
            )
        return given

    @property
    def details(self) -> Details:
        return Details(**self.cleaned_data)


class LinkForm(forms.Form):
    direction = forms.ChoiceField(
        label=_("Which way"), choices=[("upstream", _("supplies this body")), ("downstream", _("is supplied by this body"))]
    )
    other = forms.ModelChoiceField(label=_("Other body"), queryset=Organisation.objects.none(), empty_label=_("Please choose"))

    def __init__(self, *args: Any, actor: Actor, body: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = visible_organisations(actor).exclude(pk=body.pk).order_by("name_zh")
        self.fields["other"].queryset = bodies  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.fields["other"].label_from_instance = lambda other: other.name  # type: ignore[attr-defined]  # the mapping gives plain fields


class _WorkFields(forms.Form):
    """Post, occupation and front-line status."""

    post = forms.CharField(label=_("Post"), max_length=80, required=False)
    occupation = forms.CharField(
        label=_("Occupation or job title"),
        max_length=120,
        required=False,
        help_text=_("As in the national classification; a name it does not know is kept and mapped by the office."),
    )
    front_line = forms.ChoiceField(
        label=_("Front line"), choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))], required=False
    )

    @property
    def work(self) -> Post:
        text = self.cleaned_data["occupation"].strip()
        found = OccupationFinder().resolve(text).occupation if text else None
        front_line = {"yes": True, "no": False}.get(self.cleaned_data["front_line"])
        return Post(self.cleaned_data["post"].strip(), text, found.pk if found else None, front_line)


class EmploymentForm(_WorkFields, IdentityForm):
    """One person to be added to a roster."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As on the document."))
    phone = forms.CharField(label=_("Mobile phone"), max_length=20, required=False)
    hired_on = _day_field(
        _("Hiring date"),
        required=False,
        help_text=_("Without it the employment counts from today."),
    )
    field_order = ("name", "document_kind", "document_number", "phone", "hired_on", "post", "occupation", "front_line")

    def clean_phone(self) -> str:
        given = self.cleaned_data["phone"]
        number = normal_phone(given) if given else ""
        if number is None:
            raise ValidationError(_("Write a mobile number of 11 digits, or one abroad with + and its country code."))
        return number

    @property
    def newcomer(self) -> Newcomer:
        return Newcomer(self.identity, clean_name(self.cleaned_data["name"]), phone=self.cleaned_data["phone"])


class PostForm(_WorkFields):
    """What changes from a day; what is left empty stays."""

    from_on = _day_field(_("Holds from"))
    field_order = ("from_on", "post", "occupation", "front_line")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["front_line"].choices = [("", _("stays as it is")), ("yes", _("yes")), ("no", _("no"))]  # type: ignore[attr-defined]  # the mapping gives plain fields


class LeavingForm(forms.Form):
    left_on = _day_field(_("Last day in post"))


class ExplanationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why both employments stand: a second job, a transfer within a group …"),
    )  # fmt: skip


# Filters


class OrganisationFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=list(KIND_LABELS.items()), empty_label=_("All"))
    industry = django_filters.ChoiceFilter(label=_("Industry"), field_name="industry__code", empty_label=_("All"))
    plan = django_filters.ChoiceFilter(label=_("Plan"), method="in_plan", empty_label=_("All"))

    class Meta:
        model = Organisation
        fields = ("kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk = joining()
        self.filters["industry"].extra["choices"] = [(item.code, item.name) for item in Industry.objects.all()]
        self.filters["plan"].extra["choices"] = list(desk.choices()) if desk else []

    def in_plan(self, rows: QuerySet[Organisation], _name: str, value: str) -> QuerySet[Organisation]:
        desk = joining()
        return rows.filter(pk__in=desk.members(value)) if desk else rows


class RosterFilters(django_filters.FilterSet):
    on = django_filters.DateFilter(label=_("In post on"), method="in_post", widget=forms.DateInput(attrs=_DAY))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        empty_label=_("All"),
        choices=[("there", _("In post")), ("missing", _("In post, not on the latest list")), ("left", _("Left"))],
    )
    front_line = django_filters.ChoiceFilter(
        label=_("Front line"), method="on_front_line", empty_label=_("All"), choices=FRONT_LINE_CHOICES
    )
    occupation = django_filters.ChoiceFilter(
        label=_("Occupation"), method="with_occupation", empty_label=_("All"),
        choices=[("mapped", _("Known")), ("unmapped", _("To be mapped")), ("none", _("Not given"))],
    )  # fmt: skip

    class Meta:
        model = Employment
        fields: tuple[str, ...] = ()

    def in_post(self, rows: QuerySet[Employment], _name: str, day: dt.date) -> QuerySet[Employment]:
        return employed_on(rows, day)

    def in_state(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        today = timezone.localdate()
        if value == "missing":
            return missing_from_latest(employed_on(rows, today))
        return employed_on(rows, today) if value == "there" else rows.filter(left_on__lt=today)

    def on_front_line(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        return rows.filter(front_line={"yes": True, "no": False}.get(value))

    def with_occupation(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        if value == "none":
            return rows.filter(occupation_text="")
        return rows.exclude(occupation_text="").filter(occupation__isnull=value == "unmapped")


class OverlapFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(OVERLAP_LABELS.items()), empty_label=_("All"))

    class Meta:
        model = EmploymentOverlap
        fields = ("state",)
