"""Numbers of policy, in force on a day."""

import datetime as dt
from decimal import Decimal

import pytest

from denggao.foundation.standards.models import RuleValue
from denggao.foundation.standards.queries import NoRuleInForce, RuleTable, rule_value

pytestmark = pytest.mark.django_db


def test_the_value_is_that_of_the_day():
    common = {"key": "demo", "unit": "days", "document": "甲", "confidence": "A"}
    RuleValue.objects.create(value=5, valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2020, 12, 31), **common)
    RuleValue.objects.create(value=7, valid_from=dt.date(2021, 1, 1), **common)

    assert rule_value("demo", dt.date(2020, 12, 31)) == Decimal(5)
    assert rule_value("demo", dt.date(2021, 1, 1)) == Decimal(7)
    with pytest.raises(NoRuleInForce):
        rule_value("demo", dt.date(2019, 12, 31))


def test_a_region_goes_before_the_nation(django_assert_num_queries):
    common = {"key": "demo", "unit": "days", "document": "甲", "confidence": "C"}
    RuleValue.objects.create(value=5, valid_from=dt.date(2021, 1, 1), **common)
    RuleValue.objects.create(value=9, valid_from=dt.date(2020, 1, 1), region="shanghai", **common)

    with django_assert_num_queries(1):
        table = RuleTable("demo", region="shanghai")
        assert table.value("demo", dt.date(2022, 1, 1)) == Decimal(9)
    assert rule_value("demo", dt.date(2022, 1, 1)) == Decimal(5)


def test_the_pass_mark_and_the_least_age_are_shipped_with_their_confidence():
    shipped = {item.key: (int(item.value), item.confidence) for item in RuleValue.objects.all()}

    assert shipped["assessment.pass_mark"] == (60, "B")
    assert shipped["assessment.minimum_age"] == (16, "B")
