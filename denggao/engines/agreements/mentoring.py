"""Mentorships (师徒结对) on pages: the list (the office's, a body's), one's own on the phone, recording one or several, confirming,
declining, other dates, handing on, ending."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from denggao.engines.agreements import policies
from denggao.engines.agreements.mentorships import (
    TAKEN_IN_AT_ONCE,
    Terms,
    answer_dates,
    ask_dates,
    confirm_mentorship,
    decline_mentorship,
    end_mentorship,
    hand_on,
    record_mentorship,
    record_several,
)
from denggao.engines.agreements.models import DateFix, Mentorship
from denggao.engines.agreements.outcomes import Became, became_of
from denggao.engines.agreements.registry import beside_of
from denggao.foundation.audit.actions import NotAllowed, Refused
from denggao.foundation.audit.actors import Actor, actor_of
from denggao.foundation.organisations.appointing import EndForm
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.people.models import Person
from denggao.foundation.people.naming import PersonUnclear, name_field, number_field, person_named
from denggao.foundation.people.rules import name_key
from denggao.foundation.standards.ladder import BY_CODE, LADDER
from denggao.foundation.standards.models import Occupation
from denggao.foundation.ui.acts import Act, posted, serve_act
from denggao.foundation.ui.exports import Cell, table_response
from denggao.foundation.ui.listing import Listing

STATES = {
    "waiting": gettext_lazy("waits for confirmation"),
    "coming": gettext_lazy("to come"),
    "current": gettext_lazy("in force"),
    "over": pgettext_lazy("of a term", "over"),
    "declined": pgettext_lazy("a mentorship", "declined"),
}
_DAY = {"type": "date"}


class MentorshipFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STATES.items()), empty_label=gettext_lazy("All"), method="in_state"
    )

    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), empty_label=gettext_lazy("All"), choices=Mentorship.Kind.choices)
    place = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a mentorship", "Place"), field_name="place__public_id", empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Mentorship
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.filter(pk__in=self.queryset.order_by().values("place_id")).order_by("name_key")
        self.filters["place"].extra["choices"] = [(str(body.public_id), body.name) for body in places[:300]]

    def in_state(self, rows: QuerySet[Mentorship], _name: str, value: str) -> QuerySet[Mentorship]:
        today = timezone.localdate()
        if value == "declined":
            return rows.filter(declined_at__isnull=False)
        rows = rows.filter(declined_at__isnull=True)
        over = Q(to_on__isnull=False, to_on__lt=today)
        if value == "over":
            return rows.filter(over)
        waiting = Q(confirmed_by_mentor_at__isnull=True) | Q(confirmed_by_learner_at__isnull=True)
        if value == "waiting":
            return rows.exclude(over).filter(waiting)
        return rows.exclude(over).exclude(waiting).filter(**{"from_on__gt" if value == "coming" else "from_on__lte": today})


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class TermsForm(forms.Form):
    """What a mentorship is for: within which body, where, in what, from when to when."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Mentorship.Kind.choices, required=False)
    body = forms.ModelChoiceField(
        label=gettext_lazy("Body"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label="—",
        help_text=gettext_lazy("Within which the one teaches the other."),
    )  # fmt: skip
    place = forms.CharField(
        label=pgettext_lazy("of a mentorship", "Place"), max_length=120, required=False,
        help_text=gettext_lazy("The body where they meet, by its name: a training base, say. Empty: the body above."),
    )  # fmt: skip
    occupation = forms.CharField(label=gettext_lazy("Occupation"), max_length=80, required=False)
    goal_level = forms.ChoiceField(
        label=gettext_lazy("Level to reach"), required=False,
        choices=lambda: [("", "—"), *((level.code, level.name) for level in LADDER if level.certified)],
    )  # fmt: skip
    from_on = _day(gettext_lazy("First day"))
    to_on = _day(gettext_lazy("Last day"), gettext_lazy("Empty: without an end."), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        bodies = policies.recording_bodies(actor).order_by("name_key")
        field: Any = self.fields["body"]
        field.queryset = bodies
        field.label_from_instance = lambda body: body.name
        if self.initial.get("body") is None and bodies.count() == 1:
            self.initial["body"] = bodies.get().public_id

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or Mentorship.Kind.WORK)

    def clean_place(self) -> Organisation | None:
        return body_named(self.cleaned_data["place"])

    def clean_occupation(self) -> Occupation | None:
        return occupation_named(self.cleaned_data["occupation"])

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            given["from_on"], given["to_on"], given["kind"], given["body"], given["place"], given["occupation"], given["goal_level"]
        )


