"""What is asked for about experts."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.actions.experts import ExpertDetails
from denggao.engines.reviews.models import Expert
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.standards.ladder import LADDER
from denggao.foundation.standards.models import Industry
from denggao.foundation.standards.queries import OccupationFinder

BODIES = "bodies"
"""The id of the list of bodies that a page offers while typing."""


def levels() -> list[tuple[str, str]]:
    return [(level.code, level.name) for level in reversed(LADDER) if level.certified or level.rank > 5]


def body_named(text: str) -> Organisation | None:
    """The one body of this name, other name or credit code; None where none or several are."""
    key = body_key(text)
    found = Organisation.objects.filter(Q(name_key=key) | Q(aliases__name_key=key) | Q(uscc=key) | Q(name_en__iexact=text.strip()))
    bodies = list(found.distinct()[:2])
    return bodies[0] if len(bodies) == 1 else None


class _Fields(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ExpertForm(forms.Form):
    """One entry of the register."""

    fields_known = _Fields(
        label=_("Fields of expertise"), queryset=Industry.objects.all(), widget=forms.CheckboxSelectMultiple,
        help_text=_("The industries in which this expert can judge."),
    )  # fmt: skip
    title = forms.CharField(label=_("Professional title or post"), max_length=80, required=False)
    level = forms.ChoiceField(label=_("Skill level"), choices=lambda: [("", _("none")), *levels()], required=False)
    employer = forms.CharField(
        label=_("Employer"), max_length=120, required=False,
        help_text=_("A body the platform knows is recognised by its name; any other name is kept as written."),
        widget=forms.TextInput(attrs={"list": BODIES, "autocomplete": "off"}),
    )  # fmt: skip
    occupations = forms.CharField(
        label=_("Occupations"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names or codes, one a line; empty for any."),
    )  # fmt: skip

    @classmethod
    def of(cls, expert: Expert, data: Any = None) -> ExpertForm:
        initial = {
            "fields_known": list(expert.fields.all()),
            "title": expert.title,
            "level": expert.level,
            "employer": expert.employer.name_zh if expert.employer is not None else expert.employer_text,
            "occupations": "\n".join(expert.occupations.values_list("name_zh", flat=True)),
        }
        return cls(data, initial=initial)

    def clean_occupations(self) -> list[Any]:
        finder, found = OccupationFinder(), []
        for line in filter(None, (line.strip() for line in self.cleaned_data["occupations"].splitlines())):
            occupation = finder.resolve(line).occupation
            if occupation is None:
                raise forms.ValidationError(
                    _("Occupations: “%(text)s” is not one occupation; write its code, such as 6-18-01-01."), params={"text": line}
                )
            found.append(occupation)
        return found

    @property
    def details(self) -> ExpertDetails:
        given = self.cleaned_data
        body = body_named(given["employer"]) if given["employer"].strip() else None
        return ExpertDetails(
            fields=list(given["fields_known"]),
            occupations=given["occupations"],
            level=given["level"],
            title=given["title"],
            employer=body,
            employer_text=given["employer"],
        )


class StateForm(forms.Form):
    """Paused, back, or gone."""

    act = forms.ChoiceField(choices=[("pause", ""), ("resume", ""), ("leave", "")])
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class KinForm(forms.Form):
    """Kin in person, by name, or where kin works, by the body's name. PRIVACY: a name is taken as declared and not looked up
    here, so that nobody finds out whom the platform knows."""

    name = forms.CharField(
        label=_("Name of your kin"), max_length=80, required=False,
        help_text=_("A conflict wherever a person of this name applies."),
    )  # fmt: skip
    born_on = forms.DateField(
        label=_("Birth date, if you know it"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("It keeps others of the same name apart."),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Or the body where kin works"), max_length=120, required=False,
        help_text=_("Its full name or its unified social credit code."),
        widget=forms.TextInput(attrs={"list": BODIES, "autocomplete": "off"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Relation"), max_length=300, required=False, help_text=_("Such as: spouse works there. Encrypted; for the office."),
    )  # fmt: skip

    def clean_body(self) -> Organisation | None:
        if not self.cleaned_data["body"].strip():
            return None
        body = body_named(self.cleaned_data["body"])
        if body is None:
            raise forms.ValidationError(_("Body: no one body of this name is known; write its full name or its credit code."))
        return body

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and bool(given["name"].strip()) == (given["body"] is not None):
            raise forms.ValidationError(_("Name your kin, or the body where kin works: one of the two, once for each."))
        return given


class ExpertFilters(django_filters.FilterSet):
    field = django_filters.ModelChoiceFilter(
        label=_("Field of expertise"), field_name="fields", queryset=Industry.objects.all(), empty_label=_("all")
    )
    level = django_filters.ChoiceFilter(label=_("Skill level"), choices=levels, empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Expert.State.choices, empty_label=_("all"))
    account = django_filters.ChoiceFilter(
        label=_("Signs in"), choices=[("yes", _("yes")), ("no", _("no"))], empty_label=_("all"), method="has_account"
    )

    class Meta:
        model = Expert
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.form.fields["field"].label_from_instance = lambda industry: industry.name

    def has_account(self, rows: QuerySet[Expert], _name: str, value: str) -> QuerySet[Expert]:
        return rows.filter(person__account__isnull=value == "no")
