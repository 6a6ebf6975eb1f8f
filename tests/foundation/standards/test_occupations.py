"""From what people wrote to the occupation meant, and what the office says of it."""

import pytest

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.standards import hooks
from denggao.foundation.standards.actions import (
    OccupationRefused,
    add_job_title,
    add_occupation_move,
    list_occupation_names,
    map_occupation_name,
    remove_job_title,
    remove_occupation_move,
    unmap_occupation_name,
)
from denggao.foundation.standards.models import Occupation, OccupationEntry, OccupationMove, OccupationName
from denggao.foundation.standards.queries import OccupationFinder, Resolution
from denggao.foundation.standards.seeds import load_seeds

pytestmark = pytest.mark.django_db


def named(text: str, title: str = "", code: str = "") -> str | None:
    occupation = OccupationFinder().resolve(text, title, code).occupation
    return occupation.name_zh if occupation else None


def test_the_shipped_taxonomy_is_there_once_however_often_it_is_loaded(django_assert_num_queries):
    before = (Occupation.objects.count(), OccupationEntry.objects.count(), OccupationMove.objects.count())

    load_seeds()

    assert (Occupation.objects.count(), OccupationEntry.objects.count(), OccupationMove.objects.count()) == before
    assert before == (179, 197, 1)


def test_an_occupation_is_one_across_editions():
    turner = Occupation.objects.get(name_key="车工")

    assert {entry.code for entry in turner.entries.all()} == {"6-18-01-01", "6-04-01-01"}
    assert turner.code == "6-18-01-01"
    assert named("6-04-01-01 车工") == named("6-18-01-01 车工") == named("6-18-01-01") == "车工"


def test_the_known_move_makes_two_codes_one_occupation():
    assert OccupationFinder().resolve("2-02-10-09").occupation == OccupationFinder().resolve("2-02-38-01").occupation


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("车工", "", "车工"),
        ("数控车工", "", "车工"),
        ("车工", "数控车工", "车工"),
        ("车工（数控车工）", "", "车工"),
        ("钳工", "装配钳工", "装配钳工"),
        ("钳工（机修钳工）", "", "机修钳工"),
        ("", "工具钳工", "工具钳工"),
        ("机加工", "数控车工", "车工"),
        ("车工", "没听说过的工种", "车工"),
        ("数据标注员", "", "人工智能训练师"),
    ],
)
def test_a_name_or_its_job_title_gives_the_occupation(text, title, expected):
    assert named(text, title) == expected


@pytest.mark.parametrize(
    ("text", "title", "state"),
    [
        ("钳工", "", Resolution.AMBIGUOUS),
        ("咖啡师", "", Resolution.UNKNOWN),
        ("车工", "数控铣工", Resolution.CONTRADICTORY),
        ("钳工", "数控车工", Resolution.CONTRADICTORY),
        ("车工/铣工", "", Resolution.CONTRADICTORY),
        ("6-18-01-02 车工", "", Resolution.CONTRADICTORY),
        ("", "", Resolution.BLANK),
    ],
)
def test_what_is_not_one_occupation_says_why(text, title, state):
    found = OccupationFinder().resolve(text, title)

    assert found.occupation is None
    assert found.state is state


def test_a_finder_reads_a_constant_number_of_times(django_assert_num_queries):
    with django_assert_num_queries(4):
        finder = OccupationFinder()
        for text in ("车工", "钳工", "咖啡师", "数控铣工"):
            finder.resolve(text)
            finder.candidates(text)


def test_an_ambiguous_name_offers_its_kinds():
    assert {item.name_zh for item in OccupationFinder().candidates("钳工")} == {"装配钳工", "机修钳工", "工具钳工"}


def test_unresolved_names_are_listed_once(cast, now):
    finder = OccupationFinder()
    found = [finder.resolve(text) for text in ("钳工", "咖啡师", "咖 啡 师", "车工")]

    list_occupation_names(found, actor=cast.hr, now=now)
    list_occupation_names(found, actor=cast.clerk, now=now)

    assert set(OccupationName.objects.values_list("text", "state")) == {("钳工", "ambiguous"), ("咖啡师", "unknown")}
    assert Record.objects.filter(action="standards.occupation_name.list").count() == 2