def body_named(text: str) -> Organisation | None:
    """The one body of a name; None for an empty one. Raises ValidationError."""
    text = " ".join(text.split())
    if not text:
        return None
    found = list(Organisation.objects.filter(Q(name_key=body_key(text)) | Q(name_zh=text) | Q(name_en__iexact=text))[:2])
    if len(found) != 1:
        raise forms.ValidationError(_("No body, or several, of this name. Write the name as it is registered here."))
    return found[0]


def occupation_named(text: str) -> Occupation | None:
    """The one occupation of a name or code; None for an empty one. Raises ValidationError."""
    text = " ".join(text.split())
    if not text:
        return None
    found = list(Occupation.objects.filter(Q(name_zh=text) | Q(name_en__iexact=text) | Q(code=text))[:2])
    if len(found) != 1:
        raise forms.ValidationError(_("No occupation of this name. Write it as in the catalogue, or its code."))
    return found[0]


class MentorshipForm(TermsForm):
    """Who teaches whom."""

    mentor = name_field(gettext_lazy("Mentor"))
    mentor_number = number_field(gettext_lazy("Document number of the mentor"))
    learner = name_field(gettext_lazy("Learner"))
    learner_number = number_field(gettext_lazy("Document number of the learner"))
    field_order = ("mentor", "mentor_number", "learner", "learner_number")

    def clean(self) -> dict[str, Any]:
        self.persons: dict[str, Person] = {}
        for who in ("mentor", "learner"):
            name, number = self.cleaned_data.get(who), self.cleaned_data.get(f"{who}_number", "")
            if name:
                try:
                    self.persons[who] = person_named(self.actor, name, number)
                except PersonUnclear as unclear:
                    self.add_error(f"{who}_number" if number else who, str(unclear))
        return self.cleaned_data


class SeveralForm(TermsForm):
    """One mentor, and a learner on each line, as pasted from a sheet: name, and document number where the name alone does not
    do."""

    mentor = name_field(gettext_lazy("Mentor"))
    mentor_number = number_field(gettext_lazy("Document number of the mentor"))
    learners = forms.CharField(
        label=pgettext_lazy("of a mentor", "Learners"),
        max_length=6000, widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=gettext_lazy(
            "One a line: the name; then, where the name alone does not say who is meant, a comma and the document number. Two "
            "columns copied from a sheet do as well."
        ),
    )  # fmt: skip
    field_order = ("mentor", "mentor_number", "learners")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self.taught: list[Person] = []
        if given.get("mentor"):
            try:
                self.teacher: Person = person_named(self.actor, given["mentor"], given.get("mentor_number", ""))
            except PersonUnclear as unclear:
                self.add_error("mentor_number" if given.get("mentor_number") else "mentor", str(unclear))
        lines = [line for line in given.get("learners", "").splitlines() if line.strip()]
        for number, line in enumerate(lines[:TAKEN_IN_AT_ONCE], 1):
            name, _comma, document = (part.strip() for part in re.sub(r"[\t，,;；]+", ",", line.strip()).partition(","))
            try:
                found = person_named(self.actor, name, document)
            except PersonUnclear as unclear:
                self.add_error("learners", _("Line %(line)s: %(why)s") % {"line": number, "why": str(unclear)})
                continue
            if found in self.taught:
                self.add_error("learners", _("Line %(line)s: this person stands above already.") % {"line": number})
            self.taught.append(found)
        if len(lines) > TAKEN_IN_AT_ONCE:
            self.add_error("learners", _("At most %(most)s learners at once.") % {"most": TAKEN_IN_AT_ONCE})
        return given


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class DatesForm(ReasonForm):
    from_on = _day(gettext_lazy("First day"))
    to_on = _day(gettext_lazy("Last day"), gettext_lazy("Empty: without an end."), required=False)
    field_order = ("from_on", "to_on", "reason")


