from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.procedures import StageKind
from denggao.engines.cases.states import State
from denggao.foundation.organisations.models import Organisation
from denggao.systems.university.learning.actions.runs import RunFacts
from denggao.systems.university.learning.models import Enrolment, Run, SeatApplication, Submission, UnitDate
from denggao.systems.university.learning.rules.marking import Criterion
from denggao.systems.university.models import Course, School
from denggao.systems.university.outlines import Outline
from denggao.systems.university.queries import courses_of

ALL = _("all")


def date_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


class RunForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("How this class is told from others: autumn 2026, night class.")
    )
    opens_on = date_field(_("First day"))
    closes_on = date_field(_("Last day"), required=False, help_text=_("Empty: no end."))
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=100_000, required=False, help_text=_("Empty: as many as come.")
    )
    entry = forms.ChoiceField(label=_("Who may enter"), choices=Run.Entry.choices)
    fee_yuan = forms.DecimalField(
        label=_("Fee in yuan"), min_value=0, max_digits=9, decimal_places=2, required=False, help_text=_("Shown, never taken here.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def facts(self) -> RunFacts:
        given = self.cleaned_data
        return RunFacts(
            given["title"], given["opens_on"], given["closes_on"], given["seats"], given["entry"], given["fee_yuan"], given["note"]
        )


class NewRunForm(RunForm):
    """``schools`` are those the actor opens classes for; courses are those these schools may run."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), to_field_name="public_id", empty_label=None)
    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none(), to_field_name="public_id")
    field_order = ("school", "course", "title")

    def __init__(self, *args: Any, schools: QuerySet[School], **options: Any) -> None:
        super().__init__(*args, **options)
        ids: set[int] = set()
        for school in schools:
            ids |= set(courses_of(school).filter(state=Course.State.PUBLISHED).values_list("pk", flat=True))
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # a choice of models
        self.fields["course"].queryset = Course.objects.filter(pk__in=ids).order_by("title_zh")  # type: ignore[attr-defined]  # likewise


class DatesForm(forms.Form):
    """Two fields a unit: when it opens and when it is due."""

    def __init__(self, *args: Any, outline: Outline, dates: dict[UUID, UnitDate], **options: Any) -> None:
        super().__init__(*args, **options)
        self.outline = outline
        for unit in outline.units:
            known = dates.get(unit.key)
            for name, label in (("opens_at", pgettext_lazy("unit", "Opens")), ("due_at", _("Due"))):
                value = getattr(known, name) if known is not None else None
                self.fields[f"{name}-{unit.key}"] = forms.DateTimeField(
                    label=label,
                    required=False,
                    initial=timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if value else None,
                    input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
                    widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(unit, its opening, its deadline), in the course's order."""
        return [(unit, self[f"opens_at-{unit.key}"], self[f"due_at-{unit.key}"]) for unit in self.outline.units]

    def dates(self) -> dict[UUID, tuple[dt.datetime | None, dt.datetime | None]]:
        given = self.cleaned_data
        return {unit.key: (given[f"opens_at-{unit.key}"], given[f"due_at-{unit.key}"]) for unit in self.outline.units}


class AnnounceForm(forms.Form):
    title = forms.CharField(label=_("In one line"), max_length=120)
    text = forms.CharField(label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))


class RemindForm(forms.Form):
    text = forms.CharField(label=_("Your words"), max_length=300, required=False)


class MarkForm(forms.Form):
    """A field a line of the rubric; one for the whole where there is none."""

    feedback = forms.CharField(label=_("Feedback"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, rubric: list[Criterion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rubric = rubric or [Criterion("points", str(_("Points")), Decimal(100))]
        for line in self.rubric:
            self.fields[f"m-{line.code}"] = forms.DecimalField(
                label=line.title, min_value=0, max_value=line.points, max_digits=6, decimal_places=2, required=False
            )

    def lines(self) -> list[tuple[Criterion, Any]]:
        return [(line, self[f"m-{line.code}"]) for line in self.rubric]

    def marks(self) -> dict[str, Decimal]:
        given = {line.code: self.cleaned_data.get(f"m-{line.code}") for line in self.rubric}
        return {code: value for code, value in given.items() if value is not None}


class SignForm(forms.Form):
    """The steps an instructor saw done."""

    steps = forms.MultipleChoiceField(label=_("Steps"), widget=forms.CheckboxSelectMultiple)
    minutes = forms.IntegerField(
        label=_("Minutes of practice"), min_value=0, max_value=1440, required=False, help_text=_("Count as hours of practice.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["steps"].choices = steps  # type: ignore[attr-defined]  # a choice


class LearnerFilter(django_filters.FilterSet):
    """Of a class's learners. ``today`` decides what is overdue."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=Enrolment.State.choices, empty_label=ALL)
    how = django_filters.ChoiceFilter(
        label=_("Standing"),
        choices=[
            ("overdue", _("overdue")),
            ("idle", _("not there for a week")),
            ("fresh", pgettext_lazy("a course", "not begun")),
            ("near", _("nearly done")),
        ],
        method="by_standing",
        empty_label=ALL,
    )

    class Meta:
        model = Enrolment
        fields: tuple[str, ...] = ()

    def by_standing(self, rows: QuerySet[Enrolment], _name: str, value: str) -> QuerySet[Enrolment]:
        today, week = timezone.localdate(), timezone.now() - dt.timedelta(days=7)
        learning = rows.filter(state=Enrolment.State.ENROLLED)
        wanted = {
            "overdue": Q(due_on__lt=today),
            "idle": Q(last_at__lt=week) | Q(last_at__isnull=True),
            "fresh": Q(last_at__isnull=True),
            "near": Q(done__gte=F("required") - 2, required__gt=0),
        }
        return learning.filter(wanted[value])


class RunFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Run.State.choices, empty_label=ALL)
    school = django_filters.ModelChoiceFilter(
        label=_("School"), queryset=School.objects.all(), to_field_name="public_id", empty_label=ALL
    )

    waits = django_filters.ChoiceFilter(
        label=_("Waiting"), choices=[("selection", _("applications to look at"))], empty_label=ALL, method="waits_for"
    )

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()

    def waits_for(self, runs: QuerySet[Run], name: str, value: str) -> QuerySet[Run]:
        waiting = SeatApplication.objects.filter(case__state=State.OPEN, case__stage_kind__in=[StageKind.CHECK, StageKind.DECIDE])
        return runs.filter(pk__in=waiting.values("run_id"))


class WorkFilter(django_filters.FilterSet):
    run = django_filters.ModelChoiceFilter(
        label=_("Class"), field_name="enrolment__run", queryset=Run.objects.all(), to_field_name="public_id", empty_label=ALL
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Submission.State.choices, empty_label=ALL)

    class Meta:
        model = Submission
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, runs: QuerySet[Run], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["run"].queryset = runs


class TeamFilter(LearnerFilter):
    run = django_filters.ModelChoiceFilter(label=_("Class"), queryset=Run.objects.all(), to_field_name="public_id", empty_label=ALL)

    def __init__(self, *args: Any, runs: QuerySet[Run], **options: Any) -> None:
        super().__init__(*args, **options)
        self.filters["run"].queryset = runs


class EnrolTeamForm(forms.Form):
    """Whom HR ticked, and how. ``persons`` are public ids; whose they are the action looks at again."""

    employer = forms.ModelChoiceField(
        label=_("Employer"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )
    due_on = date_field(_("Due on"), required=False)
    invite = forms.BooleanField(label=_("Invite only: each accepts by themselves"), required=False)

    def __init__(self, *args: Any, employers: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["employer"].queryset = employers  # type: ignore[attr-defined]  # a choice of models