@pytest.fixture
def fitter(cast, now) -> OccupationName:
    list_occupation_names([OccupationFinder().resolve("钳工")], actor=cast.clerk, now=now)
    return OccupationName.objects.get(text="钳工")


@pytest.fixture
def told(monkeypatch) -> list[object]:
    calls: list[object] = []
    monkeypatch.setattr(hooks.occupations_changed, "_handlers", [lambda **given: calls.append(given["actor"])])
    return calls


def test_a_mapped_name_means_its_occupation_until_it_is_unmapped(cast, now, fitter, told):
    occupation = Occupation.objects.get(name_key="装配钳工")

    map_occupation_name(fitter, occupation=occupation, actor=cast.clerk, now=now)

    assert named("钳工") == "装配钳工"
    assert named("钳工", "机修钳工") == "机修钳工"
    record = Record.objects.get(action="standards.occupation_name.map")
    assert record.after == {"state": "mapped", "occupation_id": occupation.pk}

    unmap_occupation_name(fitter, actor=cast.clerk, now=now)

    assert OccupationFinder().resolve("钳工").state is Resolution.AMBIGUOUS
    assert told == [cast.clerk, cast.clerk]
    fitter.refresh_from_db()
    assert (fitter.state, fitter.mapped_by) == ("ambiguous", "")


@pytest.mark.parametrize("part", ["worker", "hr", "auditor", "finance", "visitor"])
def test_only_the_clerks_map_names(cast, now, fitter, part):
    with pytest.raises(NotAllowed):
        map_occupation_name(fitter, occupation=Occupation.objects.get(name_key="装配钳工"), actor=getattr(cast, part), now=now)

    assert named("钳工") is None


def test_a_job_title_added_resolves_and_taken_back_does_not(cast, now, told):
    title = add_job_title(Occupation.objects.get(name_key="磨工"), name_zh="数控磨工", source="", actor=cast.clerk, now=now)
    assert named("数控磨工") == "磨工"

    remove_job_title(title, actor=cast.clerk, now=now)

    assert named("数控磨工") is None
    assert len(told) == 2


def test_a_job_title_that_is_a_name_already_is_refused(cast, now):
    grinder = Occupation.objects.get(name_key="磨工")

    for taken in ("车工", "数控车工", " "):
        with pytest.raises(OccupationRefused):
            add_job_title(grinder, name_zh=taken, source="", actor=cast.clerk, now=now)


def test_a_move_joins_two_occupations_and_parts_them_when_taken_back(cast, now, told):
    old, new = "6-08-01-10", "6-25-02-06"
    before = OccupationFinder().resolve(old).occupation

    move = add_occupation_move(old_code=old, new_code=new, source="人社部公告", actor=cast.clerk, now=now)

    assert named("半导体分立器件、集成电路装调工") == named(new) == "半导体分立器件和集成电路装调工"
    assert Occupation.objects.get(pk=before.pk).merged_into == OccupationFinder().resolve(new).occupation

    remove_occupation_move(move, actor=cast.clerk, now=now)

    assert OccupationFinder().resolve(old).occupation == before
    assert named("半导体分立器件、集成电路装调工") == "半导体分立器件、集成电路装调工"
    assert len(told) == 2


def test_a_shipped_move_taken_back_does_not_return(cast, now):
    remove_occupation_move(OccupationMove.objects.get(), actor=cast.clerk, now=now)

    load_seeds()

    assert OccupationMove.objects.filter(removed_at__isnull=True).count() == 0


def test_a_move_between_unknown_or_equal_codes_is_refused(cast, now):
    for old, new in (("9-99-99-99", "6-18-01-01"), ("6-04-01-01", "6-18-01-01")):
        with pytest.raises(OccupationRefused):
            add_occupation_move(old_code=old, new_code=new, source="", actor=cast.clerk, now=now)