class HandOnForm(ReasonForm):
    """To whom, and from when."""

    mentor = name_field(gettext_lazy("New mentor"))
    mentor_number = number_field(gettext_lazy("Document number of the mentor"))
    from_on = _day(gettext_lazy("First day with the new mentor"))
    to_on = _day(gettext_lazy("Last day"), gettext_lazy("Empty: as agreed before, where that lies ahead."), required=False)
    field_order = ("mentor", "mentor_number", "from_on", "to_on", "reason")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("mentor"):
            try:
                self.teacher: Person = person_named(self.actor, given["mentor"], given.get("mentor_number", ""))
            except PersonUnclear as unclear:
                self.add_error("mentor_number" if given.get("mentor_number") else "mentor", str(unclear))
        return given


@dataclass(frozen=True)
class MentorshipRow:
    """``state`` is a key of STATES; ``own``: the actor is one of the two. ``passed`` is how much of the time is over, in percent,
    and None without an end; ``left`` how many days of it remain, None where none do or there is no end."""

    item: Mentorship
    state: str
    may_confirm: bool
    own: bool
    became: Became
    passed: int | None
    left: int | None


def rows_of(actor: Actor, items: Collection[Mentorship], today: dt.date) -> list[MentorshipRow]:
    """With what became of the learners: a query a source more."""
    became = became_of(items)
    return [_row(actor, item, today, became[item.pk]) for item in items]


def _row(actor: Actor, item: Mentorship, today: dt.date, became: Became) -> MentorshipRow:
    state = item.state_on(today)
    passed = left = None
    if item.to_on is not None and state in {"current", "over", "waiting"}:
        whole = (item.to_on - item.from_on).days + 1
        gone = min(max((today - item.from_on).days, 0), whole)
        passed = 100 if state == "over" else round(100 * gone / whole)
        left = (item.to_on - today).days + 1 if today <= item.to_on else None
    may_confirm = state in {"waiting", "coming"} and policies.may_confirm(actor, item)
    return MentorshipRow(item, state, may_confirm, policies.is_party(actor, item), became, passed, left)


def _search(rows: QuerySet[Mentorship], text: str) -> QuerySet[Mentorship]:
    """By the beginning of either name, or a part of the body's."""
    key = name_key(text)
    names = Q(mentor__name_key__startswith=key) | Q(learner__name_key__startswith=key)
    bodies = Q(organisation__name_zh__icontains=text) | Q(organisation__name_en__icontains=text)
    places = Q(place__name_zh__icontains=text) | Q(place__name_en__icontains=text)
    return rows.filter(names | bodies | places | Q(occupation__name_zh__icontains=text))


@login_required
@require_safe
def mentorship_list(request: HttpRequest) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    listing = Listing(
        request.GET,
        policies.visible_mentorships(actor).select_related("mentor", "learner", "organisation", "place", "occupation"),
        sorts={"mentor": "mentor__name_key", "learner": "learner__name_key", "from": "from_on", "until": "to_on"},
        default="-from",
        search=_search,
        filters=MentorshipFilters,
    )
    if listing.export:
        header = [
            _("Mentor"), _("Learner"), _("Kind"), _("Body"), pgettext("of a mentorship", "Place"),
            _("Occupation"), _("Level to reach"), _("Level then"),
            _("Level now"), _("From"), _("Until"), _("State"), _("Reason of the end"),
        ]  # fmt: skip
        return table_response("mentorships", header, _as_table(actor, listing.everything, today), kind=listing.export)
    context = {
        "listing": listing,
        "rows": rows_of(actor, list(listing.rows), today),
        "states": STATES,
        "may_record": policies.records_for_others(actor),
        "own": not policies.records_for_others(actor) and not actor.is_office,
    }
    return render(request, "agreements/mentorships.html", context)


