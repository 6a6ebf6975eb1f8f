"""What is asked for about persons."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.actions import Ruling
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from denggao.foundation.people.rules import NUMBER_COLUMN, Identity, read_identity
from denggao.foundation.sheets.kinds import Fault

KIND_LABELS: dict[str, Any] = {
    IdentityDocument.Kind.RESIDENT_ID: _("Resident ID"),
    IdentityDocument.Kind.HMT_RESIDENCE: _("Residence permit of Hong Kong, Macau and Taiwan residents"),
    IdentityDocument.Kind.HK_MACAU_PERMIT: _("Mainland travel permit of Hong Kong and Macau residents"),
    IdentityDocument.Kind.TAIWAN_PERMIT: _("Mainland travel permit of Taiwan residents"),
    IdentityDocument.Kind.FOREIGN_RESIDENCE: _("Foreigner's permanent residence card"),
    IdentityDocument.Kind.PASSPORT: _("Passport"),
}
SEX_LABELS: dict[str, Any] = {Person.Sex.UNKNOWN: _("not known"), Person.Sex.MALE: _("male"), Person.Sex.FEMALE: _("female")}
STATE_LABELS: dict[str, Any] = {
    NameConflict.State.OPEN: _("To be ruled on"),
    NameConflict.State.SAME_PERSON: _("One person"),
    NameConflict.State.REFUSED: _("Two persons"),
}
_QUIET = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class IdentityForm(forms.Form):
    """A document, by kind and number; ``identity`` is what they amount to."""

    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=list(KIND_LABELS.items()))
    document_number = forms.CharField(label=_("Document number"), max_length=40, widget=forms.TextInput(attrs=_QUIET))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "document_kind" in given and "document_number" in given:
            read = read_identity(given["document_kind"], given["document_number"])
            if isinstance(read, Fault):
                self.add_error(read.column or NUMBER_COLUMN, ValidationError(str(read.text) % dict(read.values)))
            else:
                self.identity: Identity = read
        return given


class CorrectPersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As on the document."))
    phone = forms.CharField(label=_("Mobile phone"), max_length=20, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("What the correction rests on, such as the document seen."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class RulingForm(forms.Form):
    ruling = forms.ChoiceField(
        label=_("Ruling"),
        widget=forms.RadioSelect,
        choices=[
            (Ruling.KEEP_NAME.value, _("One person; the registered name stays")),
            (Ruling.TAKE_NAME.value, _("One person; the other name is right and is registered")),
            (Ruling.REFUSE.value, _("Not this person: the number or the name was wrong")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the ruling rests on, such as the household register or the document seen."),
    )  # fmt: skip


class PersonFilters(django_filters.FilterSet):
    sex = django_filters.ChoiceFilter(label=_("Sex"), choices=[("male", _("male")), ("female", _("female"))], empty_label=_("All"))
    document = django_filters.ChoiceFilter(
        label=_("Identity document"), choices=list(KIND_LABELS.items()), method="with_document", empty_label=_("All")
    )

    class Meta:
        model = Person
        fields = ("sex",)

    def with_document(self, rows: QuerySet[Person], _name: str, value: str) -> QuerySet[Person]:
        return rows.filter(pk__in=IdentityDocument.objects.filter(kind=value).values("person_id"))


class ConflictFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(STATE_LABELS.items()), empty_label=_("All"))

    class Meta:
        model = NameConflict
        fields = ("state",)
