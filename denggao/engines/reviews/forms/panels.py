"""What is asked for about panels, assignments and conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.actions.assigning import AssignRule
from denggao.engines.reviews.forms.experts import levels
from denggao.engines.reviews.models import Expert, Panel
from denggao.engines.reviews.queries import seats_taken
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import OFFICE_ROLES
from denggao.foundation.organisations.models import Membership
from denggao.foundation.standards.models import Industry
from denggao.foundation.ui.words import account_names


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReplaceForm(ReasonForm):
    """``by`` is left empty for the first choice."""

    by = forms.ModelChoiceField(
        label=_("In their place"), queryset=Expert.objects.none(), to_field_name="public_id", required=False,
        empty_label=_("the first choice"),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Sequence[Expert] = (), **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["by"]
        found = Expert.objects.filter(pk__in=[expert.pk for expert in offered])
        field.queryset = found.select_related("person__account", "employer")
        field.label_from_instance = lambda expert: " · ".join(filter(None, [expert.person.name, expert.employer_name]))


class PinForm(ReasonForm):
    expert = forms.ModelChoiceField(label=_("Expert"), queryset=Expert.objects.all(), to_field_name="public_id")


class HandForm(forms.Form):
    experts = forms.ModelMultipleChoiceField(
        label=_("Experts"), queryset=Expert.objects.select_related("person__account"), to_field_name="public_id"
    )


class RuleForm(forms.Form):
    """By a rule, or left to the balance."""

    fields_wanted = forms.ModelMultipleChoiceField(
        label=_("Fields of expertise"),
        queryset=Industry.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.ChoiceField(label=_("Skill level at least"), choices=lambda: [("", _("any")), *levels()], required=False)
    distinct_employers = forms.BooleanField(label=_("No two experts of one employer"), required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["fields_wanted"].label_from_instance = lambda industry: industry.name  # type: ignore[attr-defined]  # the mapping gives plain fields

    @property
    def rule(self) -> AssignRule:
        given = self.cleaned_data
        codes = frozenset(industry.code for industry in given["fields_wanted"])
        return AssignRule(codes, given["level"], given["distinct_employers"])


class PanelForm(forms.Form):
    """Seats, day and chair of a running panel."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, help_text=_("How many submitted reviews are wanted."))
    due_on = forms.DateField(
        label=_("Scores are due by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    chair = forms.ModelChoiceField(
        label=_("Chair"), queryset=User.objects.none(), to_field_name="public_id", required=False,
        empty_label=_("the office’s clerks and reviewers"),
        help_text=_("Pins and clears conflicts, opens the scores. Nobody in conflict, nobody who judges."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, panel: Panel) -> None:
        chair = panel.chair.public_id if panel.chair is not None else None
        super().__init__(data, initial={"seats": panel.seats, "due_on": panel.due_on, "chair": chair})
        today = timezone.localdate()
        office = Membership.objects.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=today), role__in=[role.value for role in OFFICE_ROLES], organisation__isnull=True
        )
        possible = Q(pk__in=office.values("account_id")) | Q(person__expert__state=Expert.State.ACTIVE)
        accounts = User.objects.filter(possible, is_active=True).distinct().order_by("pk")
        names = account_names([str(public_id) for public_id in accounts.values_list("public_id", flat=True)])
        field: Any = self.fields["chair"]
        field.queryset = accounts
        field.label_from_instance = lambda account: names.get(str(account.public_id), account.audit_text)


class PanelFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Panel.State.choices, empty_label=_("all"))
    seats = django_filters.ChoiceFilter(
        label=_("Seats"), choices=[("empty", _("some empty")), ("full", _("all taken"))], empty_label=_("all"), method="by_seats"
    )

    class Meta:
        model = Panel
        fields: tuple[str, ...] = ()

    def by_seats(self, rows: Any, _name: str, value: str) -> Any:
        rows = rows.annotate(taken=seats_taken())
        running = rows.exclude(state=Panel.State.CLOSED)
        return running.filter(taken__lt=F("seats")) if value == "empty" else rows.filter(taken__gte=F("seats"))
