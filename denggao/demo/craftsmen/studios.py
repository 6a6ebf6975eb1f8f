"""Eight studios in employers: applied for, shown, named; what they work on, what came of it, an evaluation, an alliance."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from denggao.demo.craftsmen.casting import HERE, Nominee
from denggao.demo.craftsmen.facts import ROUNDS
from denggao.demo.craftsmen.naming import NamingThem
from denggao.demo.region import at
from denggao.demo.scans import scan
from denggao.demo.training_story.threads import Thread, after, before, merged
from denggao.demo.university.packing import read_yaml
from denggao.engines.cases import actions as cases
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.models import Case, Round
from denggao.engines.notices.actions import close_due_notices
from denggao.engines.reviews.actions.closing import close_panel
from denggao.foundation.audit.actors import Actor, Role, system
from denggao.foundation.files.actions import store_file
from denggao.foundation.organisations.members.demo import make_demo_account
from denggao.foundation.organisations.models import Employment
from denggao.foundation.organisations.queries import employed_on
from denggao.foundation.people.models import Person
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios.actions.alliances import answer_alliance, ask_alliance, found_alliance
from denggao.systems.craftsmen.studios.actions.doing import (
    ProjectGiven,
    ResultGiven,
    VisitGiven,
    begin_project,
    decide_result,
    end_project,
    record_visit,
    report_result,
)
from denggao.systems.craftsmen.studios.actions.evaluating import ask_evaluation
from denggao.systems.craftsmen.studios.actions.founding import Document, record_order
from denggao.systems.craftsmen.studios.actions.members import confirm_member
from denggao.systems.craftsmen.studios.models import Result, Studio
from denggao.systems.craftsmen.studios.policies import EVIDENCE
from denggao.systems.craftsmen.studios.queries import STUDIO

# How long ago, in days, the two calls opened: the first four are to be evaluated now.
CALLS = (740, 370)
OF_A_ROUND = 4
# A day, and what is done on it.
Step = tuple[dt.date, Callable[[dt.datetime], None]]
CHARTER = "互通样品、互借场地、互考徒弟。每季度一次联合攻关，谁家的难题谁家出样品，成果写明各自的份。"


class Studios(NamingThem):
    """The studios of those whose stories were written with care."""

    @cached_property
    def said(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = read_yaml(HERE / "studios.yaml")
        return found

    def _studios(self, number: int) -> Thread:
        """One call with its studios; the first call's are evaluated by now, or about to be."""
        opens = at(after(self.today - dt.timedelta(days=CALLS[number]), 1), 9)
        yield opens
        careful = [one for one in self.cast.by_round[ROUNDS[number].year] if one.with_care][:OF_A_ROUND]
        round_ = self._open_call(opens)
        walks = [self._applied(round_, one, opens.date(), place) for place, one in enumerate(careful)]
        yield from merged(walks)
        yield from self._named_studios(round_, [self.founding[one.serial] for one in careful], after(opens.date(), 14))
        studios = [self._studio(one) for one in careful]
        yield from merged([self._worked(studio, one) for studio, one in zip(studios, careful, strict=True)])
        if number == 0:
            yield from self._evaluated(studios[0], careful[0])
            yield from self._allied(studios)

    def _studio(self, nominee: Nominee) -> Studio:
        found = Studio.objects.select_related("leader__person", "organisation", "plan", "plaque")
        return found.get(case=self.founding[nominee.serial])

    @cached_property
    def founding(self) -> dict[int, Case]:
        """The applications, by the leader's serial."""
        return {}

    def _open_call(self, opens: dt.datetime) -> Round:
        given = cases.RoundGiven(
            procedure=STUDIO, title_zh=f"{opens.year}年工匠工作室申报", title_en=f"Craftsman studios {opens.year}", opens_at=opens,
            closes_at=opens + dt.timedelta(days=45), plan=self.plan,
            call_zh="由工匠所在单位申报。有场地、有项目、有徒弟、有经费，建设期两年，期满评估。",
            call_en="By the employer of a craftsman: a room, projects, learners and funds, for two years.",
            document=f"沪临工室演〔{opens.year}〕{opens.month:03d}号",
        )  # fmt: skip
        clerk = self.in_office(Role.CLERK, opens)
        return cases.open_round(cases.prepare_round(given, actor=clerk, now=opens), actor=clerk, now=opens)

    def _applied(self, round_: Round, nominee: Nominee, day: dt.date, place: int) -> Thread:
        when = at(after(day, 2 + place), 10, 20)
        yield when
        hr = self.hr_of(nominee.employer, when)
        case = cases.open_case(round_, body=self.employers()[nominee.employer], actor=hr, now=when)
        self.founding[nominee.serial] = case
        for section, answers in self._of_a_studio(case, nominee, when).items():
            cases.save_draft(case, section=section, answers=answers, base_revision=0, actor=hr, now=when)
        cases.submit_case(case, actor=hr, now=when + dt.timedelta(minutes=40))
        when = at(after(day, 7 + place), 15)
        yield when
        case.refresh_from_db()
        self._check(case, nominee, when)

    def _of_a_studio(self, case: Case, nominee: Nominee, when: dt.datetime) -> dict[str, dict[str, Any]]:
        told = self.said[nominee.name]
        certificate = Craftsman.objects.in_force().get(case=self.cases[nominee.serial]).certificate
        assert certificate is not None
        promise = attach_file(
            case, "支持承诺书.png", io.BytesIO(scan(6)), section="support", field="promise", taken=("png",), limit=10_000_000,
            actor=self.hr_of(nominee.employer, when), now=when,
        )  # fmt: skip
        rows = [
            {"name": name, "occupation": nominee.trade.occupation, "level": "四级", "role": "成员" if place < 2 else "学员"}
            for place, name in enumerate(self._staff(nominee, when.date()))
        ]
        return {
            "studio": {
                "name_zh": f"{nominee.name}工匠工作室", "name_en": told["en"], "leader": certificate.number,
                "purpose": told["purpose"], "place": told["place"], "floor_area_m2": str(told["area"]),
                "equipment": told["equipment"],
            },
            "members": {"members": rows},
            "plan": {
                "planned_projects": "\n".join(f"{title}：{aim}" for _kind, title, aim, _with, _done in told["projects"]),
                "planned_learners": str(4 + nominee.serial % 5),
                "targets": "两年内完成全部项目，徒弟半数以上提升一级，成果在本单位推广。",
            },
            "support": {
                "funds_yuan": str(200_000 + nominee.serial % 4 * 50_000), "hours_a_week": "8", "promise": [str(promise.public_id)],
            },
        }  # fmt: skip

    def _staff(self, nominee: Nominee, day: dt.date) -> list[str]:
        """Names of five who work there and whose names nobody else there has; where there are none, one to be hired."""
        body = self.employers()[nominee.employer]
        names = (
            employed_on(Employment.objects.filter(employer=body), day).order_by("person_id").values_list("person__name", flat=True)
        )
        found = [name for name in names if name != nominee.name]
        return [name for name in found if found.count(name) == 1][:5] or ["文长风"]

    def _named_studios(self, round_: Round, found: Sequence[Case], day: dt.date) -> Thread:
        when = at(day, 9)
        yield when
        ids = [case.pk for case in found]
        waiting = list(Case.objects.with_labels().filter(pk__in=ids).order_by("number"))
        notice = publish_notice(waiting, actor=self.in_office(Role.CLERK, when), now=when)
        notice.refresh_from_db()
        assert notice.last_on is not None
        when = at(notice.last_on + dt.timedelta(days=1), 0, 20)
        yield when
        close_due_notices(now=when)
        day = after(when.date(), 3)
        when = at(day, 10)
        yield when
        document = Document(f"沪临工室演〔{day.year}〕{day.month + 12:03d}号", "关于命名工匠工作室的通知", day)
        record_order(round_, document, actor=self.in_office(Role.CLERK, when), now=when)
        for case in Case.objects.with_labels().filter(pk__in=ids).order_by("number"):
            cases.decide_case(
                case, approve=True, reason="场地、项目、经费落实，同意命名。", actor=self.in_office(Role.APPROVER, when), now=when
            )
            case.refresh_from_db()
            cases.award_case(case, actor=system("cases.award"), now=when + dt.timedelta(minutes=3))

    # What they do

    def _worked(self, studio: Studio, nominee: Nominee) -> Thread:
        """Spread over the time from the naming until today."""
        told = self.said[nominee.name]
        span = (self.today - studio.named_on).days
        yield from self._joins(studio)
        steps = [*self._projects(studio, told, span), *self._results(studio, told, span), *self._visits(studio, told, span)]
        for day, step in sorted(steps, key=lambda item: item[0]):
            when = at(day, 14, nominee.serial % 50)
            if when >= self.now:
                return
            yield when
            step(when)

    def _joins(self, studio: Studio) -> Thread:
        """Who was asked says yes, with an own account; most may be read by name."""
        when = at(after(studio.named_on, 3), 19)
        yield when
        for place, member in enumerate(
            studio.members.filter(confirmed_at__isnull=True).select_related("person__account", "studio")
        ):
            if place == 4:
                continue
            actor = self.acting(self.account_of(member.person, when), when)
            confirm_member(member, is_public=place % 3 != 2, actor=actor, now=when)

    def account_of(self, person: Person, when: dt.datetime) -> str:
        """The account of somebody who works in the region; opened where there is none."""
        if person.account is None:
            local = f"colleague-{person.pk}"
            person.account = make_demo_account(local, None, None, person=person, actor=self.operator, now=when)
        return str(person.account.public_id)

    def _leader(self, studio: Studio, when: dt.datetime) -> Actor:
        account = studio.leader.person.account
        assert account is not None
        return self.acting(str(account.public_id), when)

    def _projects(self, studio: Studio, told: Mapping[str, Any], span: int) -> Iterator[Step]:
        for place, (kind, title, aim, partners, done) in enumerate(told["projects"]):
            first = studio.named_on + dt.timedelta(days=8 + place * span // 6)
            yield first, partial(self._begin, studio, ProjectGiven(kind, title, first, aim, partners))
            if done:
                yield first + dt.timedelta(days=span * 2 // 5), partial(self._end, studio, title)

    def _begin(self, studio: Studio, given: ProjectGiven, when: dt.datetime) -> None:
        begin_project(studio, given, actor=self._leader(studio, when), now=when)

    def _end(self, studio: Studio, title: str, when: dt.datetime) -> None:
        project = studio.projects.select_related("studio__leader__person").get(title=title)
        end_project(project, finished=True, on=when.date(), actor=self._leader(studio, when), now=when)

    def _results(self, studio: Studio, told: Mapping[str, Any], span: int) -> Iterator[Step]:
        for place, (kind, title, number, amount) in enumerate(told["results"]):
            day = studio.named_on + dt.timedelta(days=span // 3 + place * span // 6)
            yield day, partial(self._report, studio, (kind, title, number, amount))

    def _report(self, studio: Studio, told: tuple[str, str, str, int], when: dt.datetime) -> None:
        """Reported by who leads, confirmed by the employer's side; the latest waits."""
        kind, title, number, amount = told
        leader = self._leader(studio, when)
        proof = store_file(f"{title}.png", scan(5), kind=EVIDENCE, actor=leader, now=when)
        given = ResultGiven(kind, title, when.date(), number, Decimal(amount) if amount else None, proof)
        result = report_result(studio, given, actor=leader, now=when)
        if result.state == Result.State.REPORTED and kind != Result.Kind.AWARD:
            clerk = self.in_office(Role.CLERK, when)
            decide_result(result, confirmed=True, actor=clerk, now=when + dt.timedelta(hours=2))

    def _visits(self, studio: Studio, told: Mapping[str, Any], span: int) -> Iterator[Step]:
        for place, (visitors, people, about) in enumerate(told["visits"]):
            day = studio.named_on + dt.timedelta(days=span // 4 + place * span // 5)
            yield day, partial(self._visit, studio, VisitGiven(day, visitors, people, about))

    def _visit(self, studio: Studio, given: VisitGiven, when: dt.datetime) -> None:
        record_visit(studio, given, actor=self._leader(studio, when), now=when)

    # Evaluation and alliance

    def _evaluated(self, studio: Studio, nominee: Nominee) -> Thread:
        """Some weeks before today: reported, checked, judged by three, decided."""
        day = before(self.today, 24)
        when = at(day, 10)
        yield when
        hr = self.hr_of(nominee.employer, when)
        case = ask_evaluation(studio, actor=hr, now=when)
        report = {
            "report": "两年来项目按计划推进，成果经单位核对后登记；徒弟中三人提升了等级；接待院校来访，样品柜向同行开放。",
            "targets_met": "项目、带徒、推广三项目标完成；去边2毫米的平整度还差最后一步，转入下一个两年。",
            "support_given": "经费全部到位，每周八小时按月排班，测量间由单位改造。",
        }
        cases.save_draft(case, section="report", answers=report, base_revision=0, actor=hr, now=when)
        cases.submit_case(case, actor=hr, now=when + dt.timedelta(hours=1))
        when = at(after(day, 3), 10)
        yield when
        case.refresh_from_db()
        self._check(case, nominee, when)
        when = at(after(day, 4), 10)
        yield when
        self._ask_experts([case], when)
        for place, seat in enumerate(self._seats(case)):
            when = at(after(day, 5 + place), 15)
            yield when
            self._score(seat, nominee, place, when)
        when = at(after(day, 10), 15)
        yield when
        for panel in self._panels([case]):
            close_panel(panel, reason="到会专家意见一致。", actor=self.in_office(Role.REVIEWER, when), now=when)
        when = at(after(day, 12), 10)
        yield when
        case.refresh_from_db()
        cases.decide_case(
            case, approve=True, reason="材料与平台记录一致，同意评估结果。", actor=self.in_office(Role.APPROVER, when), now=when
        )
        case.refresh_from_db()
        cases.award_case(case, actor=system("cases.award"), now=when + dt.timedelta(minutes=3))

    def _allied(self, studios: Sequence[Studio]) -> Thread:
        """Founded by the first, joined by those it asked; one has not answered."""
        when = at(before(self.today, 6), 10)
        yield when
        alliance = found_alliance(
            studios[0], name_zh="滴水湖工匠工作室联盟（演示）", name_en="Dishui Lake Studio Alliance (demo)", charter=CHARTER,
            actor=self._leader(studios[0], when), now=when,
        )  # fmt: skip
        asked = [ask_alliance(alliance, studio, actor=self._leader(studios[0], when), now=when) for studio in studios[1:]]
        for membership, studio in list(zip(asked, studios[1:], strict=True))[:2]:
            when += dt.timedelta(days=1)
            yield when
            membership.studio = studio
            answer_alliance(membership, yes=True, actor=self._leader(studio, when), now=when)
