"""Experts, interviews, the ranking, and the jury's meeting."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal

from denggao.demo.craftsmen.casting import Nominee
from denggao.demo.craftsmen.facts import BEFORE_JURY, JURY_SIZE, Fate
from denggao.demo.craftsmen.nominating import Nominating
from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread, after
from denggao.engines.cases.actions.ranking import ROUND_KIND, confirm_ranking, rank_round
from denggao.engines.cases.models import SUBJECT_KIND, Case, Round
from denggao.engines.reviews.actions.assigning import accept_assignment, assign_automatically
from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.scoring import EntryGiven, save_entries, submit_score
from denggao.engines.reviews.interviews.actions import (
    DayGiven,
    begin_slot,
    call_next,
    close_day,
    end_slot,
    plan_day,
    publish_day,
)
from denggao.engines.reviews.interviews.models import InterviewDay, Slot
from denggao.engines.reviews.meetings.actions.closing import confirm_closing, end_votes, write_minutes
from denggao.engines.reviews.meetings.actions.planning import (
    MeetingGiven,
    answer_invitation,
    invite_members,
    name_chair,
    plan_meeting,
)
from denggao.engines.reviews.meetings.actions.recusing import declare_recusal
from denggao.engines.reviews.meetings.actions.sitting import arrive, open_meeting
from denggao.engines.reviews.meetings.actions.voting import ballot_of, call_item, enter_votes, settle_ballot, write_decision
from denggao.engines.reviews.meetings.models import Item, Meeting, Member, Vote
from denggao.engines.reviews.meetings.queries import room_of
from denggao.engines.reviews.models import Assignment, Expert, Panel
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role

REMARKS = (
    "数据清楚，可以复核。",
    "成果在本单位之外也有采用。",
    "带徒成效明显。",
    "技艺突出，材料扎实。",
    "效果真实，推广面还可扩大。",
)
SHARES = {Fate.JURY: Decimal("0.74"), Fate.BELOW: Decimal("0.63")}
FAIR = Decimal("0.82")
MINUTES = (
    "一、办公室报告推荐、审核、专家评审和排序情况。\n二、逐人介绍，评委提问，有回避情形的评委离席。\n三、逐人记名表决。\n"
    "四、对未通过的人选，评委会建议下一届继续申报。\n五、评委会提请按程序公示。"
)


class Judging(Nominating):
    """Panels, scores, the list, the votes."""

    def _panels(self, cases: Sequence[Case]) -> list[Panel]:
        ids = [case.public_id for case in cases]
        return list(Panel.objects.filter(subject_kind=SUBJECT_KIND, subject_id__in=ids).order_by("pk"))

    def _ask_experts(self, cases: Sequence[Case], when: dt.datetime) -> None:
        assign_automatically(self._panels(cases), actor=self.in_office(Role.REVIEWER, when), now=when)

    def _seats(self, case: Case) -> list[Assignment]:
        seats = Assignment.objects.filter(panel__subject_id=case.public_id).exclude(state__in=["declined", "set_aside"])
        return list(seats.select_related("expert__person", "panel__rubric_version").order_by("pk"))

    def _score(self, assignment: Assignment, nominee: Nominee, place: int, when: dt.datetime, *, submits: bool = True) -> None:
        expert = self.acting(self.experts[assignment.expert_id], when)
        accept_assignment(assignment, actor=expert, now=when)
        criteria = list(assignment.panel.rubric_version.criteria.order_by("position"))
        share = SHARES.get(nominee.fate, FAIR + Decimal(nominee.serial * 7 % 13) / 100)
        entries = []
        for position, criterion in enumerate(criteria if submits else criteria[:3]):
            points = (criterion.max_points * (share + Decimal((place + position) % 3 - 1) / 50)).quantize(Decimal(1))
            key = uuid.UUID(int=self.lot.getrandbits(128), version=4)
            entries.append(EntryGiven(criterion.code, str(points), self.lot.choice(REMARKS), key))
        save_entries(assignment, entries=entries, actor=expert, now=when)
        if submits:
            submit_score(assignment, actor=expert, now=when + dt.timedelta(minutes=20))

    def _review(self, nominees: Sequence[Nominee], day: dt.date) -> Thread:
        """Over some days: everybody's sheet, then the results."""
        found = [self.cases[nominee.serial] for nominee in nominees]
        when = at(day, 14)
        yield when
        self._ask_experts(found, when)
        for place in range(3):
            when = at(after(day, 2 + place), 9, 30)
            yield when
            for nominee, case in zip(nominees, found, strict=True):
                seats = self._seats(case)
                if place < len(seats):
                    self._score(seats[place], nominee, place, when)
        when = at(after(day, 6), 15)
        yield when
        for panel in self._panels(found):
            if panel.state != Panel.State.CLOSED:
                close_panel(panel, reason="到会专家意见一致。", actor=self.in_office(Role.REVIEWER, when), now=when)

    def _rank(self, round_: Round, day: dt.date) -> Thread:
        when = at(day, 10)
        yield when
        ranking = rank_round(round_, actor=self.in_office(Role.REVIEWER, when), now=when)
        when = at(after(day, 1), 11)
        yield when
        confirm_ranking(round_, ranking, actor=self.in_office(Role.APPROVER, when), now=when)

    # Interviews

    def _plan_interviews(self, round_: Round, title: str, day: dt.date, when: dt.datetime) -> InterviewDay:
        """By lot, in a room of three."""
        given = DayGiven(
            f"{title}面试答辩", "滴水湖办公中心二楼（演示）", at(day, 8, 30), order=InterviewDay.Order.LOT, seed=f"{day}"
        )
        reviewer = self.in_office(Role.REVIEWER, when)
        planned = plan_day(ROUND_KIND, round_.public_id, given, actor=reviewer, now=when)
        return publish_day(planned, actor=reviewer, now=when + dt.timedelta(minutes=20))

    def _interviews(self, round_: Round, title: str, planned_on: dt.date, day: dt.date) -> Thread:
        """Everybody whom the experts judged is heard; the running order falls a few minutes behind."""
        when = at(planned_on, 10)
        yield when
        planned = self._plan_interviews(round_, title, day, when)
        when = planned.starts_at
        while Slot.objects.filter(day=planned, state=Slot.State.WAITING).exists():
            yield when
            clerk = self.in_office(Role.CLERK, when)
            slot = call_next(planned, actor=clerk, now=when)
            slot.day = planned
            begin_slot(slot, actor=clerk, now=when + dt.timedelta(minutes=1))
            end_slot(slot, actor=clerk, now=when + dt.timedelta(minutes=10))
            when += dt.timedelta(minutes=11)
        yield when
        close_day(planned, actor=self.in_office(Role.CLERK, when), now=when)

    # The jury

    def _jury(self, round_: Round, title: str, nominees: Sequence[Nominee], day: dt.date) -> Thread:
        when = at(day - dt.timedelta(days=7), 10)
        yield when
        reviewer = self.in_office(Role.REVIEWER, when)
        taker = User.objects.get(public_id=self.office[Role.CLERK])
        given = MeetingGiven(f"{title}评委会会议", "滴水湖办公中心三楼会议室（演示）", at(day, 9), taker)
        meeting = plan_meeting(ROUND_KIND, round_.public_id, given, actor=reviewer, now=when)
        members = self._members(meeting, when)
        for member in members:
            when += dt.timedelta(hours=3)
            yield when
            actor = self.acting(self.experts[member.expert_id], when)
            answer_invitation(member, coming=member is not members[-1], actor=actor, now=when)
        yield from self._sitting(meeting, members[:-1], [one for one in nominees if one.fate in BEFORE_JURY], day)

    def _members(self, meeting: Meeting, when: dt.datetime) -> list[Member]:
        """The last one can't come."""
        reviewer = self.in_office(Role.REVIEWER, when)
        experts = Expert.objects.filter(pk__in=self.experts, state=Expert.State.ACTIVE).select_related("person")
        chosen = list(experts.order_by("pk")[3 : 3 + JURY_SIZE])
        members = invite_members(meeting, chosen, actor=reviewer, now=when)
        name_chair(members[0], actor=reviewer, now=when)
        return members

    def _sitting(self, meeting: Meeting, members: Sequence[Member], nominees: Sequence[Nominee], day: dt.date) -> Thread:
        when = at(day, 8, 50)
        yield when
        clerk = self.in_office(Role.CLERK, when)
        for member in members:
            arrive(member, actor=clerk, now=when)
        meeting = open_meeting(meeting, actor=clerk, now=at(day, 9))
        items = {item.subject_id: item for item in Item.objects.filter(meeting=meeting).select_related("meeting")}
        knows = items[self.cases[nominees[0].serial].public_id]
        when = at(day, 9, 10)
        yield when
        colleague = next(member for member in members[1:] if member.pk not in room_of(meeting).recused.get(knows.pk, set()))
        declare_recusal(
            colleague, knows, reason="曾与人选共同申请专利，申请回避。",
            actor=self.acting(self.experts[colleague.expert_id], when), now=when,
        )  # fmt: skip
        for place, nominee in enumerate(nominees):
            when = at(day, 9, 20) + dt.timedelta(minutes=7 * place)
            yield when
            self._vote(items[self.cases[nominee.serial].public_id], members, nominee, when)
        when += dt.timedelta(minutes=20)
        yield when
        clerk = self.in_office(Role.CLERK, when)
        write_minutes(meeting, text=MINUTES, actor=clerk, now=when)
        end_votes(meeting, actor=clerk, now=when)
        when += dt.timedelta(minutes=15)
        yield when
        confirm_closing(meeting, actor=self.in_office(Role.REVIEWER, when), now=when)

    def _vote(self, item: Item, members: Sequence[Member], nominee: Nominee, when: dt.datetime) -> None:
        clerk = self.in_office(Role.CLERK, when)
        call_item(item, actor=clerk, now=when)
        out = room_of(item.meeting).recused.get(item.pk, set())
        choices = {
            str(member.public_id): _choice(nominee, place) for place, member in enumerate(members) if member.pk not in out
        }  # fmt: skip
        enter_votes(item, choices, actor=clerk, now=when)
        settle_ballot(ballot_of(item), actor=clerk, now=when + dt.timedelta(minutes=4))
        if nominee.fate is Fate.JURY:
            write_decision(item, text="成果有特色，推广和带徒的数据尚不充分，建议下一届再报。", actor=clerk, now=when)


def _choice(nominee: Nominee, place: int) -> str:
    """Whom the jury does not pass has five votes; of the others now and then somebody is not convinced."""
    if nominee.fate is Fate.JURY:
        return Vote.Choice.IN_FAVOUR if place < 5 else Vote.Choice.AGAINST if place < 11 else Vote.Choice.ABSTAIN
    turn = (nominee.serial * 5 + place) % 29
    return Vote.Choice.AGAINST if turn == 0 else Vote.Choice.ABSTAIN if turn == 1 else Vote.Choice.IN_FAVOUR
