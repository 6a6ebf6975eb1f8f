"""The demo command tells a region through everybody's actions: what stands afterwards is counted, dated and marked."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections import Counter
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.utils import timezone
from pytest_django import Settings

from denggao.demo.loading import SHOWN_EMPLOYER, NotEmpty, load_region
from denggao.demo.region import region
from denggao.demo.university.packing import sources
from denggao.engines.agreements.models import Mentorship
from denggao.engines.cases.models import Case, Consent, Round
from denggao.engines.credentials.models import Credential
from denggao.engines.hours.models import Finding, Fix, HourEntry
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.queries import board_of, check_plan
from denggao.engines.notices.models import Objection
from denggao.engines.reviews.interviews.models import InterviewDay
from denggao.engines.reviews.meetings.models import Meeting, Recusal
from denggao.engines.reviews.models import Conflict
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role, operator
from denggao.foundation.organisations.members.demo import DEMO_HOST, demo_accounts, email_for
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.sheets.models import Import, ImportRow
from denggao.foundation.standards.models import TeachingStandard
from denggao.foundation.standards.teaching.queries import known_items, matrix
from denggao.systems.craftsmen.benefits.models import BenefitApplication, BenefitOutcome, SavedAnswers
from denggao.systems.craftsmen.hall.models import LineageYes, Profile
from denggao.systems.craftsmen.lane.models import Candidacy
from denggao.systems.craftsmen.mentors.models import MentorDuty, MentorSession
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, Medal
from denggao.systems.craftsmen.studios.models import AllianceMembership, Evaluation, Studio
from denggao.systems.university.learning.models import (
    Announcement,
    Attendance,
    Enrolment,
    Note,
    Reply,
    SeatApplication,
    Submission,
    UnitProgress,
)
from denggao.systems.university.models import Course, CourseShare, Programme, School, Track, Unit, UnitItem, University
from denggao.systems.university.packages.reading import read_package
from tests.facts import a_plan

pytestmark = [pytest.mark.django_db, pytest.mark.whole]
WORKERS = 24


def load(settings: Settings, **options: Any) -> dict[str, Any]:
    settings.DEMO = True
    out = io.StringIO()
    call_command("demo", scale=WORKERS, json=True, stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]  # JSON


def test_demo_is_counted_dated_and_marked(settings: Settings) -> None:
    told = load(settings)

    plan = Plan.objects.get()
    assert told["workers"] == WORKERS
    assert told["rows"]["created"] > WORKERS
    assert check_plan(plan) == []
    assert board_of(plan, as_of=dt.date(2022, 12, 31)).of("upgrades").count > 0
    assert not Person.objects.filter(is_demo=False).exists()
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    assert plan.is_demo
    entries = Entry.objects.filter(sign=1)
    assert all(2020 <= entry.happened_on.year <= 2022 for entry in entries)
    assert all(entry.known_at.date() >= entry.happened_on for entry in entries)
    assert {entry.known_at.year for entry in entries} <= {2020, 2021, 2022, 2023}
    _leaves_a_list_to_look_at()
    _leads_from_every_certificate_to_a_file_and_row()
    _teaches_in_three_schools()
    _has_learners_in_every_state()
    _has_hours_of_many_days_and_one_doubt()
    _says_what_is_taught_and_what_is_not()
    _names_who_to_sign_in_as()
    _holds_two_rounds_of_craftsmen_and_one_that_runs()
    _has_judged_and_voted_and_shown_them()
    _revoked_one_title(plan)
    _knows_studios_pages_and_learners()
    _helps_them_in_every_state()
    _goes_in_once(settings)


def _leaves_a_list_to_look_at() -> None:
    waiting = Import.objects.get(state=Import.State.CHECKED)
    assert waiting.body_id == Organisation.objects.get(uscc=region(2020, 1).employers[SHOWN_EMPLOYER].uscc).pk
    assert ImportRow.objects.filter(sheet_import=waiting, outcome="refused").exists()
    assert Import.objects.exclude(pk=waiting.pk).exclude(state=Import.State.APPLIED).count() == 0


def _leads_from_every_certificate_to_a_file_and_row() -> None:
    sources = set(Credential.objects.values_list("source", flat=True))
    rows = {str(public_id) for public_id in ImportRow.objects.values_list("public_id", flat=True)}
    assert sources
    assert sources <= rows


def _teaches_in_three_schools() -> None:
    schools = School.objects.annotate(courses_there=Count("courses", distinct=True))
    assert sorted(school.courses_there for school in schools) == [3, 4, 5]
    for school in schools:
        assert set(school.members.values_list("role", flat=True)) == {"dean", "teacher", "assistant"}
        assert school.about
    assert len({school.colour for school in schools}) == 3
    assert Course.objects.published().count() == 12
    assert set(Programme.objects.filter(state="published").values_list("track", flat=True)) == set(Track)
    assert dict(CourseShare.objects.values_list("kind", "state")) == {"lent": "accepted", "joint": "accepted"}
    assert not Course.objects.filter(cover=None).exists()
    assert Unit.objects.filter(version__course__code="turning-64").count() == 64
    university = University.objects.get()
    assert university.case.stage_kind == "award"
    assert board_of(university.plan, as_of=dt.date(2022, 12, 31)).of("university").count == 1
    for source in sources().values():
        course = Course.objects.get(code=source.code)
        with read_package(io.BytesIO(source.package())) as package:
            assert package.key == course.package_key


def _has_learners_in_every_state() -> None:
    today = timezone.localdate()
    assert set(Enrolment.objects.values_list("state", flat=True)) == set(Enrolment.State)
    learning = Enrolment.objects.filter(state="enrolled")
    assert learning.filter(done=0).exists()
    assert learning.filter(done__gt=0).exists()
    assert learning.filter(due_on__lt=today).exists()
    assert set(Submission.objects.values_list("state", flat=True)) == {"handed_in", "marked"}
    assert set(UnitProgress.objects.values_list("state", flat=True)) == set(UnitProgress.State)
    assert Note.objects.filter(second__gt=0).exists()
    assert Reply.objects.filter(accepted_at__isnull=False).exists()
    assert Announcement.objects.exists()
    assert Attendance.objects.filter(minutes__gt=0).exists()
    seats = SeatApplication.objects.values_list("case__state", "case__stage_kind", "points")
    assert sorted(seats, key=str) == [
        ("awarded", "award", 91),
        ("open", "check", None),
        ("open", "decide", 84),
        ("rejected", "decide", 58),
    ]
    worker = Enrolment.objects.filter(person__account__emailaddress__email=email_for(Role.WORKER))
    assert set(worker.values_list("state", flat=True)) >= {"enrolled", "finished", "invited"}


def _has_hours_of_many_days_and_one_doubt() -> None:
    days = HourEntry.objects.values_list("day", flat=True)
    assert max(days) - min(days) > dt.timedelta(weeks=8)
    assert set(HourEntry.objects.values_list("kind", flat=True)) == {"online", "practical"}
    assert Counter(Fix.objects.values_list("state", flat=True)) == {"asked": 1, "confirmed": 1}
    assert Counter(Finding.objects.values_list("kind", "state")) == {("rhythm", "open"): 1, ("device", "cleared"): 3}


def _says_what_is_taught_and_what_is_not() -> None:
    whole = matrix(TeachingStandard.objects.all())
    tones = [place.standing.tone for row in whole.rows for place in row.places if place.standing]
    assert {"full", "some", "none"} <= set(tones)
    codes = set(UnitItem.objects.values_list("standard_code", "item_code"))
    known = known_items({standard for standard, _item in codes})
    assert {(standard, item) for standard, item in codes if item not in known[standard]} == set()


def _names_who_to_sign_in_as() -> None:
    told = {account.email.partition("@")[0]: account.body for account in demo_accounts()}
    assert {"worker", "hr", "teacher", "dean"} <= set(told)
    assert told["teacher"] == told["dean"] == School.objects.get(name_en="Lanjia Precision School").organisation.name_zh


def _holds_two_rounds_of_craftsmen_and_one_that_runs() -> None:
    states = Counter(Case.objects.filter(procedure="craftsman").values_list("round__title_en", "state", "stage"))
    today = timezone.localdate()
    running = {
        (state, stage) for title, state, stage in states if title not in {"Lingang craftsmen 2020", "Lingang craftsmen 2021"}
    }
    assert running >= {
        ("open", "draft"), ("open", "consent"), ("returned", "consent"), ("open", "check"), ("returned", "check"),
        ("withdrawn", "check"), ("open", "review"), ("ended", "consent"),
    }  # fmt: skip
    for year in (2020, 2021):
        title = f"Lingang craftsmen {year}"
        assert states[title, "awarded", "award"] == 3
        assert states[title, "rejected", "check"] == states[title, "rejected", "rank"] == states[title, "rejected", "jury"] == 1
        assert states[title, "ended", "notice"] == 1
        assert not any(round_ == title and state in {"open", "returned"} for round_, state, _stage in states)
    assert Round.objects.filter(procedure="craftsman", state="open", closes_at__date__gt=today).count() == 1
    assert Consent.objects.filter(state="taken_back").count() == 1


def _has_judged_and_voted_and_shown_them() -> None:
    for meeting in Meeting.objects.filter(state="closed"):
        assert meeting.members.count() == 15
        assert meeting.minutes
        assert Recusal.objects.filter(item__meeting=meeting).exists()
        assert set(meeting.items.values_list("why", flat=True)) == {"majority", "too_few"}
    assert Meeting.objects.filter(state="closed").count() == 2
    told = Objection.objects.filter(item__subject_id__in=Case.objects.filter(procedure="craftsman").values("public_id"))
    assert Counter(told.values_list("state", flat=True)) == {"upheld": 1, "dismissed": 2}
    assert Conflict.objects.filter(kind="declared").exists()


def _revoked_one_title(plan: Plan) -> None:
    assert Counter(Craftsman.objects.values_list("state", flat=True)) == {"named": 5, "revoked": 1}
    revoked = Craftsman.objects.get(state="revoked")
    assert revoked.ended_on is not None
    assert revoked.ended_on.year == 2022
    assert revoked.certificate is not None
    assert revoked.certificate.status == "withdrawn"
    assert Medal.objects.get(craftsman=revoked).state == "returned"
    assert BonusOrder.objects.get(craftsman=revoked).state == "cancelled"
    assert board_of(plan, as_of=dt.date(2022, 12, 31)).of("craftsmen").count == 5
    assert set(Medal.objects.exclude(craftsman=revoked).values_list("state", flat=True)) == {"held"}


def _knows_studios_pages_and_learners() -> None:
    assert Studio.objects.in_force().count() == 4
    for studio in Studio.objects.all():
        assert studio.projects.exists()
        assert studio.results.filter(state="confirmed").exists()
        assert studio.visits.exists()
    assert Evaluation.objects.count() == 1
    assert AllianceMembership.objects.filter(state="member").count() == 2
    assert Profile.objects.public().count() >= 4
    assert Mentorship.objects.filter(kind="craftsman").count() >= 10
    assert not Mentorship.objects.filter(confirmed_by_learner_at=None).exists()
    assert LineageYes.objects.filter(taken_back_at=None).exists()
    assert set(MentorDuty.objects.values_list("state", flat=True)) == {"appointed", "proposed"}
    assert MentorSession.objects.filter(state="confirmed").exists()
    assert Candidacy.objects.filter(state="accepted").count() == 1
    assert not InterviewDay.objects.exclude(state__in=["closed", "published"]).exists()
    assert InterviewDay.objects.count() == 3


def _helps_them_in_every_state() -> None:
    states = Counter(Case.objects.filter(procedure="benefit").values_list("state", "stage"))
    assert states == {
        ("open", "draft"): 1, ("open", "check"): 1, ("returned", "check"): 1, ("rejected", "check"): 1, ("open", "decide"): 1,
        ("awarded", "award"): 6,
    }  # fmt: skip
    outcomes = Counter(BenefitApplication.objects.values_list("outcome", "review"))
    assert outcomes == {("none", "none"): 6, ("granted", "none"): 2, ("refused", "none"): 1, ("none", "told"): 1}
    assert Counter(BenefitOutcome.objects.values_list("state", flat=True)) == {"confirmed": 3, "proposed": 1}
    assert set(BenefitApplication.objects.values_list("kind", flat=True)) == set(BenefitApplication.Kind)
    assert all(one.reckoned for one in BenefitApplication.objects.exclude(kind="outstanding"))
    turned_down = Case.objects.get(procedure="benefit", state="rejected")
    assert turned_down.steps.get(kind="rejected").reason
    told = BenefitApplication.objects.get(review="told")
    assert told.craftsman.state == "revoked"
    assert told.handed_over_on is not None
    assert told.craftsman.ended_on is not None
    assert told.handed_over_on < told.craftsman.ended_on
    first = BenefitApplication.objects.filter(person__account__emailaddress__email=f"craftsman@{DEMO_HOST}")
    assert first.filter(outcome="granted").exists()
    assert SavedAnswers.objects.filter(person__in=first.values("person")).exists()


def _goes_in_once(settings: Settings) -> None:
    before = [model.objects.count() for model in (Person, School, Enrolment, HourEntry, Credential)]

    with pytest.raises(SystemExit):
        load(settings)

    assert [model.objects.count() for model in (Person, School, Enrolment, HourEntry, Credential)] == before


def test_demo_goes_into_an_empty_database_only() -> None:
    a_plan()

    with pytest.raises(NotEmpty):
        load_region(region(1, 5), actor=operator("test"), now=dt.datetime.now(dt.UTC), say=lambda text: None)

    assert not Organisation.objects.exists()


@pytest.mark.parametrize(("demo", "scale"), [(False, 100), (True, 19), (True, 100_001)])
def test_demo_is_refused_outside_its_bounds(settings: Settings, demo: bool, scale: int) -> None:
    settings.DEMO = demo

    with pytest.raises(CommandError):
        call_command("demo", scale=scale)

    assert not Plan.objects.exists()
