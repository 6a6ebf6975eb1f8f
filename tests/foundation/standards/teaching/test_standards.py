import dataclasses
import datetime as dt
import io
import random

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import Import
from denggao.foundation.standards import coverage
from denggao.foundation.standards.coverage import Covered
from denggao.foundation.standards.models import StandardItem, StandardVersion, TeachingStandard
from denggao.foundation.standards.teaching import actions, queries, rules
from denggao.foundation.standards.teaching.actions import Given, StandardRefused, put_in_force, write_standard
from denggao.foundation.standards.teaching.rules import Item, difference, leaves, order, parent_of
from tests.foundation.standards.teaching.facts import ITEMS, OPERATOR, a_standard, a_turner

pytestmark = pytest.mark.django_db


class Provider:
    label = "courses"

    def __init__(self, served):
        self.served = served

    def covering(self, codes):
        return {code: items for code, items in self.served.items() if code in codes}


@pytest.fixture
def served(monkeypatch):
    monkeypatch.setattr(coverage, "_PROVIDERS", {})
    given: dict[str, dict[str, list[Covered]]] = {}
    coverage.register_coverage("test", Provider(given))
    return given


@pytest.mark.once
def test_codes_know_their_order_and_what_they_are_part_of():
    codes = ["10", "2.10", "2", "A.1", "2.2", "1", "2.2.1"]

    assert sorted(codes, key=order) == ["1", "2", "2.2", "2.2.1", "2.10", "10", "A.1"]
    assert [parent_of(code, set(codes)) for code in ("2.2.1", "2.9.9", "A.1", "1")] == ["2.2", "2", "", ""]
    assert leaves(codes) == {"1", "2.2.1", "2.10", "10", "A.1"}


_items = st.lists(
    st.builds(
        Item, st.sampled_from(["1", "1.1", "1.2", "2", "2.1"]), st.sampled_from(["skill", "safety"]), st.text("车铣钳", max_size=3)
    ),
    unique_by=lambda item: item.code,
)


@pytest.mark.once
@given(_items, _items)
def test_a_difference_leads_from_one_version_to_the_other(before, after):
    found = difference(before, after)

    kept = {item.code: item for item in before}
    for item in found.removed:
        del kept[item.code]
    kept |= {item.code: item for item in found.added} | {new.code: new for _old, new in found.changed}
    assert sorted(kept.values(), key=str) == sorted(after, key=str)
    assert bool(found) == (rules.content_hash(before) != rules.content_hash(after))
    assert rules.content_hash(random.sample(after, len(after))) == rules.content_hash(after)


def test_a_standard_is_written_as_a_draft_and_stays_once_it_is_in_force(now):
    first = a_standard(now)
    standard = first.standard
    assert [(row.code, row.parent and row.parent.code) for row in first.items.select_related("parent")] == [
        ("1", None), ("2", None), ("2.1", "2"), ("2.2", "2"), ("2.10", "2"),
    ]  # fmt: skip
    given = Given("TS-1", a_turner(), "4", "车工四级教学标准")
    assert write_standard(given, ITEMS, actor=OPERATOR, now=now) is None

    changed = dataclasses.replace(ITEMS[3], text_zh="停车后测量")
    draft = write_standard(given, [changed, Item("3", "conduct", "诚信")], actor=OPERATOR, now=now)

    assert draft is not None
    assert (draft.number, draft.state, draft.items.count(), first.items.count()) == (2, "draft", 6, 5)
    assert first.items.get(code="2.2").text_zh == "停车测量"
    found = difference(queries.items_of(first), queries.items_of(draft))
    assert ([item.code for item in found.added], [new.code for _old, new in found.changed]) == (["3"], ["2.2"])
    put_in_force(draft, from_on=now.date(), actor=OPERATOR, now=now)
    first.refresh_from_db()
    assert (first.state, queries.in_force_of(standard)) == ("retired", draft)
    for refused in (
        lambda: actions.remove_item(draft, "3", actor=OPERATOR, now=now),
        lambda: actions.discard_draft(draft, actor=OPERATOR, now=now),
        lambda: put_in_force(draft, from_on=now.date(), actor=OPERATOR, now=now),
    ):
        with pytest.raises(StandardRefused):
            refused()
    assert {"standards.teaching.write", "standards.teaching.item", "standards.teaching.put_in_force"} <= set(
        Record.objects.values_list("action", flat=True)
    )
    actions.retire_version(draft, actor=OPERATOR, now=now)
    assert queries.in_force_of(standard) is None


