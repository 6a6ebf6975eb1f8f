"""Forms of this room. They read; what may be is decided by rules and actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from denggao.engines.cases.fields import FilesField
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome
from denggao.systems.craftsmen.forms.nomination import PAPERS

NOTICE_ON = dt.date(2019, 11, 20)
_YES_NO = (
    ("", pgettext_lazy("answer", "not said")),
    ("yes", pgettext_lazy("answer", "yes")),
    ("no", pgettext_lazy("answer", "no")),
)
EDUCATION = (
    ("", pgettext_lazy("answer", "not said")),
    ("below", pgettext_lazy("schooling", "below college")),
    ("college", pgettext_lazy("schooling", "college")),
    ("bachelor", pgettext_lazy("schooling", "bachelor")),
    ("master", pgettext_lazy("schooling", "master or higher")),
)


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def _choice(label: Any, choices: Any = _YES_NO, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=help_text)


class DeclaredForm(forms.Form):
    """What only the person can say; each may be left out, and is then not verified. Personal data."""

    lives_since = _day(gettext_lazy("Lives in the area since"), help_text=gettext_lazy("The first day you lived there."))
    permit_since = _day(
        gettext_lazy("Residence permit since"), help_text=gettext_lazy("The first day from which it was held without a break.")
    )
    education = _choice(gettext_lazy("Schooling"), EDUCATION)
    core_talent = _choice(gettext_lazy("Core talent of an employer on the recommended list"))
    key_institution = _choice(gettext_lazy("Core staff of a key institution"))
    scarce_skill = _choice(gettext_lazy("Skill on the list of scarce and urgent ones"))
    promise = _choice(gettext_lazy("Ready to promise in writing to stay"))
    other_points = forms.IntegerField(
        label=gettext_lazy("Points of all other items"), required=False, min_value=0, max_value=500,
        help_text=gettext_lazy("As the authority’s own reckoner says, without skill level and area."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("lives_since", "permit_since"):
            day = given.get(name)
            if day is not None and day > localdate():
                self.add_error(name, _("This day lies ahead."))
        return given

    @property
    def answers(self) -> dict[str, Any]:
        """As plain JSON; what was not said is left out."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.cleaned_data.items()
            if name in DeclaredForm.base_fields and value not in {None, ""}
        }


class ReckonForm(DeclaredForm):
    """The reckoner: the same, as of a day."""

    on = _day(gettext_lazy("As of"), required=True, help_text=gettext_lazy("Today, or a day ahead: what if all stays as it is?"))
    field_order = ("on",)

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on < NOTICE_ON:
            raise forms.ValidationError(_("The rules begin on %(day)s.") % {"day": NOTICE_ON.isoformat()})
        if on > localdate().replace(year=localdate().year + 30, day=1):
            raise forms.ValidationError(_("This day lies too far ahead."))
        return on


class BenefitForm(forms.Form):
    """What is applied for."""

    kind = forms.ChoiceField(label=gettext_lazy("What you apply for"), choices=[("", "—"), *BenefitApplication.Kind.choices])
    remark = forms.CharField(label=gettext_lazy("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PapersForm(forms.Form):
    """What proves it."""

    papers = FilesField(
        label=gettext_lazy("Papers"), taken=PAPERS, most=20,
        help_text=gettext_lazy("Permit, proof of home and insurance, diploma, level certificate, promise: as far as they apply."),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    result = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=BenefitOutcome._meta.get_field("result").choices or ())
    decided_on = _day(gettext_lazy("Day of the decision"), required=True)
    document = forms.CharField(
        label=gettext_lazy("Document"), max_length=200, help_text=gettext_lazy("Its number, and who issued it.")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ToldForm(forms.Form):
    how = forms.CharField(
        label=gettext_lazy("How the authority was told"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("By which letter, to whom, when."),
    )  # fmt: skip


class BenefitFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=BenefitApplication.Kind.choices, empty_label=gettext_lazy("all")
    )
    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("Outcome"), choices=BenefitApplication.Outcome.choices, empty_label=gettext_lazy("all")
    )
    review = django_filters.ChoiceFilter(
        label=gettext_lazy("Review"), choices=BenefitApplication.Review.choices, empty_label=gettext_lazy("all")
    )

    class Meta:
        model = BenefitApplication
        fields: tuple[str, ...] = ()
