"""Loading a plan, and who takes part in it."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from denggao.engines.ledger.models import Standing
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.organisations import hooks as organisation_hooks
from denggao.foundation.organisations.models import Organisation, OrganisationAlias
from denggao.foundation.plans import hooks
from denggao.foundation.plans.actions import (
    ParticipationRefused,
    PlanJoining,
    PlanRefused,
    add_participation,
    change_participation,
    load_plan,
    remove_participation,
    set_participations,
)
from denggao.foundation.plans.models import Goal, Part, Participation, Plan
from tests.facts import a_person, a_plan, an_employer, in_post
from tests.foundation.plans.test_planfile import SHIPPED, SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    calls = []
    monkeypatch.setattr(hooks.plan_changed, "_handlers", [lambda plan, **_given: calls.append(plan.code)])
    monkeypatch.setattr(organisation_hooks.heads_changed, "_handlers", [lambda people, **_given: calls.append(people)])
    return calls


def recorded() -> list[str]:
    return list(Record.objects.filter(action__startswith="plans.participation").order_by("id").values_list("action", flat=True))


def test_loading_the_shipped_plan_twice_changes_nothing(cast, now, told):
    first = load_plan(content=SHIPPED.read_bytes(), actor=cast.administrator, now=now)
    second = load_plan(content=SHIPPED.read_bytes(), actor=cast.administrator, now=now)

    assert (first.outcome, second.outcome, second.changes) == ("created", "unchanged", {})
    assert told == ["lingang-2020"]
    plan = Plan.objects.get()
    assert [industry.code for industry in plan.industries.order_by("planindustry__position")] == [
        "ai",
        "ic",
        "biomedicine",
        "aerospace",
    ]
    assert Part.objects.filter(plan=plan, goal=None, role="guide").count() == 2
    assert OrganisationAlias.objects.get(name="市总工会").organisation.code == "sftu"
    assert Organisation.objects.filter(code__isnull=False).count() == 10
    assert Record.objects.filter(action="plans.load", object_type="plans.plan").count() == 1


def test_a_changed_file_changes_only_what_differs(cast, now, told):
    load_plan(content=SMALL.encode(), actor=cast.administrator, now=now)
    goal = Goal.objects.get()

    load = load_plan(content=SMALL.replace("target: 10\n", "target: 12\n").encode(), actor=cast.administrator, now=now)

    assert load.outcome == "updated"
    assert load.changes == {"goals.upgrades.target": (10, 12)}
    assert Goal.objects.get().pk == goal.pk
    assert told == ["small", "small"]
    assert Record.objects.filter(object_type="plans.plan").latest("id").after["changes"] == {
        "goals.upgrades.target": {"from": 10, "to": 12}
    }


def test_comments_alone_change_nothing(cast, now, told):
    load_plan(content=SMALL.encode(), actor=cast.administrator, now=now)

    load = load_plan(content=f"# 说明\n{SMALL}".encode(), actor=cast.administrator, now=now)

    assert load.outcome == "unchanged"
    assert told == ["small"]


def test_a_body_known_by_another_name_is_not_made_twice(cast, now, told):
    body = Organisation.objects.create(name_zh="总工会", name_key="总工会", kind="union", created_at=now)

    load_plan(content=SMALL.encode(), actor=cast.administrator, now=now)

    assert Organisation.objects.get(code="union").pk == body.pk


def test_a_goal_that_counts_heads_cannot_go(cast, now, told):
    load_plan(content=SMALL.encode(), actor=cast.administrator, now=now)
    Standing.objects.create(goal=Goal.objects.get(), person=a_person())

    with pytest.raises(PlanRefused, match="upgrades"):
        load_plan(content=SMALL.replace("code: upgrades", "code: others").encode(), actor=cast.administrator, now=now)

    assert Goal.objects.get().code == "upgrades"


@pytest.mark.parametrize("part", ["clerk", "hr", "auditor", "visitor"])
def test_only_the_administrator_loads_plans(cast, now, part):
    with pytest.raises(NotAllowed):
        load_plan(content=SMALL.encode(), actor=getattr(cast, part), now=now)

    assert not Plan.objects.exists()


def test_the_command_loads_and_tells_in_json(capsys, db):
    call_command("load_plan", str(SHIPPED), "--json")
    created = json.loads(capsys.readouterr().out)
    call_command("load_plan", str(SHIPPED), "--json")
    again = json.loads(capsys.readouterr().out)

    assert created["outcome"] == "created"
    assert created["goals"]["upgrades"] == 10000
    assert again["outcome"] == "unchanged"


def test_the_command_tells_every_fault_and_ends_with_1(capsys, db, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(SMALL.replace("target: 10\n", "target: 0\n"), encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        call_command("load_plan", str(path), "--language", "en", "--json")

    said = capsys.readouterr()
    assert ended.value.code == 1
    assert "line 16, goals[0].target" in said.err
    assert json.loads(said.out)["outcome"] == "refused"


def test_an_employer_joins_for_the_whole_span_unless_dated(cast, now, told):
    plan, person = a_plan(), a_person()
    employer = an_employer()
    in_post(person, employer)

    joined = add_participation(employer, plan=plan, from_on=None, to_on=None, actor=cast.clerk, now=now)
    change_participation(joined, from_on=dt.date(2021, 1, 1), to_on=dt.date(2021, 12, 31), actor=cast.clerk, now=now)
    remove_participation(joined, actor=cast.clerk, now=now)

    assert told == [{person.pk}] * 3
    assert not Participation.objects.exists()
    assert recorded() == [
        "plans.participation.add", "plans.participation.change", "plans.participation.remove",
    ]  # fmt: skip


def test_who_joins_must_be_an_employer_once_and_in_order_of_days(cast, now):
    plan, employer = a_plan(), an_employer()
    set_participations(plan, {employer.pk: (None, None)}, actor=cast.clerk, now=now)

    for body, days in (
        (employer, (None, None)),
        (cast.base, (None, None)),
        (an_employer("乙"), (dt.date(2021, 2, 1), dt.date(2021, 1, 1))),
    ):
        with pytest.raises(ParticipationRefused):
            add_participation(body, plan=plan, from_on=days[0], to_on=days[1], actor=cast.clerk, now=now)


def test_a_sheet_sets_the_days_of_many_employers(cast, now, told):
    plan, employer, other = a_plan(), an_employer(), an_employer("乙")
    days = (dt.date(2021, 1, 1), None)
    set_participations(plan, {employer.pk: (None, None)}, actor=cast.clerk, now=now)

    set_participations(plan, {employer.pk: days, other.pk: (None, None)}, actor=cast.clerk, now=now)
    set_participations(plan, {employer.pk: days, other.pk: (None, None)}, actor=cast.clerk, now=now)

    assert PlanJoining().spans(plan, [employer.pk, other.pk]) == {employer.pk: days, other.pk: (None, None)}
    assert recorded() == [
        "plans.participation.add", "plans.participation.add", "plans.participation.change",
    ]  # fmt: skip


def test_an_unknown_plan_is_named_with_the_known_ones(db):
    a_plan()

    with pytest.raises(PlanRefused, match="lingang-2020"):
        PlanJoining().find("nowhere")


@pytest.mark.parametrize("part", ["hr", "auditor", "worker"])
def test_only_the_office_says_who_takes_part(cast, now, part):
    plan = a_plan()

    with pytest.raises(NotAllowed):
        add_participation(cast.employer, plan=plan, from_on=None, to_on=None, actor=getattr(cast, part), now=now)
