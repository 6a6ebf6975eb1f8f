"""Two at the same moment, and a worker that is killed: one of two wins and the other is told; an award is made exactly once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case, Consent, Decision, Draft, DraftVersion, Snapshot
from denggao.engines.cases.refusals import StageMoved
from denggao.engines.cases.states import State
from denggao.foundation.audit.actors import Grant, Role, account
from denggao.foundation.jobs.models import Job
from denggao.foundation.messages.models import Message
from tests.cast import make_cast
from tests.climb.test_at_once import environment
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import SYSTEM, a_draft, a_submitted
from tests.engines.cases.test_consents import asked_case, of

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def cast(transactional_db, now):
    return make_cast(now)


@pytest.fixture(autouse=True)
def _one_audit_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "AUDIT_HEAD_DIR", settings.KEYS_DIR)
    for head in Path(settings.KEYS_DIR).glob("*.head"):
        head.unlink()


def side_by_side(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned or raised; all start together, each on a connection of its own."""
    outcomes: list[Any] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(at: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            outcomes[at] = act()
        except Exception as error:
            outcomes[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at, act)) for at, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_of_two_who_agree_at_once_the_second_brings_it_on(cast, now):
    case = asked_case(cast, now)
    person, body = of(case), of(case, body=True)

    outcomes = side_by_side(
        lambda: actions.agree(person, hash_seen=person.content_hash, actor=cast.worker, now=now),
        lambda: actions.agree(body, hash_seen=body.content_hash, actor=cast.hr, now=now),
    )

    # A step taken in between may refuse the slower one: it answers again, and no consent is lost or counted twice.
    for consent, actor, outcome in zip((person, body), (cast.worker, cast.hr), outcomes, strict=True):
        if isinstance(outcome, Exception):
            actions.agree(Consent.objects.get(pk=consent.pk), hash_seen=consent.content_hash, actor=actor, now=now)
    case.refresh_from_db()
    assert (case.stage, case.steps.filter(kind="consented").count()) == ("check", 1)


def test_of_an_answer_from_two_tabs_one_stands(cast, now):
    case = asked_case(cast, now)
    one, other = of(case), of(case)

    outcomes = side_by_side(
        lambda: actions.agree(one, hash_seen=one.content_hash, actor=cast.worker, now=now),
        lambda: actions.decline(other, reason="不参评", hash_seen=other.content_hash, actor=cast.worker, now=now),
    )

    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    case.refresh_from_db()
    assert (of(case).state, case.state) in {("agreed", "open"), ("declined", "ended")}


def test_of_two_officers_who_decide_at_once_one_wins_and_the_other_learns_what_happened(cast, now):
    case = checked(a_submitted(cast, now), cast, now)
    other = account(cast.user("reviewer"), [Grant(Role.APPROVER)])
    mine, theirs = (Case.objects.with_labels().get(pk=case.pk) for _at in range(2))

    outcomes = side_by_side(
        lambda: actions.decide_case(mine, approve=True, reason="同意", actor=cast.approver, now=now),
        lambda: actions.decide_case(theirs, approve=False, reason="不同意", actor=other, now=now),
    )

    (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(refusal, StageMoved), refusal
    decision = Decision.objects.get()
    stored = Case.objects.get(pk=case.pk)
    assert (stored.stage == "award") is decision.approved
    assert (stored.state == State.REJECTED) is not decision.approved
    assert stored.steps.count() == stored.lock == 4
    last = stored.steps.last()
    assert str(last.get_kind_display()) in str(refusal)
    assert SYSTEM.told == ([] if decision.approved else [("rejected", str(case.public_id))])


def test_a_case_withdrawn_while_it_is_decided_is_one_or_the_other(cast, now):
    case = checked(a_submitted(cast, now), cast, now)
    mine, theirs = (Case.objects.with_labels().get(pk=case.pk) for _at in range(2))

    outcomes = side_by_side(
        lambda: actions.decide_case(mine, approve=True, reason="同意", actor=cast.approver, now=now),
        lambda: actions.withdraw_case(theirs, actor=cast.base_manager, now=now),
    )

    assert sum(isinstance(outcome, StageMoved) for outcome in outcomes) == 1, outcomes
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state == State.WITHDRAWN) is (Decision.objects.count() == 0)


