"""A class with few seats: people apply, the assistant looks through what came, the teacher gives points and chooses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from denggao.demo.region import at
from denggao.demo.training_story.threads import Thread
from denggao.demo.university.facts import APPLICATIONS
from denggao.demo.university.people import Company
from denggao.engines.cases import actions as cases
from denggao.engines.cases.models import Case
from denggao.foundation.audit.actors import system
from denggao.systems.university.learning.models import Run, SeatApplication
from denggao.systems.university.learning.selection.actions import Choice, apply_for_seat, choose, rate

CHOSEN, NOT_CHOSEN = "有证书、有岗位、有要做的活，录取。", "本期名额有限，常年班随时可以先学；下一期优先。"


class Selecting(Company):
    """What became of each, in their order: chosen, refused, looked through and rated, just handed in."""

    def _selection(self, run: Run, accounts: Sequence[str]) -> Thread:
        applications = []
        for place, account in enumerate(accounts):
            when = at(self.today - dt.timedelta(days=3 if place < 3 else 1), 19, 4 + 9 * place)
            yield when
            applications.append(self._apply(run, account, place, when))
        looked_at = applications[:3]
        when = at(self.today - dt.timedelta(days=2), 10)
        yield when
        for one in looked_at:
            cases.pass_check(self._case(one), actor=self.acting(self.accounts["assistant"], when), now=when)
        when = at(self.today - dt.timedelta(days=1), 16)
        yield when
        teacher = self.teaching(run.course, when)
        for one, points in zip(looked_at, (91, 58, 84), strict=False):
            rate(one, points=points, actor=teacher, now=when)
        choices = [Choice(one, verdict) for one, verdict in zip(looked_at, ("yes", "no"), strict=False)]
        choose(run, choices, yes=CHOSEN, no=NOT_CHOSEN, actor=teacher, now=when)
        for one in looked_at[:1]:
            cases.award_case(self._case(one), actor=system("cases.award"), now=when + dt.timedelta(minutes=1))

    def _apply(self, run: Run, account: str, place: int, when: dt.datetime) -> SeatApplication:
        actor, (why, background) = self.acting(account, when), APPLICATIONS[place % len(APPLICATIONS)]
        case = apply_for_seat(run, actor=actor, now=when)
        said = {"why": why, "background": background}
        cases.save_draft(case, section="application", answers=said, base_revision=0, actor=actor, now=when)
        cases.submit_case(case, actor=actor, now=when)
        return SeatApplication.objects.select_related("case", "run__school", "run__course", "person").get(case=case)

    def _case(self, application: SeatApplication) -> Case:
        return Case.objects.with_labels().get(pk=application.case_id)