def test_what_a_draft_must_not_say_is_refused(cast, now):
    version = a_standard(now)
    draft = actions.begin_draft(version.standard, actor=OPERATOR, now=now)
    assert actions.begin_draft(version.standard, actor=OPERATOR, now=now) == draft
    with translation.override("en"), pytest.raises(StandardRefused, match="same"):
        put_in_force(draft, from_on=now.date(), actor=OPERATOR, now=now)
    with translation.override("en"), pytest.raises(StandardRefused, match="to come"):
        put_in_force(draft, from_on=now.date() + dt.timedelta(days=1), actor=OPERATOR, now=now)
    actions.remove_item(draft, "2", actor=OPERATOR, now=now)
    assert list(draft.items.values_list("code", flat=True)) == ["1"]
    with translation.override("en"), pytest.raises(StandardRefused, match="not before"):
        put_in_force(draft, from_on=now.date() - dt.timedelta(days=1), actor=OPERATOR, now=now)
    for part in ("hr", "worker", "auditor", "visitor"):
        with pytest.raises(NotAllowed):
            put_in_force(draft, from_on=now.date(), actor=getattr(cast, part), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardVersion.objects.create(standard=version.standard, number=9, made_at=now)
    actions.discard_draft(draft, actor=OPERATOR, now=now)
    assert queries.draft_of(version.standard) is None


def test_gaps_are_items_that_nothing_serves(now, served, django_assert_max_num_queries):
    version = a_standard(now)
    served["TS-1"] = {"2.1": [Covered("unit", "装夹", "/courses/1/")], "2": [Covered("course", "车工")]}

    lines = queries.tree(version)

    assert [line.item.code for line in lines if line.gap] == ["1", "2.2", "2.10"]
    assert [(line.item.code, line.depth) for line in lines if line.is_heading] == [("2", 0)]
    for number in range(2, 5):
        a_standard(now, f"TS-{number}", ITEMS[:number], level=str(number))
    with django_assert_max_num_queries(2):
        found = queries.matrix(TeachingStandard.objects.all())
    assert len(found.rows) == 1
    assert (found.items, found.covered) == (4 + 2 + 2 + 3, 1)


ROWS = """标准编号,职业,等级,标准名称,依据文件,条目编号,条目类别,条目内容,条目英文内容,学时,权重
TS-9,6-18-01-01 车工,四级,车工四级教学标准,某文件,1,知识,识图,Drawings,12,20%
TS-9,,,,,2,技能,装夹,,8.5,
"""


def imported(cast, now, text, name="标准.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    found = hand_in(kind_of("teaching_standards"), name, data, {}, as_of=now.date(), actor=cast.clerk, now=now)
    check_import(found, actor=cast.clerk, now=now)
    return Import.objects.get(pk=found.pk)


def outcomes(found):
    return list(found.rows.order_by("number").values_list("outcome", flat=True))


def test_a_sheet_makes_a_draft_and_comes_in_again_as_unchanged(cast, now):
    first = imported(cast, now, ROWS)
    assert outcomes(first) == ["created", "created"]

    apply_import(first, actor=cast.clerk, now=now)

    version = StandardVersion.objects.get()
    assert (version.state, version.standard.level, version.standard.document) == ("draft", "4", "某文件")
    assert [(item.code, item.kind, str(item.hours), str(item.weight)) for item in version.items.all()] == [
        ("1", "knowledge", "12.0", "20.00"),
        ("2", "skill", "8.5", "None"),
    ]
    put_in_force(version, from_on=now.date(), actor=cast.clerk, now=now)
    page = reverse("teaching:standard", args=[version.standard.public_id])
    sheet = cast.client_of("clerk").get(page, {"export": "xlsx"}).content
    assert openpyxl.load_workbook(io.BytesIO(sheet)).active.max_row == 3
    again = imported(cast, now, sheet, "再交.xlsx")
    assert outcomes(again) == ["unchanged", "unchanged"]
    assert not StandardVersion.objects.filter(state="draft").exists()

    more = imported(cast, now, ROWS.replace("装夹", "装夹与找正") + "TS-9,,,,,3,素养,诚信,,,\n")
    assert outcomes(more) == ["unchanged", "updated", "created"]
    apply_import(more, actor=cast.clerk, now=now)
    assert StandardVersion.objects.get(state="draft").items.get(code="2").text_zh == "装夹与找正"
    assert StandardItem.objects.filter(version=version, code="2", text_zh="装夹").exists()


def test_wrong_rows_say_what_to_mend(cast, now):
    head = ROWS.splitlines()[0]
    rows = [
        "TS-1,没有的职业,四级,甲,,1,知识,x,,,",
        "TS-2,车工,六级,乙,,1,知识,x,,,",
        "TS-3,,,,,1,知识,x,,,",
        "TS-4,车工,四级,丁,,1,诀窍,x,,,",
        "TS-5,车工,四级,戊,,1,知识,x,,-1,",
        "TS-6,车工,四级,己,,1,知识,x,,,101",
        "TS-7,车工,四级,庚,,1,知识,x,,,",
        "TS-7,车工,三级,,,1,知识,y,,,",
        "<script>,车工,四级,辛,,1,知识,x,,,",
        "TS-8,车工,四级,壬,,1..2,知识,x,,,",
    ]

    found = imported(cast, now, "\n".join([head, *rows]))

    assert outcomes(found) == ["refused"] * 6 + ["created", "refused", "refused", "refused"]
    for part in ("hr", "auditor", "worker"):
        with pytest.raises(NotAllowed):
            hand_in(kind_of("teaching_standards"), "a.csv", ROWS.encode(), {}, as_of=now.date(), actor=getattr(cast, part), now=now)


def test_many_rows_ask_no_more_of_the_database(cast, now, django_assert_max_num_queries):
    from denggao.foundation.sheets.kinds import Context, Row

    a_standard(now)
    kind = kind_of("teaching_standards")
    for count in (1, 3, 300):
        rows = [
            Row("", number, {"standard": f"TS-{number % 7}", "item": str(number), "kind": "skill", "text_zh": "x"}, {})
            for number in range(count)
        ]
        with django_assert_max_num_queries(8):
            kind.check(rows, Context(now.date(), now.date(), cast.clerk))
