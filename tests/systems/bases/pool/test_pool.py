"""Teachers are shared: asked for by a base, lent by their body, appointed with a letter, and taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from denggao.engines.credentials.models import Issued
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.models import Appointment
from denggao.foundation.people.rules import Identity
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.models import Qualification, Teacher, TeacherInvitation
from denggao.systems.bases.pool import actions, policies, queries
from denggao.systems.bases.pool.actions import Paper, TeacherRefused
from tests.facts import a_plan
from tests.systems.bases.facts import a_base, a_teacher

pytestmark = pytest.mark.django_db

FROM, TO = dt.date(2022, 11, 1), dt.date(2023, 4, 30)


@pytest.fixture
def base(cast):
    return a_base(a_plan(), cast.base, trains="")


@pytest.fixture
def teacher(cast):
    return a_teacher(cast.employer, qualified=False)


@pytest.fixture
def asked(base, teacher, cast, now):
    return actions.invite_teacher(base, teacher, subject="五轴加工", from_on=FROM, to_on=TO, actor=cast.base_manager, now=now)


def accepted(asked, cast, now):
    return actions.answer_invitation(asked, accept=True, actor=cast.hr, now=now)


def test_the_base_asks_and_the_teachers_body_is_told(asked, cast):
    assert asked.state == TeacherInvitation.State.ASKED
    assert Message.objects.filter(account=cast.user("hr"), code="bases.invitation.asked").count() == 1
    assert not Message.objects.filter(account=cast.user("other_hr")).exists()
    told = Message.objects.get(account=cast.user("hr"))
    assert "沈" not in str(told.values)


@pytest.mark.parametrize("part", ["hr", "clerk", "expert", "authority", "auditor", "visitor"])
def test_nobody_but_the_manager_of_the_base_asks(part, base, teacher, cast, now):
    with pytest.raises(NotAllowed):
        actions.invite_teacher(base, teacher, subject="x", from_on=FROM, to_on=TO, actor=getattr(cast, part), now=now)


def test_a_base_that_is_none_any_more_asks_nobody(base, teacher, cast, now):
    type(base).objects.filter(pk=base.pk).update(state="exited", ended_on=dt.date(2022, 9, 1))
    base.refresh_from_db()

    with pytest.raises(NotAllowed):
        actions.invite_teacher(base, teacher, subject="x", from_on=FROM, to_on=TO, actor=cast.base_manager, now=now)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"subject": "  "}, "Subject"),
        ({"to_on": dt.date(2022, 10, 31)}, "Last day"),
        ({"from_on": dt.date(2022, 1, 1), "to_on": dt.date(2022, 10, 9)}, "passed"),
    ],
)
def test_what_can_not_be_asked_is_refused_with_its_field(given, word, base, teacher, cast, now, settings):
    from django.utils import translation

    asked = {"subject": "五轴加工", "from_on": FROM, "to_on": TO, **given}

    with translation.override("en"), pytest.raises(TeacherRefused, match=word):
        actions.invite_teacher(base, teacher, **asked, actor=cast.base_manager, now=now)
    assert not TeacherInvitation.objects.exists()


def test_the_own_teacher_need_not_be_asked(base, cast, now):
    own = a_teacher(cast.base, "马知遥", qualified=False)

    with pytest.raises(TeacherRefused):
        actions.invite_teacher(base, own, subject="x", from_on=FROM, to_on=TO, actor=cast.base_manager, now=now)


def test_the_same_days_are_asked_for_once(asked, base, teacher, cast, now):
    with pytest.raises(TeacherRefused):
        actions.invite_teacher(
            base, teacher, subject="again", from_on=TO, to_on=TO + dt.timedelta(days=9), actor=cast.base_manager, now=now
        )
    assert TeacherInvitation.objects.count() == 1


@pytest.mark.parametrize("part", ["base_manager", "other_hr", "clerk", "visitor"])
def test_only_the_teachers_body_answers(part, asked, cast, now):
    with pytest.raises(NotAllowed):
        actions.answer_invitation(asked, accept=True, actor=getattr(cast, part), now=now)


def test_an_answer_is_given_once(asked, cast, now):
    accepted(asked, cast, now)

    with pytest.raises(TeacherRefused):
        actions.answer_invitation(asked, accept=False, reason="too late", actor=cast.hr, now=now)
    asked.refresh_from_db()
    assert asked.state == TeacherInvitation.State.ACCEPTED


def test_a_no_carries_its_reason(asked, cast, now):
    with pytest.raises(TeacherRefused):
        actions.answer_invitation(asked, accept=False, reason=" ", actor=cast.hr, now=now)

    declined = actions.answer_invitation(asked, accept=False, reason="这段时间排满了", actor=cast.hr, now=now)

    assert declined.state == TeacherInvitation.State.DECLINED
    told = Message.objects.get(account=cast.user("base_manager"), code="bases.invitation.declined")
    assert told.values["reason"] == "这段时间排满了"


def test_a_mentor_is_appointed_with_a_letter_once_the_body_agreed(asked, base, teacher, cast, now):
    with pytest.raises(TeacherRefused):
        actions.appoint_mentor(asked, actor=cast.base_manager, now=now)
    agreed = accepted(asked, cast, now)

    first = actions.appoint_mentor(agreed, actor=cast.base_manager, now=now)
    again = actions.appoint_mentor(first, actor=cast.base_manager, now=now)

    held = Appointment.objects.get()
    letter = Issued.objects.get()
    assert (held.person, held.organisation, held.role) == (teacher.person, cast.base, "special_mentor")
    assert (held.from_on, held.to_on) == (FROM, TO)
    assert (held.letter_number, held.letter_id) == (letter.number, letter.public_id)
    assert letter.holder_person == teacher.person
    assert letter.valid_until == TO
    assert again.appointment_id == held.public_id


def test_the_teachers_own_body_appoints_nobody_elsewhere(asked, cast, now):
    agreed = accepted(asked, cast, now)

    with pytest.raises(NotAllowed):
        actions.appoint_mentor(agreed, actor=cast.hr, now=now)


@pytest.mark.parametrize("part", ["hr", "base_manager", "clerk"])
def test_ending_it_ends_the_appointment_and_withdraws_the_letter(part, asked, cast, now):
    appointed = actions.appoint_mentor(accepted(asked, cast, now), actor=cast.base_manager, now=now)
    later = dt.datetime(2022, 12, 1, 9, 0, tzinfo=now.tzinfo)

    actions.end_invitation(appointed, reason="生产任务紧", actor=getattr(cast, part), now=later)

    held, letter = Appointment.objects.get(), Issued.objects.get()
    assert held.ended_on == later.date()
    assert held.ended_reason == "生产任务紧"
    assert letter.status == Issued.Status.WITHDRAWN
    assert Record.objects.filter(action="organisations.appointment.end", actor_id=getattr(cast, part).id).exists()


def test_a_stranger_ends_nothing(asked, cast, now):
    with pytest.raises(NotAllowed):
        actions.end_invitation(asked, reason="x", actor=cast.other_hr, now=now)


def test_who_leaves_the_pool_leaves_the_bases(asked, teacher, cast, now):
    actions.appoint_mentor(accepted(asked, cast, now), actor=cast.base_manager, now=now)

    actions.let_teacher_go(teacher, on=dt.date(2022, 12, 31), actor=cast.hr, now=now)

    asked.refresh_from_db()
    assert asked.state == TeacherInvitation.State.ENDED
    assert Appointment.objects.get().ended_on == dt.date(2022, 12, 31)
    with pytest.raises(TeacherRefused):
        actions.let_teacher_go(teacher, on=dt.date(2022, 12, 31), actor=cast.hr, now=now)


# Joining the pool


def identity() -> Identity:
    return Identity("resident_id", "11010519491231002X", dt.date(1949, 12, 31), "f")


def enrol(home, cast, now, *, name="顾嘉树", actor=None):
    return actions.enrol_teacher(
        home,
        identity=identity(),
        name=name,
        kind="staff",
        industries=list(Industry.objects.filter(code="ic")),
        from_on=dt.date(2022, 10, 1),
        actor=actor or cast.hr,
        now=now,
    )


def test_a_body_brings_its_own_teachers_in(base, cast, now):
    teacher = enrol(cast.employer, cast, now)

    assert teacher.home == cast.employer
    assert [industry.code for industry in teacher.industries.all()] == ["ic"]
    assert Record.objects.filter(action="bases.teacher.enrol").count() == 1
    with pytest.raises(TeacherRefused):
        enrol(cast.employer, cast, now)
    with pytest.raises(NotAllowed):
        enrol(cast.other_employer, cast, now)


def test_a_known_document_under_another_name_is_not_taken(base, cast, now):
    enrol(cast.employer, cast, now)

    with pytest.raises(TeacherRefused):
        enrol(cast.employer, cast, now, name="另一个人")
    assert Teacher.objects.count() == 1


def test_another_bodys_teacher_is_invited_and_not_taken_over(base, cast, now):
    enrol(cast.employer, cast, now)

    with pytest.raises(TeacherRefused):
        enrol(cast.other_employer, cast, now, actor=cast.other_hr)


def test_who_left_may_come_back_even_to_another_body(base, cast, now):
    teacher = enrol(cast.employer, cast, now)
    actions.let_teacher_go(teacher, on=dt.date(2022, 10, 9), actor=cast.hr, now=now)

    back = enrol(cast.other_employer, cast, now, actor=cast.other_hr)

    assert back.pk == teacher.pk
    assert (back.home, back.left_on) == (cast.other_employer, None)


# Qualifications


@pytest.mark.parametrize(("expires", "holds"), [(None, True), (dt.date(2022, 10, 10), True), (dt.date(2022, 10, 9), False)])
def test_a_qualification_holds_until_its_last_day(expires, holds, teacher, cast, now):
    paper = Paper("高级技师职业技能等级证书", "S1", "1", "评价中心", dt.date(2020, 1, 1), expires)
    actions.add_qualification(teacher, paper, actor=cast.hr, now=now)

    assert Qualification.objects.in_force(now.date()).exists() is holds
    assert queries.pool(cast.clerk, on=now.date()).get().qualified is holds


@pytest.mark.parametrize(
    "paper",
    [
        Paper("x", issued_on=dt.date(2022, 10, 11)),
        Paper("x", issued_on=dt.date(2022, 1, 2), expires_on=dt.date(2022, 1, 1)),
    ],
)
def test_a_qualification_of_impossible_dates_is_refused(paper, teacher, cast, now):
    with pytest.raises(TeacherRefused):
        actions.add_qualification(teacher, paper, actor=cast.hr, now=now)
    assert not Qualification.objects.exists()


def test_a_qualification_is_kept_once_by_its_number(teacher, cast, now):
    actions.add_qualification(teacher, Paper("x", "7"), actor=cast.hr, now=now)

    with pytest.raises(TeacherRefused):
        actions.add_qualification(teacher, Paper("x", "7"), actor=cast.hr, now=now)


def test_what_is_taken_out_stays_in_the_audit(teacher, cast, now):
    paper = actions.add_qualification(teacher, Paper("x", "7"), actor=cast.hr, now=now)

    with pytest.raises(NotAllowed):
        actions.remove_qualification(paper, actor=cast.other_hr, now=now)
    actions.remove_qualification(paper, actor=cast.hr, now=now)

    assert not Qualification.objects.exists()
    record = Record.objects.get(action="bases.qualification.remove")
    assert set(record.before["number"]) == {"hash"}


# Who sees whose name


def test_a_name_is_whole_for_the_own_body_and_for_who_has_its_yes(asked, teacher, cast, now):
    def known(part):
        fresh = policies.get_teacher_for(getattr(cast, part), teacher.public_id)
        return policies.knows_name(getattr(cast, part), fresh)

    assert known("hr")
    assert not known("base_manager")
    assert not known("clerk")
    accepted(asked, cast, now)
    assert known("base_manager")
    assert not known("other_hr")


def test_the_pool_is_none_of_a_workers_business(teacher, cast):
    assert list(policies.visible_teachers(cast.worker)) == []
    assert list(policies.visible_teachers(cast.expert)) == []
    assert list(policies.visible_invitations(cast.other_hr)) == []


def test_what_runs_out_is_told_to_whose_teacher_it_is(teacher, cast, now):
    for number, day in enumerate([dt.date(2022, 11, 1), dt.date(2022, 9, 1), dt.date(2023, 10, 1), dt.date(2022, 1, 1)]):
        actions.add_qualification(teacher, Paper("x", str(number), expires_on=day), actor=cast.hr, now=now)

    assert queries.running_out(cast.hr, on=now.date()).count() == 2
    assert queries.running_out(cast.other_hr, on=now.date()).count() == 0


def test_the_list_takes_as_many_queries_for_three_as_for_one(cast, now, django_assert_num_queries):
    a_teacher(cast.employer, "一", qualified=False)
    with django_assert_num_queries(4):
        list(queries.pool(cast.clerk, on=now.date()))

    for name in ("二", "三"):
        a_teacher(cast.other_employer, name, qualified=False)
    with django_assert_num_queries(4):
        assert len(list(queries.pool(cast.clerk, on=now.date()))) == 3