def test_two_who_submit_at_once_hand_in_once(cast, now):
    case = a_draft(cast, now)
    copies = [Case.objects.with_labels().get(pk=case.pk) for _at in range(3)]

    outcomes = side_by_side(*[lambda copy=copy: actions.submit_case(copy, actor=cast.base_manager, now=now) for copy in copies])

    assert sum(isinstance(outcome, StageMoved) for outcome in outcomes) == 2, outcomes
    assert Snapshot.objects.get().number == 1
    assert Case.objects.get().number == "SY-2022-0001"


def test_many_who_save_at_once_lose_no_text(cast, now):
    case = a_draft(cast, now, filled=False)
    fields = {"name": "甲", "area": "7", "ready": True}
    copies = [(Case.objects.with_labels().get(pk=case.pk), name, value) for name, value in fields.items()]

    outcomes = side_by_side(
        *[
            lambda copy=copy, name=name, value=value: actions.save_draft(
                copy, section="place", answers={name: value}, base_revision=0, actor=cast.base_manager, now=now
            )
            for copy, name, value in copies
        ]
    )

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert Draft.objects.get().answers == fields
    assert sorted(DraftVersion.objects.values_list("revision", flat=True)) == [1, 2, 3]


def test_numbers_given_at_once_are_without_double_or_gap(cast, now):
    cases = [a_draft(cast, now) for _at in range(4)]

    outcomes = side_by_side(*[lambda case=case: actions.submit_case(case, actor=cast.base_manager, now=now) for case in cases])

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"SY-2022-{serial:04d}" for serial in range(1, 5)]


def test_an_award_run_twice_is_made_once(cast, now):
    case = _decided(cast, now)
    copies = [Case.objects.with_labels().get(pk=case.pk) for _at in range(2)]

    outcomes = side_by_side(*[lambda copy=copy: actions.award_case(copy, actor=cast.clerk, now=now) for copy in copies])

    assert sum(isinstance(outcome, StageMoved) for outcome in outcomes) == 1, outcomes
    assert Message.objects.filter(code="trial.made").count() == 1


def test_an_award_that_breaks_leaves_the_case_waiting_and_is_asked_for_again(cast, now):
    case = _decided(cast, now)
    SYSTEM.breaks = True
    with pytest.raises(RuntimeError):
        actions.award_case(case, actor=cast.clerk, now=now)
    assert Case.objects.get(pk=case.pk).stage == "award"
    assert (case.state, Message.objects.filter(code="trial.made").count()) == (State.OPEN, 0)

    SYSTEM.breaks = False
    Job.objects.filter(code="cases.award").update(state="failed", ended_at=now, error="x")
    from denggao.engines.cases.tasks import awards_left
    from denggao.foundation.jobs import work

    awards_left({}, _Clock(now))
    work.drain(clock=lambda: now)

    assert Case.objects.get(pk=case.pk).state == State.AWARDED


class _Clock:
    def __init__(self, now: Any) -> None:
        self._now = now

    def now(self) -> Any:
        return self._now


@pytest.mark.parametrize("after", [0.0, 0.05, 0.3])
def test_a_worker_killed_between_decision_and_award_awards_exactly_once(cast, after):
    case = _decided(cast, timezone.now())

    worker = _worker()
    end = time.monotonic() + 90
    while not Job.objects.filter(code="cases.award", state="running").exists() and time.monotonic() < end:
        time.sleep(0.002)
        if Case.objects.get(pk=case.pk).state == State.AWARDED:
            break
    time.sleep(after)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    again = _worker()
    end = time.monotonic() + 120
    while Case.objects.get(pk=case.pk).state != State.AWARDED and time.monotonic() < end:
        time.sleep(0.1)
    again.send_signal(signal.SIGTERM)
    again.wait(timeout=60)

    stored = Case.objects.get(pk=case.pk)
    assert stored.state == State.AWARDED
    assert [step.kind for step in stored.steps.all()].count("awarded") == 1
    assert Message.objects.filter(code="trial.made").count() == 1


def _decided(cast, now) -> Case:
    case = checked(a_submitted(cast, now), cast, now)
    return actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=now)


def _worker() -> subprocess.Popen[bytes]:
    """A worker's process that knows the trial procedures."""
    program = "from tests.engines.cases.worker import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program], env={**environment(), "PYTHONPATH": str(ROOT)}, cwd=ROOT, stderr=subprocess.DEVNULL
    )
