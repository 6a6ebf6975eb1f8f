import datetime as dt
import os
import threading

import pytest
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import ActorKind, account, operator
from denggao.foundation.jobs import registry
from denggao.foundation.jobs.actions import JobNotOpen, cancel_job, enqueue, retry_job
from denggao.foundation.jobs.liveness import Liveness
from denggao.foundation.jobs.models import Job, Schedule
from denggao.foundation.jobs.registry import Interrupted, job
from denggao.foundation.jobs.work import claim_next, drain, run, sweep, tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_jobs")]
OPERATOR = operator("test")


@pytest.fixture
def nobody_gone(tmp_path):
    return Liveness(tmp_path)


def test_a_job_runs_with_its_arguments_and_keeps_its_result(now, clock):
    @job("test.add")
    def add(arguments, progress):
        progress(1, 2, "Adding")
        return {"sum": arguments["a"] + arguments["b"]}

    asked = enqueue("test.add", {"a": 1, "b": 2}, actor=OPERATOR, now=now)

    assert drain(clock=clock) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.result, asked.done, asked.total, asked.attempts) == ("done", {"sum": 3}, 1, 2, 1)
    assert asked.ended_at == now
    assert asked.claim is None


def test_an_unknown_code_is_refused_at_once(now):
    with pytest.raises(KeyError):
        enqueue("test.nothing", {}, actor=OPERATOR, now=now)


def test_a_key_gives_one_open_job(now, clock):
    @job("test.once")
    def once(arguments, progress): ...

    first = enqueue("test.once", {}, key="k", actor=OPERATOR, now=now)
    second = enqueue("test.once", {}, key="k", actor=OPERATOR, now=now)
    drain(clock=clock)
    third = enqueue("test.once", {}, key="k", actor=OPERATOR, now=now)

    assert second.pk == first.pk
    assert third.pk != first.pk


def test_a_rolled_back_act_leaves_no_job(now):
    @job("test.never")
    def never(arguments, progress): ...

    with transaction.atomic():
        enqueue("test.never", {}, actor=OPERATOR, now=now)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_a_later_job_waits_for_its_time(now, clock):
    @job("test.later")
    def later(arguments, progress): ...

    enqueue("test.later", {}, actor=OPERATOR, now=now, run_after=now + dt.timedelta(minutes=1))

    assert drain(clock=clock) == 0
    clock.move(minutes=1)
    assert drain(clock=clock) == 1


def test_a_failing_job_is_tried_again_after_a_while_and_then_given_up(now, clock):
    told = []

    @job("test.fail", attempts=2, on_failure=lambda arguments, sentence: told.append((arguments, sentence)))
    def fail(arguments, progress):
        raise ValueError("110105194912310021 must not be shown")

    registry.job_failed.plug(hook := lambda job, now: told.append(job.state))
    asked = enqueue("test.fail", {"x": 1}, actor=OPERATOR, now=now)
    drain(clock=clock)
    asked.refresh_from_db()
    first = (asked.state, asked.run_after - now)
    clock.move(seconds=10)
    drain(clock=clock)
    registry.job_failed._handlers.remove(hook)

    asked.refresh_from_db()
    assert first == ("queued", dt.timedelta(seconds=10))
    assert (asked.state, asked.attempts) == ("failed", 2)
    assert asked.error
    assert "1101" not in asked.error
    assert told == [({"x": 1}, asked.error), "failed"]


def test_a_refusal_is_final_and_its_sentence_kept(now, clock):
    @job("test.refuse", attempts=5)
    def refuse(arguments, progress):
        raise Refused(_("The list is empty."))

    asked = enqueue("test.refuse", {}, actor=OPERATOR, now=now)
    drain(clock=clock)

    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("failed", 1)
    assert asked.error


def test_a_job_acts_as_who_asked_for_it_with_the_roles_held_when_it_runs(now, clock):
    user = User.objects.create_user()
    seen = []

    @job("test.who")
    def who(arguments, progress):
        seen.append(progress.actor)

    enqueue("test.who", {}, actor=account(user, []), now=now)
    enqueue("test.who", {}, actor=OPERATOR, now=now)
    drain(clock=clock)

    assert [(actor.kind, actor.user) for actor in seen] == [(ActorKind.ACCOUNT, user), (ActorKind.SYSTEM, None)]


