"""How ten training bases came to be, told to the product through everybody's own actions, each with its own date.

Every application is a thread: a generator that says when it goes on, and then does what was done that day. The teller
(``loading``) always lets the thread go on that is due first, so what happened is known in the order in which it happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from denggao.demo.region import at
from denggao.demo.training import SITES
from denggao.demo.training_story.appraising import Appraising
from denggao.demo.training_story.signing import Signing
from denggao.demo.training_story.threads import Thread, after, before, merged
from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases import actions as cases
from denggao.engines.cases.models import Round
from denggao.engines.reviews.actions.assigning import assign_automatically
from denggao.foundation.audit.actors import Role
from denggao.systems.bases.procedures import BASE

ROUNDS = (
    ("2020年产业实训基地申报", "Training bases 2020", dt.date(2020, 5, 11), dt.date(2020, 6, 30), range(4)),
    ("2021年第一批产业实训基地申报", "Training bases 2021, first call", dt.date(2021, 3, 1), dt.date(2021, 4, 30), range(4, 8)),
    ("2021年第二批产业实训基地申报", "Training bases 2021, second call", dt.date(2021, 9, 1), dt.date(2021, 10, 15), range(8, 10)),
)


class TrainingStory(Signing, Appraising):
    """The whole of it: three rounds of earlier years, one appraisal, and what goes on today."""

    def threads(self) -> list[Thread]:
        told = [self._round(*facts) for facts in ROUNDS]
        return [self._prepare(), *told, self._appraisal(), self._present()]

    def _round(self, title: str, english: str, first: dt.date, last: dt.date, numbers_: Sequence[int]) -> Thread:
        yield at(first, 9)
        round_ = self._open_round(BASE, title, english, at(first, 9), at(last, 17))
        walks = [
            self._accredited(round_, number, first + dt.timedelta(days=8 + 5 * place)) for place, number in enumerate(numbers_)
        ]
        yield from merged(walks)

    def _accredited(self, round_: Round, number: int, submitted_on: dt.date) -> Thread:
        """One application that goes all the way; the first is returned once for correction."""
        yield at(submitted_on - dt.timedelta(days=5), 10)
        case = self._draft(round_, number, at(submitted_on - dt.timedelta(days=5), 10))
        yield at(submitted_on, 15)
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted_on, 15)), now=at(submitted_on, 15))
        checked = yield from self._check(case, number, submitted_on, returns=number == 0)
        closed = yield from self._review(case, number, checked)
        passed = yield from self._notice(case, closed, objects=number == 4)
        yield from self._decide_and_sign(case, passed, refuses=number == 2)
        yield from self._renewals(number)

    def _present(self) -> Thread:
        """A call that is open now, with applications at every stage."""
        today = timezone.localtime(self.now).date()
        start = today - dt.timedelta(days=75)
        yield at(start, 9)
        round_ = self._open_round(
            BASE,
            f"{start.year}年产业实训基地申报",
            f"Training bases {start.year}",
            at(start, 9),
            at(today + dt.timedelta(days=45), 17),
        )
        walks = [
            self._cosigning(round_, 10, before(today, 25)),
            self._noticed(round_, 11, today),
            self._judged(round_, 12, today),
            self._returned(round_, 13, today),
        ]
        yield from merged([self._until(walk, self.now) for walk in walks])

    def _until(self, walk: Thread, end: dt.datetime) -> Thread:
        """As far as it has come by now."""
        for when in walk:
            if when > end:
                return
            yield when

    def _cosigning(self, round_: Round, number: int, submitted_on: dt.date) -> Thread:
        """One of three authorities has signed."""
        walk = self._accredited(round_, number, submitted_on)
        for when in walk:
            yield when
            # The thread goes on after this; it is left before the second signature.
            request = SigningRequest.objects.filter(title_zh__contains=SITES[number].base_zh, state="open").first()
            if request is not None and request.signers.filter(state="signed").exists():
                return

    def _noticed(self, round_: Round, number: int, today: dt.date) -> Thread:
        """In public notice, with an objection nobody has ruled on."""
        submitted = before(today, 14)
        yield at(submitted, 9)
        case = self._draft(round_, number, at(submitted, 9))
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted, 9)), now=at(submitted, 9))
        checked = yield from self._check(case, number, submitted, returns=False)
        closed = yield from self._review(case, number, checked)
        yield at(after(closed, 1), 10)
        self._object(case, at(after(closed, 1), 10))

    def _judged(self, round_: Round, number: int, today: dt.date) -> Thread:
        """With the experts: the visit was made, one sheet is handed in, one half filled."""
        submitted = before(today, 12)
        yield at(submitted, 9)
        case = self._draft(round_, number, at(submitted, 9))
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted, 9)), now=at(submitted, 9))
        checked = yield from self._check(case, number, submitted, returns=False)
        when = at(after(checked, 2), 14)
        yield when
        assign_automatically([self._panel(case)], actor=self._office(Role.REVIEWER, when), now=when)
        when = at(after(checked, 6), 9, 30)
        yield when
        self._visit(case, SITES[number], when)
        for place, assignment in enumerate(self._seats(case)[:2]):
            when = at(after(checked, 7), 10 + place)
            yield when
            self._score(assignment, number, place, when, submits=place == 0)

    def _returned(self, round_: Round, number: int, today: dt.date) -> Thread:
        """Sent back for correction; the clock stands still."""
        submitted = before(today, 6)
        yield at(submitted, 9)
        case = self._draft(round_, number, at(submitted, 9))
        cases.submit_case(case, actor=self._as(self.managers[number], at(submitted, 9)), now=at(submitted, 9))
        when = at(after(submitted, 3), 10)
        yield when
        clerk = self._office(Role.CLERK, when)
        case.refresh_from_db()
        cases.return_case(
            case, reason="消防验收材料不清晰，请重新提交。", fields=[cases.FieldRemark("safety", "fire", "请提交清晰的扫描件")],
            actor=clerk, now=when,
        )  # fmt: skip
