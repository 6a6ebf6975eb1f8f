"""Forms and filters of the pages on bases that stand, and of the yearly appraisal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.actions.appraising import CycleOrder
from denggao.systems.bases.appraisal.indicators import Indicator
from denggao.systems.bases.models import Appraisal, AppraisalCycle, Base

FILE_TYPES = ("pdf", "png", "jpeg", "xlsx")
FILE_LIMIT = 20 * 1024 * 1024
_FILE_HELP = _("PDF, picture or Excel workbook, up to 20 MB.")


def _long(label: Any, help_text: Any = "", *, required: bool = True, most: int = 2000, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class BaseFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Base.State.choices, empty_label=_("all"))
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), queryset=Industry.objects.all(), empty_label=_("all"), to_field_name="code"
    )
    ends = django_filters.ChoiceFilter(
        label=_("Term"), choices=[("soon", _("ends within half a year"))], empty_label=_("all"), method="ends_soon"
    )

    class Meta:
        model = Base
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: dt.date, **given: Any) -> None:
        super().__init__(*args, **given)
        self.today = today

    def ends_soon(self, bases: QuerySet[Base], name: str, value: str) -> QuerySet[Base]:
        return bases.filter(
            state__in=[Base.State.ACCREDITED, Base.State.SUSPENDED], valid_until__lte=self.today + dt.timedelta(days=182)
        )


class ActForm(forms.Form):
    """Proposing an act on a base."""

    reason = _long(_("Reason"), _("The base reads it."), most=500)
    evidence = forms.FileField(label=pgettext_lazy("bases", "Evidence"), required=False, help_text=_FILE_HELP)


class ReasonForm(forms.Form):
    reason = _long(_("Reason"), _("The base reads it."), most=500)


class RemarkForm(forms.Form):
    """Confirming: nothing need be said."""

    reason = _long(_("Remark"), required=False, most=500)


# Appraisal


class AppraisalFilter(django_filters.FilterSet):
    year = django_filters.ChoiceFilter(label=_("Year"), field_name="cycle__year", empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Appraisal.State.choices, empty_label=_("all"))
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=Appraisal.Grade.choices, empty_label=_("all"))

    class Meta:
        model = Appraisal
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        years = AppraisalCycle.objects.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]


class CycleForm(forms.Form):
    """Opening the appraisal of a year."""

    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Plan.objects.all(), to_field_name="code", empty_label=None)
    year = forms.IntegerField(label=_("Year appraised"), min_value=2000, max_value=2100)
    due_on = forms.DateField(label=_("To be handed in by"), widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.CharField(
        label=_("Document"), max_length=200, required=False, help_text=_("The notice it rests on, with its number.")
    )

    def order(self) -> CycleOrder:
        given = self.cleaned_data
        return CycleOrder(given["plan"], given["year"], given["due_on"], given["document"])


class ValueForm(forms.Form):
    """What a base enters for one indicator."""

    number = forms.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal(0))
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)
    evidence = forms.FileField(label=pgettext_lazy("bases", "Evidence"), required=False, help_text=_FILE_HELP)

    def __init__(self, *args: Any, indicator: Indicator, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["number"].label = f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name
        self.fields["number"].help_text = indicator.help
        if indicator.most is not None:
            self.fields["number"].max_value = indicator.most  # type: ignore[attr-defined]  # the mapping gives plain fields
            self.fields["number"].widget.attrs["max"] = str(indicator.most)


class PointsForm(forms.Form):
    """Other points than the rule's. Empty: the rule's again."""

    points = forms.DecimalField(
        label=_("Points"), max_digits=5, decimal_places=2, min_value=Decimal(0), required=False,
        help_text=_("Empty: as the rule gives them."),
    )  # fmt: skip
    reason = _long(_("Reason"), _("The base reads it."), required=False, most=300, rows=2)


class GradeForm(forms.Form):
    opinion = _long(_("Opinion on the year"), _("The base reads it."))
    demands = _long(_("What is to be remedied"), _("Only where the grade is a fail."), required=False)


class RemedyForm(forms.Form):
    report = _long(_("What was put right"), _("Point by point."))
    evidence = forms.FileField(label=pgettext_lazy("bases", "Evidence"), required=False, help_text=_FILE_HELP)


class CheckForm(forms.Form):
    remedied = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("yes", _("Remedied: stays a base")), ("no", _("Not remedied: its withdrawal is proposed"))],
        widget=forms.RadioSelect,
    )
    reason = _long(_("Reason"), _("The base reads it."))
