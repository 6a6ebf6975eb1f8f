"""The application for accreditation (B-1), section by section. Version 1. Money in yuan, areas in square metres."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.cases.fields import FilesField, RowsField
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.rules import Identity, read_identity
from denggao.systems.bases import columns
from denggao.systems.bases.choices import checked_names, industry_choices
from denggao.systems.bases.models import BaseApplication
from denggao.systems.bases.models.bases import EquipmentFact

PAPERS = ("pdf", "png", "jpeg")
DocumentKind = IdentityDocument.Kind


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}))


def _long(label: Any, rows: int = 5, *, required: bool = True, help_text: Any = "", most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


def _money(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=14, decimal_places=2, help_text=help_text)


class BodyForm(forms.Form):
    """Who applies, what for, and what it has done so far."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of body"), choices=BaseApplication.Kind.choices)
    industry = forms.ChoiceField(label=gettext_lazy("Main industry"), choices=industry_choices)
    industries = forms.MultipleChoiceField(
        label=gettext_lazy("All industries trained for"), choices=industry_choices, widget=forms.CheckboxSelectMultiple
    )
    managing_district = forms.CharField(
        label=gettext_lazy("Managing district"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("属地管理区, where the body has one."),
    )
    contact = forms.CharField(
        label=gettext_lazy("Office telephone or address"),
        max_length=120,
        help_text=gettext_lazy("Of the office, not of a person: it becomes public with the base."),
    )
    capability = _long(
        gettext_lazy("What the body has trained so far"),
        help_text=gettext_lazy("Programmes, people and results of the last three years."),
    )
    shares_with = _long(gettext_lazy("Open to which employers, upstream and downstream"), rows=3, required=False, most=2000)
    licence = FilesField(
        label=gettext_lazy("Registration certificate of the body"),
        taken=PAPERS,
        most=5,
        help_text=gettext_lazy("Business licence, certificate of a public institution, school licence or the like."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        main, every = given.get("industry"), given.get("industries") or []
        if main and every and main not in every:
            self.add_error("industries", _("The main industry is one of those trained for: tick it here too."))
        return given


class SiteForm(forms.Form):
    """Where the base is, how large, and by what right the body uses it."""

    base_name_zh = forms.CharField(label=gettext_lazy("Name of the base"), max_length=120)
    base_name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=160, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    longitude = forms.DecimalField(
        label=gettext_lazy("Longitude"),
        min_value=Decimal("-180"),
        max_value=Decimal(180),
        max_digits=9,
        decimal_places=6,
        help_text=gettext_lazy("In degrees, such as 121.912345."),
    )
    latitude = forms.DecimalField(
        label=gettext_lazy("Latitude"),
        min_value=Decimal("-90"),
        max_value=Decimal(90),
        max_digits=9,
        decimal_places=6,
        help_text=gettext_lazy("In degrees, such as 30.901234."),
    )
    floor_area_m2 = forms.DecimalField(label=gettext_lazy("Floor area (m²)"), min_value=Decimal(1), max_digits=8, decimal_places=1)
    workstations = forms.IntegerField(label=gettext_lazy("Workstations"), min_value=1, max_value=100_000)
    site_right = forms.ChoiceField(label=gettext_lazy("Right to the site"), choices=EquipmentFact.Ownership.choices)
    site_right_until = _day(gettext_lazy("Last day of the lease"), required=False)
    site_papers = FilesField(label=gettext_lazy("Title deed, lease or agreement"), taken=PAPERS, most=10)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            given.get("site_right") == EquipmentFact.Ownership.LEASED
            and "site_right_until" in given
            and not given["site_right_until"]
        ):
            self.add_error("site_right_until", _("A leased site has a last day: give it as in the lease."))
        return given


class EquipmentForm(forms.Form):
    """What stands at the site."""

    equipment = RowsField(label=gettext_lazy("Equipment"), columns=columns.EQUIPMENT)


class TeachersForm(forms.Form):
    """Who teaches. Personal data: identity documents, phones and qualifications of the teachers."""

    teachers = RowsField(
        label=gettext_lazy("Teachers"),
        columns=columns.TEACHERS,
        help_text=gettext_lazy("Numbers of documents and phones are masked wherever they are shown."),
    )

    def clean_teachers(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["teachers"]
        read = [read_identity(row.get("document_kind"), row["document_number"]) for row in rows]
        faults = [
            _("Row %(row)s: %(fault)s")
            % {"row": number, "fault": str(found.text) % {"column": _("Document number"), **found.values}}
            for number, found in enumerate(read, start=1)
            if not isinstance(found, Identity)
        ]
        known = Counter((found.kind, found.number) for found in read if isinstance(found, Identity))
        if any(count > 1 for count in known.values()):
            faults.append(_("The same document number stands in two rows. Leave one of them out."))
        faults += [
            _("Row %(row)s: %(fault)s") % {"row": number, "fault": _("the qualification ends before it was issued.")}
            for number, row in enumerate(rows, start=1)
            if row.get("issued_on") and row.get("expires_on") and row["expires_on"] < row["issued_on"]
        ]
        faults += [str(fault.messages[0]) for fault in checked_names([{"industry": row.get("industry")} for row in rows])]
        if faults:
            raise ValidationError(faults)
        return rows


class OccupationsForm(forms.Form):
    """What is trained for: occupations and levels."""

    coverage = RowsField(label=gettext_lazy("Occupations and levels"), columns=columns.COVERAGE)

    def clean_coverage(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["coverage"]
        faults = checked_names(rows)
        if faults:
            raise ValidationError(faults)
        return rows


class PlanForm(forms.Form):
    """What the body means to train in three years."""

    training_plan = _long(
        gettext_lazy("Aims and course of the three years"),
        rows=8,
        help_text=gettext_lazy("Aims, programmes, teachers, courses and textbooks to be developed, and how quality is kept."),
    )
    planned = RowsField(
        label=gettext_lazy("Training by year"), columns=columns.PLANNED, least=3, help_text=gettext_lazy("All three years.")
    )

    def clean_planned(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["planned"]
        faults = checked_names([{"occupation": row["occupation"]} for row in rows])
        years = sorted({row["year"] for row in rows})
        if years != list(range(years[0], years[0] + 3)):
            faults.append(ValidationError(_("Year: the plan covers three years, one after the other, each with a row at least.")))
        if faults:
            raise ValidationError(faults)
        return rows


class SafetyForm(forms.Form):
    """Fire, health and work safety (人社部发〔2024〕5号, as re-told)."""

    fire = FilesField(
        label=gettext_lazy("Fire safety"), taken=PAPERS, help_text=gettext_lazy("Acceptance, filing or inspection record.")
    )
    fire_until = _day(gettext_lazy("Fire paper valid until"), required=False)
    health = FilesField(
        label=gettext_lazy("Health"), taken=PAPERS, required=False, help_text=gettext_lazy("Where food or dormitories are offered.")
    )
    health_until = _day(gettext_lazy("Health paper valid until"), required=False)
    safety = FilesField(
        label=gettext_lazy("Work safety"),
        taken=PAPERS,
        help_text=gettext_lazy("Safety rules, emergency plan, special equipment’s papers."),
    )
    safety_until = _day(gettext_lazy("Safety paper valid until"), required=False)
    no_accident = forms.BooleanField(
        label=gettext_lazy("No serious accident at work or in training in the last three years"),
        help_text=gettext_lazy("A false declaration is a ground for withdrawal."),
    )


class FinanceForm(forms.Form):
    """In short, how the base pays for itself."""

    invested_yuan = _money(gettext_lazy("Invested so far (yuan)"))
    yearly_income_yuan = _money(gettext_lazy("Income from training last year (yuan)"))
    yearly_cost_yuan = _money(gettext_lazy("Cost of training last year (yuan)"))
    own_funds_yuan = _money(gettext_lazy("Own funds for the three years (yuan)"))
    statement = FilesField(
        label=gettext_lazy("Audit report or financial statement"), taken=(*PAPERS, "xlsx"), most=5,
        help_text=gettext_lazy("Of the last year."),
    )  # fmt: skip


class RenewalForm(forms.Form):
    """What a base asking for a further term says of the one that ends."""

    results = _long(gettext_lazy("What was done in the term that ends"), rows=8)
    changes = _long(
        gettext_lazy("What changed since: site, equipment, teachers, occupations"), rows=5, required=False,
    )  # fmt: skip
    report = FilesField(label=gettext_lazy("Report on the term"), taken=("pdf",), most=5, required=False)


class RenewalPlanForm(PlanForm):
    """The next three years."""


class RenewalSafetyForm(SafetyForm):
    """Fire, health and work safety as they stand today."""
