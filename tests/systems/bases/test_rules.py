"""Terms, re-entry, eligibility and the rules over several sections, on both sides of each boundary."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.systems.bases import rules
from denggao.systems.bases.counting import counts
from denggao.systems.bases.models import Base, BaseAct
from denggao.systems.bases.rules import Offered, application_faults

TODAY = dt.date(2021, 3, 1)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2021-06-01", "2024-05-31"),
        ("2021-01-01", "2023-12-31"),
        ("2020-02-29", "2023-02-28"),
        ("2021-03-31", "2024-03-30"),
    ],
)
def test_a_term_of_three_years_ends_the_day_before(first: str, last: str) -> None:
    assert rules.last_day(dt.date.fromisoformat(first), 3).isoformat() == last


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 9))
def test_terms_follow_each_other_without_gap(first: dt.date, years: int) -> None:
    last = rules.last_day(first, years)
    following = rules.last_day(last + dt.timedelta(days=1), years)

    assert first < last < following
    assert (last + dt.timedelta(days=1)).year - first.year == years


def _ask(**facts: object) -> str | None:
    given_: dict[str, object] = {
        "body_kind": "provider", "in_force": "", "open_case": "", "last_left": None, "reentry_months": 12, "today": TODAY,
    }  # fmt: skip
    return rules.why_not_apply(**{**given_, **facts})  # type: ignore[arg-type]  # facts of a table


@pytest.mark.parametrize("kind", ["school", "provider", "employer"])
def test_bodies_that_train_may_apply(kind: str) -> None:
    assert _ask(body_kind=kind) is None


@pytest.mark.parametrize("kind", ["union", "authority"])
def test_bodies_that_accredit_may_not(kind: str) -> None:
    assert _ask(body_kind=kind) is not None


def test_who_holds_a_base_or_applies_already_is_told_which() -> None:
    assert "滴水湖" in str(_ask(in_force="滴水湖实训基地"))
    assert "JD-2021-001" in str(_ask(open_case="JD-2021-001"))


@pytest.mark.parametrize(
    ("state", "ended_on", "may"),
    [
        ("withdrawn", "2020-03-02", False),
        ("withdrawn", "2020-03-01", True),
        ("exited", "2021-02-28", True),
        ("expired", "2021-02-28", True),
    ],
)
def test_only_a_withdrawal_makes_wait(state: str, ended_on: str, may: bool) -> None:
    left = {"state": state, "ended_on": dt.date.fromisoformat(ended_on)}

    assert (_ask(last_left=left) is None) is may


def _renewal(**facts: object) -> str | None:
    given_: dict[str, object] = {
        "state": "accredited", "valid_until": dt.date(2021, 8, 28), "remedying": False, "open_case": "", "window_days": 180,
        "today": TODAY,
    }  # fmt: skip
    return rules.why_not_renew(**{**given_, **facts})  # type: ignore[arg-type]  # facts of a table


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({}, True),
        ({"valid_until": dt.date(2021, 8, 29)}, False),
        ({"state": "suspended"}, False),
        ({"state": ""}, False),
        ({"remedying": True}, False),
        ({"open_case": "JX-2021-001"}, False),
    ],
)
def test_renewal_opens_a_window_before_the_end(facts: dict[str, object], may: bool) -> None:
    assert (_renewal(**facts) is None) is may


def _offered(**facts: object) -> Offered:
    given_: dict[str, object] = {
        "main_industry": "ic", "industries": ["ic"], "coverage": [("车工", "ic")], "planned": ["车工"], "years": [2021, 2022, 2023],
        "equipment_workstations": 40, "workstations": 40,
    }  # fmt: skip
    return Offered(**{**given_, **facts})  # type: ignore[arg-type]  # facts of a table


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, []),
        ({"main_industry": "fish", "industries": ["ic", "fish"]}, [("body", "industries")]),
        ({"coverage": [("车工", "ai")]}, [("occupations", "coverage")]),
        ({"planned": ["车工", "钳工"]}, [("plan", "planned")]),
        ({"coverage": [("车工", "ic"), ("钳工", "ic")]}, [("plan", "planned")]),
        ({"years": [2020, 2021, 2022]}, [("plan", "planned")]),
        ({"equipment_workstations": 39}, [("equipment", "equipment")]),
    ],
)
def test_sections_must_agree(facts: dict[str, object], fields: list[tuple[str, str]]) -> None:
    faults = application_faults(_offered(**facts), {"ic": "集成电路", "ai": "人工智能"}, 2021)

    assert [(section, field) for section, field, _sentence in faults] == fields
    assert all(sentence and "%(" not in sentence for _section, _field, sentence in faults)


FIRST, LAST = dt.date(2020, 1, 1), dt.date(2022, 12, 31)


@pytest.mark.parametrize(
    ("state", "accredited", "ended", "counts_"),
    [
        ("accredited", "2020-01-01", None, True),
        ("accredited", "2022-12-31", None, True),
        ("accredited", "2019-12-31", None, False),
        ("accredited", "2023-01-01", None, False),
        ("suspended", "2021-06-01", None, True),
        ("withdrawn", "2021-06-01", "2022-01-01", False),
        ("withdrawn", "2021-06-01", "2025-01-01", False),
        ("exited", "2021-06-01", "2022-12-31", False),
        ("exited", "2021-06-01", "2023-01-01", True),
        ("expired", "2020-01-02", "2023-01-01", True),
    ],
)
def test_which_bases_count_for_a_plan(state: str, accredited: str, ended: str | None, counts_: bool) -> None:
    ended_on = dt.date.fromisoformat(ended) if ended else None

    assert counts(state, dt.date.fromisoformat(accredited), ended_on, FIRST, LAST) is counts_


def test_every_state_says_what_can_be_done_and_every_act_where_it_leads() -> None:
    assert set(rules.POSSIBLE) == set(Base.State)
    assert set(rules.LEADS_TO) == set(BaseAct.Kind)
