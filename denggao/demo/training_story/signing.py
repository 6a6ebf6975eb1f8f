"""Decision, the signatures of the authorities, and the renewals of later years."""

from __future__ import annotations

import datetime as dt

from denggao.demo.region import at
from denggao.demo.training import SITES
from denggao.demo.training_story.judging import Judging
from denggao.demo.training_story.threads import Thread, after
from denggao.engines.agreements.actions import refuse_to_sign, sign
from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases import actions as cases
from denggao.engines.cases.models import Case
from denggao.foundation.audit.actors import Actor, Role, system
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from denggao.systems.bases.models import Base
from denggao.systems.bases.procedures import BASE_RENEWAL


class Signing(Judging):
    """Decided and signed; once a refusal that is signed after all."""

    def _decide_and_sign(self, case: Case, passed_on: dt.date, *, refuses: bool = False) -> Thread:
        when = at(after(passed_on, 2), 10)
        yield when
        cases.decide_case(
            case, approve=True, reason="评审、公示程序完备，同意认定。", actor=self._office(Role.APPROVER, when), now=when
        )
        day = when.date()
        if refuses:
            when = at(after(day, 2), 11)
            yield when
            self._refuse(case, when)
            when = at(after(day, 4), 15)
            yield when
            case.refresh_from_db()
            cases.ask_again(case, reason="有效期起算日期已按意见核对。", actor=self._office(Role.CLERK, when), now=when)
            day = when.date()
        for place, body in enumerate(self._authorities()):
            when = at(after(day, 2 + place), 10 + place, 25)
            yield when
            self._sign(case, body, when)
        case.refresh_from_db()
        cases.award_case(case, actor=system("cases.award"), now=when + dt.timedelta(minutes=1))

    def _request(self, case: Case) -> SigningRequest:
        return SigningRequest.objects.get(subject_id=case.public_id, state=SigningRequest.State.OPEN)

    def _sign(self, case: Case, body: Organisation, when: dt.datetime) -> None:
        request, account = self._request(case), self.signatories[body.pk]
        given = SecondFactorGiven(account, Factor.PASSWORD, when)
        sign(
            request,
            organisation=body,
            shown_hash=request.content_hash,
            second_factor=given,
            actor=self._as(account, when),
            now=when,
        )

    def _refuse(self, case: Case, when: dt.datetime) -> None:
        body, request = self._authorities()[1], self._request(case)
        account = self.signatories[body.pk]
        refuse_to_sign(
            request, organisation=body, shown_hash=request.content_hash, reason="请核对有效期起算日期后再签。",
            actor=self._as(account, when), now=when,
        )  # fmt: skip

    def _renewals(self, number: int) -> Thread:
        """As often as it takes for the base to be in force today."""
        soon = self.now.date() + dt.timedelta(days=60)
        while base := Base.objects.filter(organisation=self.bodies[number], state="accredited", valid_until__lte=soon).first():
            yield from self._renewal(base, base.valid_until - dt.timedelta(days=100))

    def _renewal(self, base: Base, day: dt.date) -> Thread:
        number = self.bodies.index(base.organisation)
        when = at(after(day, 1), 10)
        yield when
        manager = self._as(self.managers[number], when)
        case = cases.open_case(
            None, body=base.organisation, procedure=BASE_RENEWAL, plan=self.plan, about_id=base.public_id, actor=manager, now=when
        )
        self._fill_renewal(case, number, manager, when)
        cases.submit_case(case, actor=manager, now=when)
        when = at(after(day, 4), 10)
        yield when
        clerk = self._office(Role.CLERK, when)
        case.refresh_from_db()
        self._pass_check(case, clerk, when)
        yield from self._decide_and_sign(case, when.date())

    def _fill_renewal(self, case: Case, number: int, manager: Actor, when: dt.datetime) -> None:
        answers = self._answers(SITES[number], case, manager, when)
        results = {"results": f"三年培训一线职工{SITES[number].size * 30}人次，向上下游企业开放。", "changes": ""}
        for section, given in {"results": results, "plan": answers["plan"], "safety": answers["safety"]}.items():
            cases.save_draft(case, section=section, answers=given, base_revision=0, actor=manager, now=when)
        case.refresh_from_db()
