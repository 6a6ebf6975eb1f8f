"""From what is typed to typed rows: the form's own checks, and what submission keeps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from denggao.engines.cases.answers import clean
from denggao.engines.cases.call_form import standard_of
from denggao.engines.cases.stages import options_of
from denggao.foundation.audit.models import Record
from denggao.foundation.standards.models import RuleValue
from denggao.systems.bases.actions.applications import keep_application, offered_by
from denggao.systems.bases.models import ApplicationCoverage, ApplicationPaper, BaseApplication
from denggao.systems.bases.procedures import ACCREDITATION, FORM_1
from denggao.systems.bases.queries import findings_on
from denggao.systems.bases.rules import application_faults
from denggao.systems.bases.system import coverage_in_words
from tests.systems.bases.facts import NUMBERS, a_base_plan, a_body, a_case, a_paper, a_round, typed_answers


@pytest.fixture
def plan(cast):
    return a_base_plan()


@pytest.fixture
def typed(cast, plan):
    return typed_answers(a_paper(cast.base_manager))


@pytest.fixture
def kept(cast, now, plan, typed):
    answers, faults = clean(FORM_1, typed)
    assert faults == []
    return keep_application(a_case(plan, cast.base), answers, actor=cast.base_manager, now=now)


def test_a_whole_application_becomes_typed_rows(kept):
    assert (kept.name_zh, kept.workstations, kept.floor_area_m2) == ("滴水湖集成电路实训基地", 40, Decimal("2400"))
    assert (kept.longitude, kept.latitude) == (Decimal("121.912345"), Decimal("30.901234"))
    assert kept.yearly_income_yuan == Decimal("1200000.50")
    assert {item.code for item in kept.industries.all()} == {"ic", "ai"}
    assert sorted(kept.coverage.values_list("occupation__name_zh", "level", "industry__code", "people_a_year")) == [
        ("车工", "3", "ic", 120), ("车工", "4", "ic", 120), ("车工", "5", "ic", 120), ("铣工", "4", "ai", 60),
    ]  # fmt: skip
    assert list(kept.equipment.order_by("id").values_list("name", "workstations", "value_yuan", "ownership")) == [
        ("数控车床", 24, Decimal("1560000.00"), "own"), ("钳工台", 16, None, "leased"),
    ]  # fmt: skip
    assert list(kept.planned.values_list("year", "occupation__name_zh", "level", "people")) == [
        (2022, "车工", "5", 60), (2023, "铣工", "4", 30), (2024, "车工", "3", 20),
    ]  # fmt: skip
    assert coverage_in_words(kept) == "车工（五级、四级、三级）；铣工（四级）"


def test_teachers_are_kept_encrypted_and_shown_masked(kept):
    first = kept.teachers.order_by("id").first()

    assert (first.number, first.masked_number, first.masked_name) == (NUMBERS[0], "1101**********002X", "赵**")
    assert all(NUMBERS[0] not in str(record.after) for record in Record.objects.all())


def test_papers_are_kept_by_kind_with_their_last_day(kept):
    # One file handed in at several places is one paper.
    assert list(kept.papers.values_list("kind", "valid_until")) == [(ApplicationPaper.Kind.LICENCE, None)]


def test_submitting_again_replaces_the_rows(cast, now, kept, typed):
    typed["occupations"]["coverage"] = typed["occupations"]["coverage"][:1]
    typed["site"]["workstations"] = "38"
    answers, _faults = clean(FORM_1, typed)

    again = keep_application(kept.case, answers, actor=cast.base_manager, now=now)

    assert (again.pk, again.public_id, again.workstations) == (kept.pk, kept.public_id, 38)
    assert BaseApplication.objects.count() == 1
    assert ApplicationCoverage.objects.count() == 3


def test_of_two_rows_for_one_level_the_larger_number_counts(cast, now, plan, typed):
    typed["occupations"]["coverage"] += [
        {"occupation": "6-18-01-01 车工", "levels": "四级", "industry": "ic", "people_a_year": "200"}
    ]
    answers, faults = clean(FORM_1, typed)
    kept = keep_application(a_case(plan, cast.base), answers, actor=cast.base_manager, now=now)

    assert faults == []
    assert kept.coverage.get(occupation__name_zh="车工", level="4").people_a_year == 200


def test_the_sections_agree(typed, plan):
    answers, _faults = clean(FORM_1, typed)

    assert application_faults(offered_by(answers), {"ic": "集成电路", "ai": "人工智能"}, 2022) == []


def _row(section: str, table: str, row: int, **changes: str):
    def change(typed: dict) -> None:
        typed[section][table][row].update(changes)

    return change


def _field(section: str, **changes: object):
    return lambda typed: typed[section].update(changes)


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (_field("body", industry="biomedicine"), ("body", "industry"), ""),
        (_field("body", industries=["ai"]), ("body", "industries"), ""),
        (_field("body", licence=[]), ("body", "licence"), ""),
        (_field("site", longitude="321"), ("site", "longitude"), ""),
        (_field("site", latitude=""), ("site", "latitude"), ""),
        (_field("site", site_right="leased"), ("site", "site_right_until"), ""),
        (_field("equipment", equipment=[]), ("equipment", "equipment"), ""),
        (_row("equipment", "equipment", 1, quantity="许多"), ("equipment", "equipment"), "2"),
        (_row("teachers", "teachers", 0, document_number="110105194912310021"), ("teachers", "teachers"), "1"),
        (_row("teachers", "teachers", 1, document_number=NUMBERS[0]), ("teachers", "teachers"), ""),
        (_row("teachers", "teachers", 0, expires_on="2018-01-01"), ("teachers", "teachers"), "1"),
        (_row("teachers", "teachers", 0, industry="渔业"), ("teachers", "teachers"), "渔业"),
        (_row("occupations", "coverage", 0, occupation="屠龙工"), ("occupations", "coverage"), "屠龙工"),
        (_row("occupations", "coverage", 1, industry="渔业"), ("occupations", "coverage"), "渔业"),
        (_row("plan", "planned", 2, year="2026"), ("plan", "planned"), ""),
        (_field("safety", no_accident=""), ("safety", "no_accident"), ""),
        (_field("finance", own_funds_yuan="-1"), ("finance", "own_funds_yuan"), ""),
    ],
)
def test_each_fault_names_its_field(typed, change, where, says):
    change(typed)
    _answers, faults = clean(FORM_1, typed)

    assert {(section, field) for section, field, _sentence in faults} == {where}
    assert any(says in sentence for _section, _field_name, sentence in faults)
    assert all("%(" not in sentence and NUMBERS[0] not in sentence for _s, _f, sentence in faults)


def test_the_check_is_told_what_the_platform_sees(kept):
    found = findings_on(kept, dt.date(2022, 10, 10))

    assert "2" in found["teachers"]
    assert "3" in found["teachers"]  # fewer than the default
    assert "site" not in found


def test_the_points_needed_are_those_of_the_rule_of_the_day_unless_the_call_says_otherwise(db):
    plan = a_base_plan()
    case = a_case(plan, a_body())
    stage = ACCREDITATION.stage("review")
    assert options_of(case, stage)["minimum"] == "70"
    RuleValue.objects.filter(key="bases.review_minimum").update(valid_to=dt.date(2022, 9, 30))
    facts = {"unit": "points", "document": "沪人社〔2022〕9号", "confidence": "A"}
    RuleValue.objects.create(key="bases.review_minimum", value=Decimal("72.5"), valid_from=dt.date(2022, 10, 1), **facts)

    assert options_of(case, stage)["minimum"] == "72.5"
    assert standard_of(stage.options["minimum"], dt.date(2022, 10, 1)) == "72.5 — 沪人社〔2022〕9号"
    assert standard_of(stage.options["minimum"], dt.date(2022, 9, 1)).startswith("70 — ")
    case.round = a_round(plan, options={"review": {"minimum": 60}})
    assert options_of(case, stage)["minimum"] == 60
