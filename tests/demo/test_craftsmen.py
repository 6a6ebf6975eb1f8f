"""The demo's craftsmen as they are cast: how many, of what age and trade, and that no two read alike."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest

from denggao.demo.careers import FIRST_DAY
from denggao.demo.craftsmen.casting import Cast, Nominee
from denggao.demo.craftsmen.facts import BEFORE_JURY, INDUSTRIES, PASSED, ROUNDS, Fate
from denggao.demo.craftsmen.people import local_of
from denggao.demo.craftsmen.rosters import registers, rosters
from denggao.demo.region import region


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast(3000, 2026)


@pytest.fixture(scope="module")
def named(cast: Cast) -> list[Nominee]:
    return [one for one in cast if one.fate is Fate.NAMED]


def test_sixty_one_are_named_and_others_are_not(cast: Cast, named: list[Nominee]) -> None:
    not_named = Counter(one.fate for year in (2020, 2021) for one in cast.by_round[year] if one.fate is not Fate.NAMED)

    assert len(named) == 61
    assert not_named == {Fate.BELOW: 10, Fate.UNFIT: 6, Fate.JURY: 4, Fate.UPHELD: 1, Fate.BACKED_OUT: 1, Fate.DECLINED: 1}
    assert len(cast.by_round[0]) == 22
    assert {one.fate for one in cast.by_round[0]} >= {Fate.ASKED, Fate.STAMP, Fate.RETURNED, Fate.RECUSED, Fate.WITHDRAWN}
    for plan in ROUNDS:
        fates = [one.fate for one in cast.by_round[plan.year]]
        assert sum(fate in BEFORE_JURY for fate in fates) - sum(fate in PASSED for fate in fates) == 2


def test_all_industries_and_channels_are_there(named: list[Nominee]) -> None:
    industries = Counter(one.trade.industry for one in named)

    assert set(industries) == set(INDUSTRIES)
    assert min(industries.values()) >= 12
    assert set(Counter(one.channel for one in named)) == {"employer", "association", "self"}


def test_no_two_read_alike(cast: Cast) -> None:
    for telling in ("story", "conditions"):
        assert len({str(one.told[telling]) for one in cast}) == len(list(cast))
    assert len({one.told["works"][0]["title"] for one in cast}) == len(list(cast))
    mottoes = [one.told["motto"] for one in cast if one.told["motto"]]
    assert len(mottoes) == len(set(mottoes)) > 60
    assert not any("{" in one.told["story"] or "}" in one.told["story"] for one in cast)


def test_twelve_are_written_with_care(named: list[Nominee]) -> None:
    careful = [one for one in named if one.with_care]

    assert len({one.trade.occupation for one in careful}) == 12
    for one in careful:
        assert 3 <= len(one.told["story"].strip().splitlines()) <= 5
        assert 2 <= len(one.told["works"]) <= 4
        assert len(one.told["story"]) <= 3000
        assert len(one.told["motto"]) <= 60
        assert one.told["taught"]


def test_what_is_told_fits_its_time(cast: Cast) -> None:
    for one in cast:
        tables = ("works", "patents", "awards", "standards", "taught")
        assert all(int(row["year"]) <= one.year for table in tables for row in one.told.get(table, ()))
        assert (dt.date(one.year, 1, 1) - one.born_on).days > 27 * 365
        assert (one.hired_on - one.born_on).days >= 18 * 365
        days = [issued_on for _level, issued_on in one.certificates]
        assert days == sorted(days)
        assert [level for level, _day in one.certificates] == sorted((level for level, _day in one.certificates), reverse=True)


def test_numbers_are_nobodys(cast: Cast) -> None:
    people = list(cast)
    workers = region(2020, 3000).workers

    assert len({one.number for one in people}) == len({one.name for one in people}) == len(people)
    assert not {one.number for one in people} & {worker.number for worker in workers}
    assert not {one.phone for one in people} & {worker.phone for worker in workers}
    assert all(one.number[4:6] == "99" for one in people)
    patents = [row["number"] for one in people for row in one.told.get("patents", ())]
    assert len(set(patents)) == len(patents) > 40
    assert all(re.fullmatch(r"ZL\d{4}0\d{7}\.\d", number) for number in patents)


def test_lists_name_everybody_once(cast: Cast) -> None:
    listed = [row[2] for handover in rosters(cast) for row in handover.rows]
    register = [row[7] for handover in registers(cast) for row in handover.rows]

    assert sorted(listed) == sorted(one.number for one in cast)
    assert len(set(register)) == len(register)
    known = {certificate.number for certificate in region(2020, 3000).certificates}
    assert not known & set(register)


def test_a_small_region_has_somebody_of_each_fate() -> None:
    small = Cast(24, 2026)

    assert {one.fate for one in small} == set(Fate)
    assert len(list(small)) < 30
    assert local_of(next(iter(small))) == "craftsman"
    assert sum(local_of(one) == "nominee" for one in small) == 1
    assert all(one.hired_on > FIRST_DAY - dt.timedelta(days=40 * 366) for one in small)


def test_cast_is_the_same_every_time(cast: Cast) -> None:
    assert list(Cast(3000, 2026)) == list(cast)
