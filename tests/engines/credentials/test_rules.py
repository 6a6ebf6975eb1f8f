"""Certificate numbers as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denggao.engines.credentials.rules import clean_number, is_number, number_key, spellings


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" s0000 3100 ", "S00003100"),
        ("Ｓ０００１", "S0001"),
        ("'0012300000000001", "0012300000000001"),
        ("0009123456789012", "0009123456789012"),
        ("沪职字—2020\u200b第12号", "沪职字-2020第12号"),
    ],
)
def test_a_number_is_kept_as_text(text, number):
    assert clean_number(text) == number
    assert is_number(number)


@pytest.mark.parametrize("text", ["", "ABCD", "12", "1" * 41, "12*34", "<1234>"])
def test_what_can_be_no_number(text):
    assert not is_number(clean_number(text))


def test_thirteen_digits_and_the_same_behind_000_are_one_number():
    assert spellings("1209003000123") == ("1209003000123", "0001209003000123")
    assert number_key("1209003000123") == number_key("0001209003000123")
    assert number_key("1209003000123456") == "1209003000123456"


@given(st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_number(clean_number(text)) == clean_number(text)
