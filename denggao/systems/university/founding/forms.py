"""The application for the founding (U-1), section by section. Version 1."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.cases.fields import FilesField
from denggao.foundation.organisations.models import Organisation
from denggao.systems.university.founding.queries import IMPLEMENTS, LEADS, bodies_named, partners_offered, programmes_offered
from denggao.systems.university.models import University

PAPERS = ("pdf", "png", "jpeg")


def _choices(bodies: list[Organisation]) -> list[tuple[str, str]]:
    return [(str(body.public_id), body.name) for body in bodies]


def lead_choices() -> list[tuple[str, str]]:
    return [("", _("Choose the leading body")), *_choices(bodies_named(LEADS))]


def implementer_choices() -> list[tuple[str, str]]:
    return _choices(bodies_named(IMPLEMENTS))


def partner_choices() -> list[tuple[str, str]]:
    return _choices(partners_offered())


def programme_choices() -> list[tuple[str, str]]:
    return [
        ("", _("Choose a published programme")),
        *((str(one.public_id), f"{one.title} · {one.school.name}") for one in programmes_offered()),
    ]


def _long(label: Any, rows: int, *, required: bool = True, help_text: Any = "", most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class UniversityForm(forms.Form):
    """What the university is called, and who leads and carries it."""

    name_zh = forms.CharField(label=gettext_lazy("Name of the university"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=160, required=False)
    lead = forms.ChoiceField(
        label=gettext_lazy("Leading body"),
        choices=lead_choices,
        help_text=gettext_lazy("牵头单位, as the plan names it: this body counts for the plan’s goal."),
    )
    implementers = forms.MultipleChoiceField(
        label=gettext_lazy("Implementing bodies"),
        choices=implementer_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("实施单位, as the plan names them."),
    )
    partners = forms.MultipleChoiceField(
        label=gettext_lazy("Partners"),
        choices=partner_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("合作单位: universities, training providers and employers that teach in spaces of their own."),
    )
    other_partners = _long(
        gettext_lazy("Further partners"),
        3,
        required=False,
        most=2000,
        help_text=gettext_lazy("Those not listed above, one a line."),
    )
    statutes = _long(
        gettext_lazy("How it is run"),
        8,
        help_text=gettext_lazy("That it runs independently and teaches online; who decides, who teaches, how quality is kept."),
    )


class OpeningForm(forms.Form):
    """With what it began, and when."""

    programme = forms.ChoiceField(
        label=gettext_lazy("First published programme of study"),
        choices=programme_choices,
        help_text=gettext_lazy("Of a school of this plan, as it stands in the catalogue. Publish it first."),
    )
    opened_on = forms.DateField(
        label=gettext_lazy("Day of opening"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The day the university opened; not one that lies ahead."),
    )
    papers = FilesField(
        label=gettext_lazy("Papers"),
        taken=PAPERS,
        most=10,
        help_text=gettext_lazy("Agreement of those named above, statutes, record of the opening."),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = _long(gettext_lazy("Reason"), 4, most=500, help_text=gettext_lazy("The leading body reads it."))


class RemarkForm(forms.Form):
    """A word, where there is one to say."""

    reason = _long(gettext_lazy("Remark"), 4, required=False, most=500)


class UniversityFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=University.State.choices, empty_label=gettext_lazy("all")
    )

    class Meta:
        model = University
        fields: tuple[str, ...] = ()
