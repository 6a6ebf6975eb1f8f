"""The demo region: the same seed gives the same region; what its lists say is plausible."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter

import openpyxl
import pytest

from denggao.demo import careers
from denggao.demo.region import EMPLOYER_COLUMNS, Handover, Region, region
from denggao.demo.workbooks import workbook


@pytest.fixture(scope="module")
def small() -> Region:
    return region(2020, 600)


def test_region_is_the_same_for_the_same_seed(small: Region) -> None:
    again = region(2020, 600)

    assert again == small
    assert [workbook(handover) for handover in again.handovers[:3]] == [workbook(handover) for handover in small.handovers[:3]]


def test_region_differs_for_another_seed(small: Region) -> None:
    other = region(2021, 600)

    assert [worker.number for worker in other.workers] != [worker.number for worker in small.workers]


def test_region_has_forty_employers_of_four_industries_all_marked(small: Region) -> None:
    industries = Counter(employer.industry for employer in small.employers)

    assert len({employer.uscc for employer in small.employers}) == 40
    assert set(industries) == {"ai", "ic", "biomedicine", "aerospace", ""}
    assert all(employer.name_zh.endswith("（演示）") for employer in small.employers)
    assert all(upstream < employer.position for employer in small.employers for upstream in employer.upstream)


def test_people_and_certificates_are_unique(small: Region) -> None:
    assert len({(worker.document, worker.number) for worker in small.workers}) == 600
    assert len({worker.phone for worker in small.workers}) == 600
    assert len({certificate.number for certificate in small.certificates}) == len(small.certificates)


def test_people_are_of_age_when_hired_and_when_certified(small: Region) -> None:
    for worker in small.workers:
        for spell in worker.spells:
            assert (spell.hired_on - worker.born_on).days >= 18 * 365
            assert spell.left_on is None or spell.left_on >= spell.hired_on
    for certificate in small.certificates:
        if certificate.worker is not None:
            assert (certificate.issued_on - small.workers[certificate.worker].born_on).days >= 18 * 365


def test_names_hold_what_lists_hold() -> None:
    names = [worker.name for worker in region(2020, 3000).workers]

    assert any("·" in name for name in names)
    assert any(name.isascii() for name in names)
    assert any(name[:2] in {"欧阳", "上官", "司徒", "诸葛"} for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name)
    assert max(len(name) for name in names) >= 10


def test_certificates_follow_the_curve() -> None:
    made = Counter((item.issued_on.year, item.issued_on.month) for item in region(2020, 3000).certificates)

    assert made[2022, 4] == made[2022, 5] == made[2020, 2] == 0
    assert sum(made[2020, month] for month in range(1, 13)) < 0.6 * sum(made[2021, month] for month in range(1, 13))
    assert made[2022, 9] > 3 * made[2022, 6]


def test_timeline_never_goes_back_and_names_nothing_before_it_happened(small: Region) -> None:
    times = [event.at for event in small.timeline()]

    assert times == sorted(times)
    for handover in small.handovers:
        assert handover.as_of <= handover.at.date()
        for row in handover.rows if handover.kind == "certificates" else ():
            if isinstance(row[8], dt.date):
                assert row[8] <= handover.at.date()
    assert {deed.kind for deed in small.deeds} >= {"withdraw", "document", "confirm", "map_name"}


def test_every_certificate_is_handed_in_once_but_for_slips(small: Region) -> None:
    rows = Counter(row[7] for handover in small.handovers if handover.kind == "certificates" for row in handover.rows)

    assert {certificate.number for certificate in small.certificates} <= set(rows)
    assert sum(count - 1 for count in rows.values()) < 12


def test_workbook_has_a_title_a_header_and_text_numbers(small: Region) -> None:
    handover = next(handover for handover in small.handovers if handover.kind == "roster")

    sheet = openpyxl.load_workbook(io.BytesIO(workbook(handover))).active

    assert sheet["A1"].value == handover.title
    assert tuple(cell.value for cell in sheet[2]) == handover.columns
    assert sheet.cell(3, 3).data_type == "s"
    assert sheet.cell(len(handover.rows) + 3, 1).value == handover.notes[0]


def test_first_employers_are_handed_in_before_any_roster(small: Region) -> None:
    events = list(small.timeline())

    first = events[0]

    assert isinstance(first, Handover)
    assert first.columns == EMPLOYER_COLUMNS
    assert len(region(1, 1).workers) == 1
    assert first.at.date() > careers.FIRST_DAY