def test_a_job_of_a_closed_account_does_not_run(now, clock):
    user = User.objects.create_user()
    ran = []

    @job("test.who")
    def who(arguments, progress):
        ran.append(progress.actor)

    asked = enqueue("test.who", {}, actor=account(user, []), now=now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    drain(clock=clock)

    asked.refresh_from_db()
    assert asked.state == "failed"
    assert not ran


def test_heavy_work_is_left_to_the_threads_that_take_it(now, clock):
    @job("test.heavy", queue="heavy")
    def heavy(arguments, progress): ...

    enqueue("test.heavy", {}, actor=OPERATOR, now=now)

    assert claim_next("w", clock=clock, queues=("default",)) is None
    assert claim_next("w", clock=clock) is not None


def test_a_lease_that_ran_out_is_put_back_and_the_old_attempt_can_write_no_more(now, clock, nobody_gone):
    @job("test.slow")
    def slow(arguments, progress): ...

    asked = enqueue("test.slow", {}, actor=OPERATOR, now=now)
    held = claim_next("w", clock=clock)
    held(1, 10)
    clock.move(minutes=10)
    still = sweep(nobody_gone, clock=clock)
    clock.move(seconds=1)
    swept = sweep(nobody_gone, clock=clock)
    again = claim_next("v", clock=clock)

    assert (still, swept) == (0, 1)
    assert again.job.attempts == 2
    with pytest.raises(Interrupted):
        held(2, 10)
    assert not held.end(state="done", ended_at=now)
    asked.refresh_from_db()
    assert (asked.state, asked.worker) == ("running", "v")


def test_progress_keeps_the_lease(now, clock, nobody_gone):
    @job("test.slow")
    def slow(arguments, progress): ...

    enqueue("test.slow", {}, actor=OPERATOR, now=now)
    held = claim_next("w", clock=clock)
    clock.move(minutes=9)
    held(1, 10)
    clock.move(minutes=9)

    assert sweep(nobody_gone, clock=clock) == 0


def test_a_job_cut_off_too_often_is_given_up(now, clock, nobody_gone):
    @job("test.killer", attempts=2)
    def killer(arguments, progress): ...

    asked = enqueue("test.killer", {}, actor=OPERATOR, now=now)
    for _attempt in range(2):
        clock.move(minutes=1)
        claim_next("w", clock=clock)
        clock.move(minutes=11)
        sweep(nobody_gone, clock=clock)

    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("failed", 2)


def test_a_worker_that_is_gone_is_known_at_once(now, clock, tmp_path):
    @job("test.slow")
    def slow(arguments, progress): ...

    gone, alive = Liveness(tmp_path), Liveness(tmp_path)
    gone_name, alive_name = gone.begin(), alive.begin()
    first = enqueue("test.slow", {}, actor=OPERATOR, now=now)
    second = enqueue("test.slow", {}, actor=OPERATOR, now=now)
    claim_next(gone_name, clock=clock)
    claim_next(alive_name, clock=clock)
    os.close(gone._held)  # what the kernel does when a process is killed

    assert sweep(Liveness(tmp_path), clock=clock) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("queued", "running")
    assert [path.name for path in tmp_path.iterdir()] == [f"{alive_name}.lock"]
    alive.end(alive_name)


def test_a_stopping_worker_puts_its_job_back_uncounted(now, clock):
    @job("test.long")
    def long(arguments, progress):
        progress(1, 2)

    asked = enqueue("test.long", {}, actor=OPERATOR, now=now)
    run(claim_next("w", clock=clock, stopping=lambda: True))

    asked.refresh_from_db()
    assert (asked.state, asked.attempts) == ("queued", 0)


def test_a_recurring_job_is_enqueued_once_a_tick(now, clock):
    @job("test.minutely", cron="* * * * *", keep=False)
    def minutely(arguments, progress): ...

    assert tick(clock=clock) == 0
    clock.move(minutes=1)
    assert [tick(clock=clock), tick(clock=clock)] == [1, 0]
    clock.move(minutes=5)
    assert tick(clock=clock) == 0  # the last one is still open
    assert drain(clock=clock) == 1
    clock.move(minutes=1)
    assert tick(clock=clock) == 1
    assert Schedule.objects.get().last_at == clock()
    drain(clock=clock)
    assert not Job.objects.exists()


def test_a_changed_schedule_is_taken_over(now, clock):
    @job("test.daily", cron="0 3 * * *")
    def daily(arguments, progress): ...

    tick(clock=clock)
    Schedule.objects.update(cron="* * * * *")
    tick(clock=clock)

    assert Schedule.objects.get().cron == "0 3 * * *"
    assert Schedule.objects.get().next_at > now + dt.timedelta(hours=10)


def test_a_queued_job_can_be_cancelled_a_running_one_not(now, clock):
    @job("test.slow")
    def slow(arguments, progress): ...

    waiting = enqueue("test.slow", {}, actor=OPERATOR, now=now)
    cancel_job(waiting, actor=OPERATOR, now=now)
    running = enqueue("test.slow", {}, actor=OPERATOR, now=now)
    claim_next("w", clock=clock)

    assert waiting.state == "cancelled"
    with pytest.raises(JobNotOpen):
        cancel_job(running, actor=OPERATOR, now=now)


def test_a_failed_job_can_be_tried_again(now, clock):
    @job("test.flaky", attempts=1)
    def flaky(arguments, progress):
        raise ValueError

    asked = enqueue("test.flaky", {}, key="k", actor=OPERATOR, now=now)
    drain(clock=clock)
    asked.refresh_from_db()
    retry_job(asked, actor=OPERATOR, now=now)
    with pytest.raises(JobNotOpen):
        retry_job(asked, actor=OPERATOR, now=now)

    assert (asked.state, asked.attempts, asked.error) == ("queued", 0, "")


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_run_each_job_once(now, clock):
    ran = []

    @job("test.count")
    def count(arguments, progress):
        ran.append(arguments["n"])

    for number in range(20):
        enqueue("test.count", {"n": number}, actor=OPERATOR, now=now)

    def work():
        drain(clock=clock)
        connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ran) == list(range(20))
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
