"""Numbers of the demo pass every check and are nobody's."""

from __future__ import annotations

import datetime as dt

import pytest
from stdnum.cn import ric, uscc

from denggao.demo import numbers


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_id_check_agrees_with_the_samples_of_the_standard(number: str) -> None:
    assert numbers.id_check(number[:17]) == number[17]


@pytest.mark.parametrize("order", [0, 1, 250, 499])
@pytest.mark.parametrize("male", [True, False])
def test_resident_id_has_a_valid_check_and_no_county(order: int, male: bool) -> None:
    number = numbers.resident_id("3101", dt.date(1990, 2, 28), order, male=male)

    assert number[4:6] == "99"
    assert number[17] == ric.calc_check_digit(number)
    assert (int(number[16]) % 2 == 1) is male


def test_uscc_is_valid_for_every_serial() -> None:
    codes = [numbers.uscc(serial) for serial in range(961)]

    assert len(set(codes)) == 961
    assert all(uscc.is_valid(code) for code in codes)
    assert all(code.startswith("91310199MADEM0") for code in codes)


def test_certificate_numbers_agree_with_year_and_level() -> None:
    day = dt.date(2021, 11, 5)

    assert numbers.national_certificate("S", 3, day, "3", 77) == "S0000319900032130" + "00077"
    assert numbers.legacy_certificate(3, dt.date(2019, 5, 1), "4", 77) == "1931990003400077"
