"""What the database and the models refuse, whoever asks: steps, snapshots and decisions that change, impossible cases, stages
that are gone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from denggao.engines.cases import actions, queries
from denggao.engines.cases.models import Case, Decision, NeverChanged, Snapshot, Step
from denggao.engines.cases.procedures import CaseForm, Procedure, Stage, StageKind, StageNames, registered
from denggao.guards import refuse_lost_stages
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import FORM, SHORT, SYSTEM, a_submitted, names, stage


def decided(cast, now) -> Case:
    return actions.decide_case(
        checked(a_submitted(cast, now), cast, now), approve=True, reason="同意", actor=cast.approver, now=now
    )


@pytest.mark.parametrize("model", [Step, Snapshot, Decision])
def test_what_is_written_once_is_never_changed(cast, now, model):
    decided(cast, now)
    row = model.objects.first()

    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(case_id=row.case_id)):
        with pytest.raises(NeverChanged):
            change()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET case_id = case_id")

    assert model.objects.first() == row


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "awarded"},
        {"state": "awarded", "ended_at": dt.datetime(2022, 1, 1, tzinfo=dt.UTC), "waits_for": "nobody", "due_on": None},
        {"state": "returned"},
        {"stage": "draft", "stage_kind": "draft"},
        {"submitted_at": None},
        {"number": None},
        {"waits_for": "nobody"},
        {"body_id": None},
        {"ended_at": dt.datetime(2022, 1, 1, tzinfo=dt.UTC)},
    ],
    ids=str,
)
def test_the_database_refuses_an_impossible_case(cast, now, columns):
    case = a_submitted(cast, now)

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**columns)


@pytest.mark.parametrize(
    "given",
    [
        {"number": 2},
        {"number": 9, "kind": "opened", "stage_from": ""},
        {"number": 9, "kind": "rejected", "state_to": "rejected", "reason": ""},
        {"number": 9, "kind": "rejected", "state_to": "open", "reason": "x"},
        {"number": 9, "kind": "passed", "state_to": "awarded"},
        {"number": 9, "kind": "passed", "state_to": "returned"},
        {"number": 9, "actor_id": ""},
        {"number": 0},
    ],
    ids=str,
)
def test_the_database_refuses_an_impossible_step(cast, now, given):
    case = a_submitted(cast, now)
    fine = {
        "case": case, "number": 9, "kind": "passed", "stage_from": "check", "stage_to": "decide", "state_to": "open", "at": now,
        "actor_kind": "account", "actor_id": "a", "actor_text": "b", "shown_to": "office",
    }  # fmt: skip

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(**(fine | given))
    Step.objects.create(**fine)


def test_the_start_is_refused_while_a_case_stands_in_a_stage_that_is_gone(cast, now, capsys):
    case = a_submitted(cast, now)
    refuse_lost_stages()
    gone = Procedure("trial", 2, "Trial", (stage(StageKind.DRAFT), stage(StageKind.AWARD)), {1: FORM}, SYSTEM)
    Case.objects.filter(pk=case.pk).update(version=2)

    with registered(gone):
        assert queries.lost_stages() == ["trial v2: check"]
        with pytest.raises(SystemExit) as ended:
            refuse_lost_stages()

    assert ended.value.code == 2
    assert "trial v2: check" in capsys.readouterr().err
    Case.objects.filter(pk=case.pk).update(version=1)
    actions.withdraw_case(Case.objects.get(), actor=cast.base_manager, now=now)
    refuse_lost_stages()


def test_a_case_keeps_its_version_when_a_newer_one_is_registered(cast, now):
    case = a_submitted(cast, now)
    newer = Procedure("trial", 2, "Trial", (*SHORT.stages[:1], *SHORT.stages[2:]), {1: FORM, 2: CaseForm(2, FORM.sections)}, SYSTEM)

    with registered(newer):
        checked(case, cast, now)
        assert (case.version, case.stage) == (1, "decide")
        other = a_submitted(cast, now)
        assert (other.version, other.form_version, other.stage) == (2, 2, "decide")


@pytest.mark.parametrize(
    "stages",
    [
        (),
        (stage(StageKind.DRAFT),),
        (stage(StageKind.CHECK), stage(StageKind.AWARD)),
        (stage(StageKind.DRAFT), stage(StageKind.CHECK)),
        (stage(StageKind.DRAFT), stage(StageKind.CHECK), stage(StageKind.CHECK), stage(StageKind.AWARD)),
        (stage(StageKind.DRAFT), Stage("x", StageKind.DRAFT, names("x")), stage(StageKind.AWARD)),
    ],
    ids=len,
)
def test_a_procedure_that_can_not_be_walked_is_refused(stages):
    with pytest.raises(ValueError, match="wrong"):
        Procedure("wrong", 1, "Wrong", stages, {1: FORM}, SYSTEM)


def test_stages_are_called_by_the_readers_name():
    said = StageNames("yours", "ours", "theirs")

    assert [said.of(audience) for audience in ("applicant", "office", "public")] == ["yours", "ours", "theirs"]
