"""Forms of the certificates' pages. They read; what may be is decided by actions."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.engines.credentials.models import Credential
from denggao.engines.credentials.queries import Candidate
from denggao.engines.ledger.models import Standing
from denggao.foundation.people.models import IdentityDocument, Person
from denggao.foundation.plans.models import ProofGrade
from denggao.foundation.standards.forms import OccupationField
from denggao.foundation.standards.ladder import LADDER
from denggao.foundation.standards.models import Occupation
from denggao.systems.assessment.columns import COLUMNS
from denggao.systems.assessment.models import LevelCertificate

SCAN_TYPES = ("pdf", "png", "jpeg")
SCAN_LIMIT = 10 * 1024 * 1024


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=300, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


class CertificateForm(forms.Form):
    """One certificate, in the fields of the sheet: whatever the sheet would read is read here."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        language = get_language() or ""
        english = language.startswith("en")
        for column in COLUMNS:
            if column.key == "occupation_code":
                continue
            choices = {"level": _levels_as_written, "document_kind": _document_kinds}.get(column.key)
            common: dict[str, Any] = {"label": column.title(language), "required": column.required}
            if choices is not None:
                self.fields[column.key] = forms.ChoiceField(choices=choices, **common)
                continue
            hint = "" if column.key in _HINTS_FOR_SHEETS else column.help_en if english else column.help_zh
            widget = forms.TextInput(attrs={"autocomplete": "off", **_ATTRIBUTES.get(column.key, {})})
            self.fields[column.key] = forms.CharField(max_length=120, help_text=hint, widget=widget, **common)

    def texts(self) -> dict[str, str]:
        return {key: str(value or "") for key, value in self.cleaned_data.items()}


_ATTRIBUTES = {"occupation": {"list": "occupations"}, "issued_on": {"type": "date"}}
_HINTS_FOR_SHEETS = {"document_number", "number"}


def _levels_as_written() -> list[tuple[str, str]]:
    return [("", "—"), *((level.name_zh, level.name) for level in reversed(LADDER) if level.certified)]


def _document_kinds() -> list[tuple[str, Any]]:
    return [("", _("resident ID, by its number")), *((kind.value, kind.label) for kind in IdentityDocument.Kind)]


class WithdrawForm(forms.Form):
    reason = _reason(_("Such as the document that withdraws it. It is kept in the record."))


class ReasonForm(forms.Form):
    reason = _reason(_("What it rests on, such as the register asked or the document seen."))


class ConfirmForm(forms.Form):
    """A register query: when, which register, by whom."""

    asked_on = _day(_("Day of the query"))
    asked_by = forms.CharField(
        label=_("Register and name"),
        max_length=120,
        help_text=_("Which register was asked, and by whom."),
    )


class OccupationForm(forms.Form):
    occupation = OccupationField(required=False, help_text=_("Left empty, the names on the certificate decide again."))
    reason = _reason(_("What it rests on."))


class ScanForm(forms.Form):
    file = forms.FileField(label=_("Scan"), help_text=_("PDF, PNG or JPEG, at most 10 MB."), max_length=200)


class CompareForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Scan and record"),
        choices=[("yes", _("they agree in name, number, occupation, level and date")), ("no", _("they differ"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AssignForm(forms.Form):
    """Whose a waiting certificate is: one of those offered."""

    person = forms.ChoiceField(label=_("It belongs to"), widget=forms.RadioSelect)
    reason = _reason(_("What it rests on, such as both documents seen."))

    def __init__(self, *args: Any, candidates: list[Candidate], **given: Any) -> None:
        super().__init__(*args, **given)
        self.candidates = {str(item.person.public_id): item.person for item in candidates}
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, _candidate(person)) for key, person in self.candidates.items()]

    def person_chosen(self) -> Person:
        return self.candidates[self.cleaned_data["person"]]


def _candidate(person: Person) -> str:
    return " · ".join(filter(None, [person.masked_name, person.born_on.isoformat() if person.born_on else ""]))


def _levels() -> list[tuple[str, str]]:
    return [(level.code, level.name) for level in reversed(LADDER) if level.certified]


_YES_NO = [("yes", _("yes")), ("no", _("no"))]


class CertificateFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(
        label=_("Status"), field_name="credential__status", choices=Credential.Status.choices, empty_label=_("all")
    )
    level = django_filters.ChoiceFilter(label=_("Level"), choices=_levels, empty_label=_("all"))
    occupation = django_filters.ModelChoiceFilter(label=_("Occupation"), queryset=Occupation.objects.none(), empty_label=_("all"))
    proof = django_filters.ChoiceFilter(
        label=_("Proof"), field_name="credential__proof", choices=ProofGrade.choices, empty_label=_("all")
    )
    counted = django_filters.ChoiceFilter(label=_("Counted"), choices=_YES_NO, empty_label=_("all"), method="is_counted")
    open = django_filters.ChoiceFilter(
        label=_("To settle"),
        choices=[
            ("waiting", _("waits for its person")),
            ("number", _("number not confirmed")),
            ("occupation", _("occupation not mapped")),
        ],
        empty_label=_("all"),
        method="to_settle",
    )

    class Meta:
        model = LevelCertificate
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        used = LevelCertificate.objects.filter(occupation__isnull=False).values("occupation_id")
        self.filters["occupation"].queryset = Occupation.objects.filter(pk__in=used)

    def is_counted(self, rows: QuerySet[LevelCertificate], _name: str, value: str) -> QuerySet[LevelCertificate]:
        counted = Standing.objects.filter(entry__isnull=False).values("entry__evidence_id")
        return rows.filter(credential__public_id__in=counted) if value == "yes" else rows.exclude(credential__public_id__in=counted)

    def to_settle(self, rows: QuerySet[LevelCertificate], _name: str, value: str) -> QuerySet[LevelCertificate]:
        rows = rows.filter(credential__status=Credential.Status.VALID)
        if value == "waiting":
            return rows.filter(credential__holder__isnull=True)
        return rows.filter(number_confirmed=False) if value == "number" else rows.filter(occupation__isnull=True)


class WaitingFilter(django_filters.FilterSet):
    why = django_filters.ChoiceFilter(
        label=_("Waits because"),
        choices=[
            ("other_name", _("number known under another name")),
            ("same_name", _("name known, number not")),
            ("nobody", _("nobody known")),
        ],
        empty_label=_("all"),
        method="because",
    )

    class Meta:
        model = Credential
        fields: tuple[str, ...] = ()

    def because(self, rows: QuerySet[Credential], _name: str, value: str) -> QuerySet[Credential]:
        if value == "other_name":
            return rows.filter(_number_known())
        return rows.filter(~_number_known(), _name_known() if value == "same_name" else ~_name_known())


def _number_known() -> Exists:
    """A person holds the document of a waiting certificate: then the name is another."""
    return Exists(IdentityDocument.objects.filter(number_index=OuterRef("document_index"), kind=OuterRef("document_kind")))


def _name_known() -> Exists:
    return Exists(Person.objects.filter(name_key=OuterRef("holder_name_key")))


def with_reasons(rows: QuerySet[Credential]) -> QuerySet[Any]:
    """With ``number_known`` and ``name_known``: those first that a human can decide."""
    return rows.annotate(number_known=_number_known(), name_known=_name_known())
