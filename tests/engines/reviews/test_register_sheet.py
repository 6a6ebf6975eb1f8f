"""The expert register by sheet: entered, changed, unchanged, refused; the export comes back unchanged."""

from __future__ import annotations

import pytest

from denggao.engines.reviews.models import Expert
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.people.models import IdentityDocument, NameConflict, Person
from denggao.foundation.people.queries import identity_index
from denggao.foundation.sheets.actions import apply_import, check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.sheets.models import ImportRow
from tests.engines.reviews.facts import an_expert
from tests.facts import a_person, an_employer

pytestmark = pytest.mark.django_db

ID, OTHER = "11010519491231002X", "440524188001010014"
HEAD = "姓名,证件号码,评审领域,技能等级,职称,单位\n"


@pytest.fixture(autouse=True)
def _fields():
    an_expert("原有专家")
    an_expert("原有专家二", fields=("ai",))


def imported(cast, now, table: str, part: str = "clerk"):
    actor = getattr(cast, part)
    handed = hand_in(kind_of("experts"), "专家.csv", table.encode(), {}, as_of=now.date(), actor=actor, now=now)
    check_import(handed, actor=actor, now=now)
    apply_import(handed, actor=actor, now=now)
    return list(ImportRow.objects.filter(sheet_import=handed).order_by("number").values_list("outcome", flat=True))


def test_new_people_enter_and_the_same_list_changes_nothing(cast, now):
    body = an_employer("沧屿微电子")
    table = HEAD + f"李登高,{ID},ic、ai,一级,高级工程师,沧屿 微电子\n"

    assert imported(cast, now, table) == ["created"]
    expert = Expert.objects.get(person__name="李登高")
    assert (expert.level, expert.title, expert.employer, expert.employer_text) == ("1", "高级工程师", body, "")
    assert {field.code for field in expert.fields.all()} == {"ic", "ai"}
    assert imported(cast, now, table) == ["unchanged"]
    assert imported(cast, now, HEAD + f"李登高,{ID},ic,,教授级高工,某研究院\n") == ["updated"]
    expert.refresh_from_db()
    assert (expert.level, expert.title, expert.employer_name) == ("1", "教授级高工", "某研究院")


@pytest.mark.parametrize(
    "line",
    [
        "李登高,,ic,,,",
        "李登高,110105194912310021,ic,,,",
        f"李登高,{ID},没有的产业,,,",
        f"李登高,{ID},ic,九级,,",
        f",{ID},ic,,,",
    ],
)
def test_a_wrong_row_is_refused_and_nobody_enters(cast, now, line):
    before = Expert.objects.count()

    assert imported(cast, now, HEAD + f"好人,{OTHER},ic,,,\n" + line + "\n")[-1] == "refused"

    assert Expert.objects.count() == before + 1
    assert Person.objects.filter(name="李登高").count() == 0


def test_a_person_twice_and_a_known_number_under_another_name(cast, now):
    person = a_person("王立新")
    IdentityDocument.objects.create(
        person=person, kind="resident_id", number=ID, number_index=identity_index("resident_id", ID), created_at=now
    )

    outcomes = imported(cast, now, HEAD + f"别的名,{ID},ic,,,\n甲某人,{OTHER},ic,,,\n甲某人,{OTHER},ic,,,\n")

    assert outcomes == ["refused", "created", "refused"]
    assert NameConflict.objects.get().person == person
    assert not Expert.objects.filter(person=person).exists()


def test_the_export_comes_back_unchanged(cast, now):
    an_expert("赵工", title="高工", employer_text="某院", level="2")
    exported = cast.client_of("clerk").get("/reviews/experts/", {"export": "csv"}, headers={"accept-language": "zh-hans"})

    assert set(imported(cast, now, exported.content.decode())) == {"unchanged"}


def test_who_does_not_keep_the_register_hands_in_nothing(cast, now):
    for part in ("hr", "auditor", "expert"):
        with pytest.raises(NotAllowed):
            imported(cast, now, HEAD, part)