def _as_table(actor: Actor, found: Iterable[Mentorship], today: dt.date) -> Iterable[list[Cell]]:
    for row in rows_of(actor, list(found), today):
        item = row.item
        yield [
            item.mentor.masked_name,
            item.learner.masked_name,
            str(item.get_kind_display()),
            item.organisation.name if item.organisation is not None else "",
            item.place.name if item.place is not None else "",
            item.occupation.name if item.occupation is not None else "",
            str(BY_CODE[item.goal_level].name) if item.goal_level else "",
            str(row.became.then_name),
            str(row.became.now_name),
            item.from_on,
            item.to_on,
            str(STATES[row.state]),
            item.end_reason,
        ]


@login_required
@require_safe
def mentorship_mine(request: HttpRequest) -> HttpResponse:
    """One's own, made for a phone: my learners, my mentor, what waits for my word."""
    actor, today = actor_of(request), timezone.localdate()
    own = policies.own_mentorships(actor).select_related("mentor", "learner", "organisation", "place", "occupation")
    rows = rows_of(actor, list(own.order_by("-from_on", "-pk")[:200]), today)
    asked = set(DateFix.objects.filter(state=DateFix.State.ASKED, mentorship__in=own).values_list("mentorship_id", flat=True))
    waits = [row for row in rows if row.may_confirm or row.item.pk in asked]
    open_ = [row for row in rows if row.state in {"current", "coming", "waiting"} and row not in waits]
    account = actor.user.pk if actor.user is not None else None
    context = {
        "waits": waits,
        "asked": asked,
        "learners": [row for row in open_ if row.item.mentor.account_id == account],
        "mentors": [row for row in open_ if row.item.learner.account_id == account],
        "past": [row for row in rows if row.state == "over"],
        "states": STATES,
        "account": account,
        "beside": beside_of(actor),
    }
    return render(request, "agreements/mentorship_mine.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mentorship_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.records_for_others(actor):
        raise PermissionDenied
    form = MentorshipForm(
        request.POST if request.method == "POST" else None, actor=actor, initial={"from_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = record_mentorship(
                form.persons["mentor"], form.persons["learner"], **vars(form.terms), actor=actor, now=timezone.now()
            )
        except NotAllowed:
            raise PermissionDenied from None
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Recorded. It is in force once both have confirmed it."))
            return redirect("agreements:mentorship", made.public_id)
    return render(request, "agreements/mentorship_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def mentorship_several(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not policies.records_for_others(actor):
        raise PermissionDenied
    form = SeveralForm(posted(request), actor=actor, initial={"from_on": timezone.localdate()})
    act = Act(
        _("Record several learners"),
        _("Each learner and the mentor are asked to confirm. All are recorded, or none: where one can’t be, a sentence says why."),
        _("Record"),
        _("Recorded. Each is in force once both have confirmed it."),
        back=reverse("agreements:mentorships"),
    )

    def do() -> None:
        try:
            record_several(form.teacher, form.taught, form.terms, actor=actor, now=timezone.now())
        except NotAllowed:
            raise PermissionDenied from None

    return serve_act(request, form, act, do, template="agreements/mentorship_act.html")


@login_required
@require_safe
def mentorship_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, policies.get_mentorship_for(actor_of(request), public_id))


def _page(request: HttpRequest, found: Mentorship, end_form: EndForm | None = None) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    row = rows_of(actor, [found], today)[0]
    open_ = not found.end_reason and row.state not in {"over", "declined"}
    asked = found.date_fixes.filter(state=DateFix.State.ASKED).first()
    next_ = found.continued_by.filter(declined_at=None).select_related("mentor", "learner").first()
    sees = policies.visible_mentorships(actor)
    context = {
        "row": row,
        "item": found,
        "goal": BY_CODE[found.goal_level].name if found.goal_level else "",
        "states": STATES,
        "asked": asked,
        "may_agree": asked is not None and row.own and not _agreed(actor, found, asked),
        "fixes": list(found.date_fixes.exclude(state=DateFix.State.ASKED)),
        "before": sees.filter(pk=found.continues_id).select_related("mentor", "learner").first() if found.continues_id else None,
        "next": next_ if next_ is not None and sees.filter(pk=next_.pk).exists() else None,
        "may_end": policies.can_keep_mentorship(actor, found) and open_,
        "may_decline": open_ and policies.may_confirm(actor, found),
        "may_ask_dates": policies.can_keep_mentorship(actor, found) and open_ and asked is None,
        "may_hand_on": policies.can_hand_on(actor, found) and next_ is None,
        "end_form": end_form or EndForm(initial={"on": max(today, found.from_on)}),
    }
    return render(request, "agreements/mentorship.html", context, status=422 if end_form is not None else 200)


def _agreed(actor: Actor, item: Mentorship, asked: DateFix) -> bool:
    own = actor.user.pk if actor.user is not None else None
    return bool(asked.agreed_by_mentor_at if item.mentor.account_id == own else asked.agreed_by_learner_at)


@login_required
@require_http_methods(["GET", "POST"])
def mentorship_decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_mentorship_to_confirm(actor, public_id)
    form = ReasonForm(posted(request))
    act = Act(
        _("It is not so"),
        _("The mentorship never was: it counts nowhere. The other of you, and who recorded it, read the reason."),
        _("Decline"),
        _("Declined."),
        back=_link(found),
        tone="danger-fill",
    )
    return serve_act(
        request,
        form,
        act,
        lambda: decline_mentorship(found, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now()),
        template="agreements/mentorship_act.html",
        item=found,
    )


@login_required
@require_http_methods(["GET", "POST"])
def mentorship_dates(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_mentorship_to_end(actor, public_id)
    form = DatesForm(posted(request), initial={"from_on": found.from_on, "to_on": found.to_on})
    act = Act(
        _("Ask for other dates"),
        _("They hold once mentor and learner have both agreed; until then the dates stay."),
        _("Ask"),
        _("Asked for. Whoever has to agree is told."),
        back=_link(found),
    )
    return serve_act(
        request,
        form,
        act,
        lambda: ask_dates(
            found,
            from_on=form.cleaned_data["from_on"],
            to_on=form.cleaned_data["to_on"],
            reason=form.cleaned_data["reason"],
            actor=actor,
            now=timezone.now(),
        ),
        template="agreements/mentorship_act.html",
        item=found,
    )


@login_required
@require_POST
def mentorship_answer_dates(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Yes or no of one of the two."""
    actor = actor_of(request)
    found = policies.get_mentorship_to_confirm(actor, public_id)
    try:
        asked = answer_dates(found, agree=request.POST.get("agree") == "yes", actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        done = asked.state == DateFix.State.DONE
        messages.success(request, _("The dates are changed.") if done else _("Your answer is kept."))
    return redirect("agreements:mentorship", found.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def mentorship_hand_on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_mentorship_to_hand_on(actor, public_id)
    first = max(timezone.localdate(), found.from_on + dt.timedelta(days=1))
    form = HandOnForm(posted(request), actor=actor, initial={"from_on": first})
    act = Act(
        _("Name another mentor"),
        _(
            "The mentorship ends on the day before, and the new one continues it once the new mentor and the learner have "
            "confirmed."
        ),
        _("Hand on"),
        _("The learner is given to the new mentor; both are asked to confirm."),
        back=_link(found),
    )

    def do() -> None:
        given = form.cleaned_data
        hand_on(
            found, form.teacher, from_on=given["from_on"], to_on=given["to_on"], reason=given["reason"], actor=actor,
            now=timezone.now(),
        )  # fmt: skip

    return serve_act(request, form, act, do, template="agreements/mentorship_act.html", item=found)


def _link(item: Mentorship) -> str:
    return reverse("agreements:mentorship", args=[item.public_id])


@login_required
@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of the two says that it is so."""
    actor = actor_of(request)
    mentorship = policies.get_mentorship_to_confirm(actor, public_id)
    try:
        confirm_mentorship(mentorship, actor=actor, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Confirmed."))
    if request.POST.get("back") == "mine":
        return redirect("agreements:mentorship_mine")
    return redirect("agreements:mentorship", mentorship.public_id)


@login_required
@require_POST
def mentorship_end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_mentorship_to_end(actor, public_id)
    form = EndForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            end_mentorship(found, on=given["on"], reason=given["reason"], actor=actor, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The mentorship ends on the day given."))
            return redirect("agreements:mentorship", found.public_id)
    return _page(request, found, form)
