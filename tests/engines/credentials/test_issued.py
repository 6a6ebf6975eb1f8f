"""What the platform issues: its number, its states, who may change it, and what is kept of each change."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from denggao.engines.credentials import hooks
from denggao.engines.credentials.actions import (
    IssuedRefused,
    issue_credential,
    renew_issued,
    restore_issued,
    suspend_issued,
    withdraw_issued,
)
from denggao.engines.credentials.models import Issued, IssuedEvent, NumberCounter, Standing
from denggao.engines.credentials.numbers import NumberRule, shipped_rules, take_number
from denggao.engines.credentials.policies import get_issued, visible_issued
from denggao.engines.credentials.queries import VerifyAnswer, VerifyState, verify
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs.models import Job
from tests.cast import Cast
from tests.engines.credentials.issuing import OFFICE, THREE, issued, letter_order, plaque_order
from tests.facts import NOW, a_person, a_plan, an_employer

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LATER = dt.date(2028, 6, 17)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr(hooks.issued_changed, "_handlers", [lambda item, **_given: calls.append((item.number, item.status))])
    return calls


def act(name: str, item: Issued, **given: Any) -> Issued:
    acts: dict[str, Callable[[], Issued]] = {
        "suspend": lambda: suspend_issued(item, reason="整改", actor=OFFICE, now=NOW, **given),
        "restore": lambda: restore_issued(item, reason="整改合格", actor=OFFICE, now=NOW, **given),
        "withdraw": lambda: withdraw_issued(item, reason="不再符合条件", actor=OFFICE, now=NOW, **given),
        "renew": lambda: renew_issued(item, valid_until=LATER, actor=OFFICE, now=NOW, **given),
    }
    return acts[name]()


def test_issuing_gives_a_number_a_hash_an_event_a_record_and_asks_for_its_paper(told: list[tuple[str, str]]) -> None:
    plan = a_plan()

    item = issued(plaque_order(an_employer(), plan=plan))

    assert (item.number, item.status, item.holder_zh) == ("LG-B-01", "valid", "沧屿微电子")
    assert len(item.content_hash) == 64
    assert [(event.kind, event.actor_id, event.valid_until) for event in item.events.all()] == [
        ("issued", "operator", dt.date(2025, 6, 17))
    ]
    record = Record.objects.get(action="credentials.issued.issue")
    assert record.object_text == "LG-B-01"
    assert record.after is not None
    assert "hash" in record.after["holder_zh"]
    assert Job.objects.get(code="credentials.pdf").arguments == {"issued": str(item.public_id)}
    assert told == [("LG-B-01", "valid")]


def test_the_same_order_again_changes_nothing(told: list[tuple[str, str]]) -> None:
    order = plaque_order(an_employer(), plan=a_plan())
    first = issued(order)

    assert issued(order) == first
    assert issued(dataclasses.replace(order, title_zh="别的")).title_zh == "产业实训基地"
    assert Issued.objects.count() == IssuedEvent.objects.count() == Job.objects.count() == 1
    assert NumberCounter.objects.get().last == 1
    assert len(told) == 1
    assert Record.objects.filter(action="credentials.issued.issue").count() == 1


def test_the_same_order_for_a_later_term_is_another_credential() -> None:
    order = plaque_order(an_employer(), plan=a_plan())
    issued(order)

    again = issued(dataclasses.replace(order, valid_from=dt.date(2025, 6, 18), valid_until=LATER))

    assert again.number == "LG-B-02"


def test_a_letter_names_its_person_as_registered() -> None:
    item = issued(letter_order(a_person("欧阳明强"), plan=a_plan()))

    assert (item.number, item.holder_zh, item.public_holder) == ("LG-P-2022-0001", "欧阳明强", "欧阳**")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title_zh": " "}, "Title"),
        ({"granters": []}, "Granting bodies"),
        ({"granters": [{"zh": "", "en": "x", "code": ""}]}, "Granting bodies"),
        ({"valid_until": dt.date(2022, 6, 17)}, "Last day"),
        ({"holder_organisation": None}, "Holder"),
    ],
)
def test_an_order_that_cant_be_printed_is_refused_with_its_field(change: dict[str, Any], says: str) -> None:
    order = plaque_order(an_employer(), **change)

    with pytest.raises(IssuedRefused) as refused:
        issued(order)

    assert str(refused.value)
    assert not Issued.objects.exists()
    assert not NumberCounter.objects.exists()


def test_one_day_long_is_a_term() -> None:
    day = dt.date(2022, 6, 18)

    assert issued(plaque_order(an_employer(), valid_from=day, valid_until=day)).standing(day) is Standing.VALID


# States

ALLOWED = {
    "valid": {"suspend": "suspended", "withdraw": "withdrawn", "renew": "valid"},
    "suspended": {"restore": "valid", "withdraw": "withdrawn"},
    "withdrawn": {},
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("name", ["suspend", "restore", "withdraw", "renew"])
def test_every_state_and_every_act(state: str, name: str, told: list[tuple[str, str]]) -> None:
    item = issued(plaque_order(an_employer()))
    if state != "valid":
        act({"suspended": "suspend", "withdrawn": "withdraw"}[state], item)
    events, calls = item.events.count(), len(told)

    if name in ALLOWED[state]:
        assert act(name, item).status == ALLOWED[state][name]
        assert item.events.count() == events + 1
        assert len(told) == calls + 1
    else:
        with pytest.raises(IssuedRefused):
            act(name, item)
        item.refresh_from_db()
        assert (item.status, item.events.count(), len(told)) == (state, events, calls)


@pytest.mark.parametrize("name", ["suspend", "withdraw", "renew"])
def test_an_act_on_what_another_changed_meanwhile_is_refused(name: str) -> None:
    item = issued(plaque_order(an_employer()))
    stale = Issued.objects.get(pk=item.pk)
    act("withdraw", item)

    with pytest.raises(IssuedRefused):
        act(name, stale)

    assert IssuedEvent.objects.filter(issued=item).count() == 2


@pytest.mark.parametrize("name", ["suspend", "restore", "withdraw"])
def test_each_act_asks_for_a_reason_and_its_class(name: str) -> None:
    item = issued(plaque_order(an_employer()))
    acts = {"suspend": suspend_issued, "restore": restore_issued, "withdraw": withdraw_issued}

    for given_ in ({"reason": "  "}, {"reason": "x", "reason_class": "whim"}):
        with pytest.raises(IssuedRefused):
            acts[name](item, **given_, actor=OFFICE, now=NOW)


def test_a_reason_is_recorded_and_gone_from_the_row_when_restored() -> None:
    item = issued(plaque_order(an_employer()))

    act("suspend", item, reason_class="conditions")
    assert (item.status_reason, item.status_reason_class, item.status_at) == ("整改", "conditions", NOW)
    act("restore", item)

    assert (item.status_reason, item.status_reason_class) == ("", "")
    assert list(item.events.values_list("kind", "reason")) == [("issued", ""), ("suspended", "整改"), ("restored", "整改合格")]
    record = Record.objects.get(action="credentials.issued.suspend")
    assert record.before is not None
    assert record.after is not None
    assert (record.before["status"], record.after["status"], record.after["status_reason"]) == ("valid", "suspended", "整改")


@pytest.mark.parametrize(
    ("until", "day", "standing"),
    [
        (dt.date(2022, 10, 10), dt.date(2022, 10, 10), Standing.VALID),
        (dt.date(2022, 10, 10), dt.date(2022, 10, 11), Standing.EXPIRED),
        (dt.date(2022, 10, 10), dt.date(2022, 6, 17), Standing.NOT_YET),
        (dt.date(2022, 10, 10), dt.date(2022, 6, 18), Standing.VALID),
        (None, dt.date(2099, 1, 1), Standing.VALID),
    ],
)
def test_the_term_decides_on_both_its_days(until: dt.date | None, day: dt.date, standing: Standing) -> None:
    item = issued(plaque_order(an_employer(), valid_until=until))

    assert item.standing(day) is standing
    assert [found for found in Standing if item in Issued.objects.standing_on(found, day)] == [standing]


def test_what_the_office_decided_goes_before_the_term() -> None:
    item = act("withdraw", issued(plaque_order(an_employer())))

    assert item.standing(dt.date(2030, 1, 1)) is Standing.WITHDRAWN
    assert item not in Issued.objects.expired_on(dt.date(2030, 1, 1))


def test_nothing_expired_is_suspended_but_it_is_renewed() -> None:
    item = issued(plaque_order(an_employer(), valid_until=dt.date(2022, 9, 30)))

    with pytest.raises(IssuedRefused):
        act("suspend", item)
    act("renew", item)

    assert item.standing(TODAY) is Standing.VALID


@pytest.mark.parametrize("until", [dt.date(2025, 6, 17), dt.date(2025, 6, 16)])
def test_a_renewal_goes_forward(until: dt.date) -> None:
    item = issued(plaque_order(an_employer()))

    with pytest.raises(IssuedRefused):
        renew_issued(item, valid_until=until, actor=OFFICE, now=NOW)


def test_a_renewal_keeps_the_number_and_asks_for_a_new_paper() -> None:
    item = issued(plaque_order(an_employer()))
    before = item.content_hash

    act("renew", item)

    assert (item.valid_until, item.number) == (LATER, "DG-B-001")
    assert item.content_hash != before
    assert Job.objects.filter(code="credentials.pdf").count() == 2
    with pytest.raises(IssuedRefused):
        act("renew", item)


def test_a_credential_without_end_is_not_renewed() -> None:
    item = issued(plaque_order(an_employer(), valid_until=None))

    with pytest.raises(IssuedRefused):
        act("renew", item)


# The database refuses what must never be


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "withdrawn"},
        {"status_reason": "x"},
        {"holder_organisation": None},
        {"valid_until": dt.date(2022, 6, 17)},
    ],
)
def test_impossible_rows_are_refused_by_the_database(wrong: dict[str, Any]) -> None:
    item = issued(plaque_order(an_employer()))

    with pytest.raises(IntegrityError), transaction.atomic():
        Issued.objects.filter(pk=item.pk).update(**wrong)


# Who may

OFFICE_ISSUES = {"clerk", "approver", "administrator"}


@pytest.mark.parametrize("part", ["visitor", "worker", "hr", "base_manager", "expert", "clerk", "reviewer", "approver",
                                  "finance", "auditor", "authority", "administrator"])  # fmt: skip
def test_plaques_are_issued_and_changed_by_the_office_and_the_authorities(part: str, cast: Cast) -> None:
    actor = getattr(cast, part)
    order = plaque_order(cast.base)
    item = issued(plaque_order(cast.base))

    if part in OFFICE_ISSUES | {"authority"}:
        assert issue_credential(order, actor=actor, now=NOW).number
        assert withdraw_issued(item, reason="x", actor=actor, now=NOW).status == "withdrawn"
    else:
        with pytest.raises(NotAllowed):
            issue_credential(order, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            withdraw_issued(item, reason="x", actor=actor, now=NOW)
        assert Issued.objects.count() == 1


def test_a_body_issues_letters_in_its_own_name_alone(cast: Cast) -> None:
    own = [{"zh": cast.base.name_zh, "en": "", "code": str(cast.base.public_id)}]
    person = a_person()

    item = issue_credential(letter_order(person, granters=own), actor=cast.base_manager, now=NOW)
    assert withdraw_issued(item, reason="卸任", reason_class="ended", actor=cast.base_manager, now=NOW).status == "withdrawn"

    for granters in ([{"zh": "别家", "en": "", "code": str(cast.employer.public_id)}], [*own, *THREE], [{"zh": "x", "code": ""}]):
        with pytest.raises(NotAllowed):
            issue_credential(letter_order(person, granters=granters), actor=cast.base_manager, now=NOW)
    with pytest.raises(NotAllowed):
        issue_credential(letter_order(person, granters=own), actor=cast.hr, now=NOW)
    with pytest.raises(NotAllowed):
        issue_credential(letter_order(person, granters=own), actor=cast.authority, now=NOW)


def test_lists_hold_what_is_ones_own(cast: Cast) -> None:
    plaque, letter = issued(plaque_order(cast.base)), issued(letter_order(cast.worker_person))

    assert set(visible_issued(cast.clerk)) == {plaque, letter}
    assert list(visible_issued(cast.base_manager)) == [plaque]
    assert list(visible_issued(cast.worker)) == [letter]
    assert not visible_issued(cast.hr).exists()
    assert not visible_issued(cast.visitor).exists()
    assert get_issued(letter.public_id) == letter


# Numbers


def test_every_shipped_rule_is_one() -> None:
    for patterns in shipped_rules().values():
        assert NumberRule(patterns).key(plan_code="p", on=TODAY).format(serial=7)


@pytest.mark.parametrize("pattern", ["LG-B", "LG-{serial}-{name}", "{year}"])
def test_a_pattern_without_a_serial_or_with_an_unknown_name_is_none(pattern: str) -> None:
    with pytest.raises(ValueError, match="serial"):
        NumberRule({"": pattern})


PIECES = st.sampled_from(["LG-", "{year}", "{plan}", "-B-", "/"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    left=st.lists(PIECES, max_size=3).map("".join),
    right=st.lists(PIECES, max_size=2).map("".join),
    width=st.sampled_from(["", ":02d", ":04d"]),
    plans=st.tuples(st.sampled_from(["", "a", "lingang"]), st.sampled_from(["", "a", "lingang"])),
    years=st.tuples(st.integers(2020, 2030), st.integers(2020, 2030)),
    serials=st.tuples(st.integers(1, 20000), st.integers(1, 20000)),
)
def test_two_numbers_of_one_rule_are_equal_only_from_one_counter_at_one_serial(
    left: str, right: str, width: str, plans: tuple[str, str], years: tuple[int, int], serials: tuple[int, int]
) -> None:
    rule = NumberRule({"": f"{left}-{{serial{width}}}-{right}"})
    keys = [rule.key(plan_code=plan, on=dt.date(year, 1, 1)) for plan, year in zip(plans, years, strict=True)]
    numbers = [key.format(serial=serial) for key, serial in zip(keys, serials, strict=True)]

    assert (numbers[0] == numbers[1]) == (keys[0] == keys[1] and serials[0] == serials[1])


def test_serials_begin_anew_each_year_where_the_year_stands_in_the_number() -> None:
    rule, plan = NumberRule({"": "{plan}-{year}-{serial:03d}"}), a_plan()

    taken = [take_number(rule, plan=plan, on=dt.date(year, 1, 1)) for year in (2022, 2022, 2023)]

    assert taken == ["LINGANG-2020-2022-001", "LINGANG-2020-2022-002", "LINGANG-2020-2023-001"]


def test_a_number_whose_act_fails_is_given_again() -> None:
    order = plaque_order(an_employer(), plan=a_plan())
    with transaction.atomic():
        issued(order)
        transaction.set_rollback(True)

    assert issued(order).number == "LG-B-01"


def test_subjects_of_two_kinds_may_share_an_id() -> None:
    subject = uuid.uuid4()
    body = an_employer()

    first, second = (issued(plaque_order(body, subject_kind=kind, subject_id=subject)) for kind in ("base", "studio"))

    assert first != second


@pytest.mark.parametrize(("number", "name"), [("own", "沧屿"), ("own", ""), ("DG-B-999", "沧屿微电子"), ("own", "\x00")])
def test_whichever_is_wrong_of_a_plaque_the_answer_costs_and_says_the_same(
    number: str, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = issued(plaque_order(an_employer()))

    with django_assert_num_queries(2):
        answer = verify(item.number if number == "own" else number, name)

    assert answer == VerifyAnswer(VerifyState.NOT_FOUND)
