"""The worker is a craftsman of ``cast.employer``: special mentor at ``cast.base``, asked for at another base; a learner who lost the
mentor."""

from __future__ import annotations

import datetime as dt

from denggao.engines.agreements.mentorships import end_bound, record_mentorship
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.systems.bases.models import Base
from denggao.systems.craftsmen.mentors.actions.duties import DutyGiven, answer_duty, confirm_duty, propose_duty
from denggao.systems.craftsmen.mentors.actions.sessions import answer_session, enter_session
from denggao.systems.craftsmen.mentors.models import LearnerGap, MentorDuty, MentorSession
from tests.cast import Cast
from tests.facts import a_person, in_post
from tests.house.world import World
from tests.systems.bases.facts import a_base
from tests.systems.craftsmen.mentors.scene import slot
from tests.systems.craftsmen.scene import an_order, craftsmen_round, named


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    """Today is the machine's own: the pages ask what is in force at this moment."""
    today = dt.datetime.now(tz=now.tzinfo)
    first, last = today.date() - dt.timedelta(days=30), today.date() + dt.timedelta(days=300)
    worker = Person.objects.get(account=cast.user("worker"))
    if not worker.employments.filter(employer=cast.employer).exists():
        in_post(worker, cast.employer)
    round_ = craftsmen_round(cast, today, plan=world.plan, title="导师所在批次")
    an_order(cast, round_, today, "沪临工匠〔2022〕019号")
    craftsman = named(cast, today, round_=round_, nominee=worker)
    other = Organisation.objects.create(name_zh="第二基地", name_key="第二基地", kind="provider", created_at=now)
    for body in (cast.base, other):
        if not Base.objects.accredited(today.date()).filter(organisation=body).exists():
            a_base(world.plan, body, trains="", valid_until=last + dt.timedelta(days=900))
    terms = DutyGiven(first, last, "不可泄露的授课内容", 100, 4)
    duty = propose_duty(craftsman, cast.base, terms, actor=cast.base_manager, now=today)
    answer_duty(duty, accept=True, actor=cast.worker, now=today)
    confirm_duty(duty, actor=cast.approver, now=today)
    asked = propose_duty(craftsman, other, terms, actor=cast.clerk, now=today)
    day = today.date() - dt.timedelta(days=7)
    session = enter_session(duty, slot(day, topic="不可泄露的主题"), actor=cast.worker, now=today)
    done = enter_session(duty, slot(day, "13:00", "15:00"), actor=cast.worker, now=today)
    answer_session(done, agree=True, actor=cast.base_manager, now=today)
    planned = MentorSession.objects.create(
        duty=duty, day=day, starts="16:00", ends="17:00", topic="计划", state="planned", entered_side="mentor",
        entered_by=cast.worker.id, entered_at=today,
    )  # fmt: skip
    learner = record_mentorship(
        worker, a_person("登小徒"), organisation=cast.employer, place=other, kind="craftsman", from_on=first, actor=cast.clerk,
        now=today,
    )  # fmt: skip
    end_bound(worker, other, kind="craftsman", on=today.date(), reason="聘任终止", actor=cast.clerk, now=today)
    gap = LearnerGap.objects.create(mentorship=learner, duty=duty, since=today.date(), due_on=last)
    accepted = MentorDuty.objects.get(pk=asked.pk)
    start = "craftsmen/mentors/"
    world.values |= {
        start: {"public_id": duty.public_id, "year": day.year},
        f"{start}<uuid:public_id>/answer/": {"public_id": accepted.public_id},
        f"{start}<uuid:public_id>/dismiss/": {"public_id": accepted.public_id},
        f"{start}sessions/": {"public_id": session.public_id},
        f"{start}sessions/<uuid:public_id>/correct/": {"public_id": done.public_id},
        f"{start}sessions/<uuid:public_id>/held/": {"public_id": planned.public_id},
        f"{start}learners/": {"public_id": gap.public_id},
    }
    reason = {"reason": "As both say."}
    world.forms |= {
        f"{start}<uuid:public_id>/answer/": {"answer": "yes"},
        f"{start}<uuid:public_id>/dismiss/": reason,
        f"{start}<uuid:public_id>/end/": {"on": today.date().isoformat(), **reason},
        f"{start}<uuid:public_id>/renew/": {
            "from_on": (last + dt.timedelta(days=1)).isoformat(), "to_on": (last + dt.timedelta(days=200)).isoformat(),
            "subject": "续", "hours_a_year": "80", "learners_at_once": "0",
        },
        f"{start}<uuid:public_id>/sessions/new/": {
            "day": day.isoformat(), "starts": "19:00", "ends": "20:00", "topic": "新", "learners": "1",
        },
        f"{start}sessions/<uuid:public_id>/refuse/": reason,
        f"{start}sessions/<uuid:public_id>/call-off/": reason,
        f"{start}sessions/<uuid:public_id>/correct/": {
            "day": day.isoformat(), "starts": "13:00", "ends": "14:00", "topic": "改", "learners": "1", **reason,
        },
        f"{start}learners/<uuid:public_id>/close/": reason,
    }  # fmt: skip
