"""What is asked for about appointments and sessions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import suppress
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.rules import name_key
from denggao.systems.craftsmen.mentors import policies
from denggao.systems.craftsmen.mentors.actions.duties import DutyGiven
from denggao.systems.craftsmen.mentors.actions.sessions import SessionGiven
from denggao.systems.craftsmen.mentors.models import MentorDuty
from denggao.systems.craftsmen.mentors.queries import bound_to
from denggao.systems.craftsmen.mentors.registry import places_on
from denggao.systems.craftsmen.models import Craftsman

CHOICES = 300
ALL = pgettext_lazy("no filter", "all")
STANDINGS: dict[str, Any] = {
    "proposed": gettext_lazy("waits for the craftsman"),
    "accepted": gettext_lazy("waits for the office"),
    "coming": gettext_lazy("to come"),
    "current": gettext_lazy("in force"),
    "over": pgettext_lazy("of a term", "over"),
    "ended": pgettext_lazy("an appointment", "ended early"),
    "declined": pgettext_lazy("an appointment", "declined by the craftsman"),
    "dismissed": pgettext_lazy("an appointment", "not confirmed"),
}
TONES = {"proposed": "amber", "accepted": "amber", "coming": "lake", "current": "jade", "ended": "revoked", "declined": "crimson"}


class DutyFilter(django_filters.FilterSet):
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), empty_label=ALL, choices=list(STANDINGS.items()), method="by_standing"
    )
    place = django_filters.ChoiceFilter(label=gettext_lazy("Base"), field_name="place__public_id", empty_label=ALL)

    class Meta:
        model = MentorDuty
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.filter(pk__in=self.queryset.order_by().values("place_id")).order_by("name_key")
        self.filters["place"].extra["choices"] = [(str(body.public_id), body.name) for body in places[:300]]

    def by_standing(self, rows: QuerySet[MentorDuty], _name: str, value: str) -> QuerySet[MentorDuty]:
        today = localdate()
        if value in MentorDuty.State.values:
            return rows.filter(state=value)
        rows = rows.filter(state=MentorDuty.State.APPOINTED)
        early = Q(appointment__ended_on__lte=today)
        if value == "ended":
            return rows.filter(early)
        if value == "over":
            return rows.exclude(early).filter(to_on__lt=today)
        rows = rows.exclude(early).filter(to_on__gte=today)
        return rows.filter(**{"from_on__gt" if value == "coming" else "from_on__lte": today})


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class TermForm(forms.Form):
    """Term and duties."""

    from_on = _day(gettext_lazy("First day"))
    to_on = _day(gettext_lazy("Last day"), gettext_lazy("The last day of the term still counts."))
    subject = forms.CharField(
        label=pgettext_lazy("of teaching", "Subject"), max_length=120, help_text=gettext_lazy("What is to be taught.")
    )
    hours_a_year = forms.IntegerField(
        label=gettext_lazy("Hours a year"), min_value=1, max_value=2000,
        help_text=gettext_lazy("Of 60 minutes. A part of a year owes its part."),
    )  # fmt: skip
    learners_at_once = forms.IntegerField(
        label=gettext_lazy("Learners at a time"), min_value=0, max_value=60, initial=0,
        help_text=gettext_lazy("How many the mentor takes on at a time; 0: none is asked for."),
    )  # fmt: skip

    @property
    def given(self) -> DutyGiven:
        said = self.cleaned_data
        return DutyGiven(said["from_on"], said["to_on"], said["subject"], said["hours_a_year"], said["learners_at_once"])


class ProposeForm(TermForm):
    craftsman = forms.CharField(
        label=gettext_lazy("Craftsman"), max_length=80,
        help_text=gettext_lazy("Name, or the number on the certificate where several bear the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "craftsmen"}),
    )  # fmt: skip
    place = forms.ChoiceField(label=gettext_lazy("Base"))
    field_order = ("craftsman", "place")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {body: place for body, place in places_on(localdate()).items() if policies.can_propose_at(actor, body)}
        self.places = {str(place.organisation.public_id): place.organisation for place in known.values()}
        field: Any = self.fields["place"]
        named = [(str(place.organisation.public_id), str(getattr(place, "name", "") or place.name_zh)) for place in known.values()]
        field.choices = named if len(named) == 1 else [("", "—"), *named]

    def clean_craftsman(self) -> Craftsman:
        return craftsman_named(self.cleaned_data["craftsman"])


def craftsmen_to_ask() -> list[tuple[str, str]]:
    """Those in force, as (what is typed, what is shown beside it): the name, or the number where several bear it. Namings are
    published with the names."""
    found = list(
        Craftsman.objects.in_force().select_related("person", "employer", "certificate").order_by("person__name_key")[:CHOICES]
    )
    often = Counter(each.person.name for each in found)
    return [
        (
            each.certificate.number if often[each.person.name] > 1 and each.certificate else each.person.name,
            " · ".join(filter(None, [each.person.name, each.employer.name if each.employer else ""])),
        )
        for each in found
    ]


def craftsman_named(text: str) -> Craftsman:
    """The craftsman in force of a name or certificate number. Namings are published with the names. Raises ValidationError."""
    text = " ".join(text.split())
    found = list(
        Craftsman.objects.in_force()
        .filter(Q(certificate__number__iexact=text) | Q(person__name_key=name_key(text)))
        .select_related("person")
        .distinct()[:2]
    )
    if not found:
        raise forms.ValidationError(_("No craftsman in force of this name or number. Compare it with the naming."))
    if len(found) > 1:
        raise forms.ValidationError(_("Several craftsmen bear this name: write the number on the certificate."))
    return found[0]


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("yes", gettext_lazy("I accept")), ("no", gettext_lazy("I decline"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Where you decline; the base reads it."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class EndForm(ReasonForm):
    on = _day(gettext_lazy("Last day"))
    field_order = ("on", "reason")


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class SessionForm(forms.Form):
    """When, of what, with whom."""

    day = _day(gettext_lazy("Day"), gettext_lazy("A day ahead is planned; it is entered once it has taken place."))
    starts = _time(pgettext_lazy("a time of day", "From"))
    ends = _time(pgettext_lazy("a time of day", "Until"))
    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=120)
    room = forms.CharField(label=gettext_lazy("Room or workshop"), max_length=80, required=False)
    learners = forms.IntegerField(label=gettext_lazy("Number of learners"), min_value=1, max_value=500, initial=1)
    mentored = forms.MultipleChoiceField(
        label=gettext_lazy("Of them, the mentor’s own learners"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, duty: MentorDuty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = localdate()
        raw = self.data.get("day") if self.is_bound else self.initial.get("day")
        with suppress(ValueError):
            day = raw if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw))
        self.bound = {str(item.public_id): item for item in bound_to(duty, day)}
        field: Any = self.fields["mentored"]
        field.choices = [(key, item.learner.masked_name) for key, item in self.bound.items()]
        if not self.bound:
            del self.fields["mentored"]

    @property
    def given(self) -> SessionGiven:
        said = self.cleaned_data
        return SessionGiven(
            said["day"],
            said["starts"],
            said["ends"],
            said["topic"],
            said["learners"],
            said["room"],
            [self.bound[key] for key in said.get("mentored", [])],
        )


class CorrectForm(SessionForm):
    strikes = forms.BooleanField(label=gettext_lazy("There was no such session: strike it out"), required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
