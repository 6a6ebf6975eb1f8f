"""A list of employers as a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.utils import translation

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.hooks import heads_changed
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.organisations.rules import body_key, credit_code_check
from denggao.foundation.organisations.sheets.employers import Employers
from denggao.foundation.plans.models import Participation
from denggao.foundation.sheets.kinds import Context, Judgement
from tests.facts import a_person, a_plan, in_post
from tests.foundation.organisations.rosters import OPERATOR, TODAY, row_of, texts

pytestmark = pytest.mark.django_db
KIND = Employers()


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def a_code(serial: int) -> str:
    first = f"91310115MA1{serial:06}"
    return first + (credit_code_check(first) or "")


def judge(people: Sequence[dict[str, str]], **options: Any) -> list[Judgement]:
    rows = [row_of(number, KIND, **given) for number, given in enumerate(people, start=2)]
    return KIND.check(rows, Context(TODAY, TODAY, OPERATOR, options))


@action("test.employers.apply", requires=lambda actor, subject: True, batch=True)
def _apply(judgements: Sequence[Judgement], options: dict[str, Any], *, actor: Actor, now: dt.datetime) -> None:
    KIND.apply(judgements, Context(TODAY, TODAY, actor, options), now=now)


def apply(people: Sequence[dict[str, str]], *, now: dt.datetime, **options: Any) -> list[Judgement]:
    judgements = judge(people, **options)
    _apply(judgements, options, actor=OPERATOR, now=now)
    return judgements


def a_row(serial: int = 1, name: str = "沧屿微电子有限公司", **given: str) -> dict[str, str]:
    return {"name_zh": name, "uscc": a_code(serial), **given}


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"uscc": "91350100M000100Y44"}, "uscc", "should be 3, not 4"),
        ({"uscc": "91350100M000100Y4"}, "uscc", "this one has 17"),
        ({"uscc": "91350100M000100YI3"}, "uscc", "never stand in one"),
        ({"industry": "养殖"}, "industry", "集成电路"),
        ({"longitude": "121.93"}, "latitude", "both or neither"),
        ({"longitude": "200", "latitude": "30"}, "longitude", "lies between"),
        ({"longitude": "east", "latitude": "30"}, "longitude", "decimal number"),
        ({"kind": "星球"}, "kind", "write 企业"),
        ({"from_on": "2021-05-01", "to_on": "2021-04-30"}, "to_on", "before the first"),
    ],
)
def test_a_row_is_refused_with_the_field_the_rule_and_the_fix(change: dict[str, str], column: str, words: str) -> None:
    a_plan()

    (judgement,) = judge([a_row(**change)])

    assert judgement.outcome == "refused"
    assert column in [fault.column for fault in judgement.faults]
    assert words in " ".join(texts(judgement.faults))


def test_employers_are_created_with_their_details_and_a_record_each(now: dt.datetime) -> None:
    a_plan()

    judgements = apply(
        [a_row(1, industry="集成电路产业", longitude="121.93°", latitude="30.9", address="海港大道1号"), a_row(2, "翎川航空")],
        now=now,
    )

    first, second = Organisation.objects.order_by("pk")
    assert [item.outcome for item in judgements] == ["created", "created"]
    assert [item.object_id for item in judgements] == [str(first.public_id), str(second.public_id)]
    assert first.industry is not None
    assert (first.industry.code, str(first.longitude), first.kind, first.address) == ("ic", "121.930000", "employer", "海港大道1号")
    assert second.industry is None
    assert Record.objects.filter(action="organisations.organisation.state").count() == 2


def test_the_same_list_again_is_unchanged(now: dt.datetime) -> None:
    a_plan()
    rows = [a_row(1, industry="ic", longitude="121.93", latitude="30.9")]
    apply(rows, now=now)
    before = Record.objects.count()

    judgements = apply(rows, now=now)

    assert [item.outcome for item in judgements] == ["unchanged"]
    assert Record.objects.count() == before


def test_a_name_changes_with_its_code_and_a_blank_leaves_what_is_known(now: dt.datetime) -> None:
    apply([a_row(1, "旧名", address="海港大道1号")], now=now)

    (judgement,) = apply([a_row(1, "新名", address="")], now=now)

    body = Organisation.objects.get()
    assert judgement.outcome == "updated"
    assert judgement.changes == [("name_zh", "旧名", "新名")]
    assert "旧名" in texts(judgement.warnings)[0]
    assert (body.name_zh, body.name_key, body.address) == ("新名", "新名", "海港大道1号")


def test_a_body_twice_in_a_file_is_refused_the_second_time(now: dt.datetime) -> None:
    first, second = judge([a_row(1, "甲"), a_row(1, "乙")])

    assert (first.outcome, second.outcome) == ("created", "refused")
    assert "row 2" in texts(second.faults)[0]


def test_a_body_a_plan_named_gets_its_code_from_the_list(now: dt.datetime) -> None:
    name = "上海临港经济发展（集团）有限公司"
    body = Organisation.objects.create(code="group", name_zh=name, name_key=body_key(name), kind="employer", created_at=now)

    (judgement,) = apply([a_row(1, "上海临港经济发展(集团)有限公司")], now=now)

    body.refresh_from_db()
    assert judgement.outcome == "updated"
    assert body.uscc == a_code(1)
    assert "known without a code" in texts(judgement.warnings)[0]


def test_employers_join_a_plan_for_its_span_unless_dated(now: dt.datetime) -> None:
    plan = a_plan()
    rows = [a_row(1, "甲"), a_row(2, "乙", from_on="2021-05-01"), a_row(3, "丙", kind="院校")]

    apply(rows, now=now, plan=plan)
    again = apply(rows, now=now, plan=plan)

    joined = {
        item.organisation.name_zh: (item.from_on, item.to_on) for item in Participation.objects.select_related("organisation")
    }
    assert joined == {"甲": (None, None), "乙": (dt.date(2021, 5, 1), None)}
    assert [item.outcome for item in again] == ["unchanged"] * 3


def test_known_employers_that_join_a_plan_are_updated(now: dt.datetime) -> None:
    plan = a_plan()
    apply([a_row(1)], now=now)

    (judgement,) = apply([a_row(1)], now=now, plan=plan)

    assert judgement.outcome == "updated"
    assert Participation.objects.filter(plan=plan).count() == 1


def test_an_unknown_plan_is_refused_with_the_known_ones_named() -> None:
    a_plan()

    with pytest.raises(Refused, match="lingang-2020"):
        KIND.resolve({"plan": "lingang-2030"})
    assert KIND.resolve({}) == {}


def test_whoever_works_for_a_body_counts_by_its_new_industry(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    a_plan()
    apply([a_row(1, industry="ic"), a_row(2, "翎川航空", industry="ic")], now=now)
    person = a_person()
    in_post(person, Organisation.objects.get(uscc=a_code(1)))
    told: list[set[int]] = []
    monkeypatch.setattr(heads_changed, "_handlers", [lambda ids, **_given: told.append(set(ids))])

    apply([a_row(1, industry="ai"), a_row(2, "翎川航空", industry="ai")], now=now)
    apply([a_row(1, industry="ai", address="海港大道1号")], now=now)

    assert told == [{person.pk}]
