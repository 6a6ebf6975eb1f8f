"""Names, identity numbers and phones, as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from denggao.foundation.people.rules import (
    Identity,
    age_on,
    check_character,
    clean_name,
    name_key,
    normal_phone,
    read_identity,
    read_kind,
    read_sex,
    widened,
)
from denggao.foundation.sheets.kinds import Fault


def number_of(first_seventeen: str) -> str:
    return first_seventeen + check_character(first_seventeen)


# Names


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("陈晓红", "陈晓红"),
        (" 陈 晓　红 ", "陈晓红"),
        ("𠮷田玲", "𠮷田玲"),
        ("㛃﨑", "㛃﨑"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽 ・ 买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("J. Smith", "J. Smith"),
        ("Ｊｏｈｎ  Smith", "John Smith"),
        ("陈\u200b晓红", "陈晓红"),
    ],
)
def test_clean_name_keeps_the_name_and_drops_the_rest(written: str, kept: str) -> None:
    assert clean_name(written) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陈晓红", "陈 晓 红"),
        ("阿依古丽·买买提", "阿依古丽・买买提"),
        ("阿依古丽·买买提", "阿依古丽．买买提"),
        ("john smith", "ＪＯＨＮ SMITH"),
        ("⾼山", "高山"),
    ],
)
def test_names_compare_after_folding(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_that_differ_stay_different() -> None:
    assert len({name_key(name) for name in ("𠮷田玲", "吉田玲", "田玲", "阿依·古丽", "阿依古丽")}) == 5


@given(st.text())
def test_name_key_is_its_own_key_and_survives_cleaning(name: str) -> None:
    key = name_key(name)

    assert name_key(key) == key
    assert clean_name(clean_name(name)) == clean_name(name)


# Resident IDs


@pytest.mark.parametrize(
    ("number", "identity"),
    [
        ("11010519491231002X", Identity("resident_id", "11010519491231002X", dt.date(1949, 12, 31), "female")),
        ("440524188001010014", Identity("resident_id", "440524188001010014", dt.date(1880, 1, 1), "male")),
        ("１１０１０５１９４９１２３１００２ｘ", Identity("resident_id", "11010519491231002X", dt.date(1949, 12, 31), "female")),
        ("110105 19491231 002x", Identity("resident_id", "11010519491231002X", dt.date(1949, 12, 31), "female")),
        ("110105491231002", Identity("resident_id", "11010519491231002X", dt.date(1949, 12, 31), "female")),
    ],
)
@pytest.mark.parametrize("kind", [None, "", "身份证", "居民身份证", "201", "201 居民身份证", "resident_id"])
def test_a_resident_id_is_read(kind: str | None, number: str, identity: Identity) -> None:
    assert read_identity(kind, number) == identity


def test_a_wrong_check_character_says_what_it_should_be() -> None:
    fault = read_identity("身份证", "110105194912310021")

    assert isinstance(fault, Fault)
    assert fault.column == "document_number"
    assert fault.values == {"expected": "X", "given": "1"}


@pytest.mark.parametrize(
    ("kind", "number", "column"),
    [
        ("身份证", "", "document_number"),
        ("身份证", "11010519491231002", "document_number"),
        ("身份证", "11010519491231002XX", "document_number"),
        ("身份证", "X1010519491231002X", "document_number"),
        ("身份证", number_of("11010519490229002"), "document_number"),
        ("身份证", number_of("11010519491301002"), "document_number"),
        ("身份证", number_of("10010519491231002"), "document_number"),
        ("身份证", "110105490229002", "document_number"),
        ("军官证", "11010519491231002X", "document_kind"),
        (None, "E12345678", "document_kind"),
        ("港澳居民来往内地通行证", "11010519491231002X", "document_kind"),
        ("护照", "11010519491231002X", "document_number"),
        ("护照", "ABCDE", "document_number"),
        ("台胞证", "1234567", "document_number"),
        ("回乡证", "A12345678", "document_number"),
        ("港澳台居民居住证", "H12345678", "document_number"),
        ("外国人永久居留身份证", "AB1100851201020", "document_number"),
    ],
)
def test_what_is_no_document_is_a_fault_of_its_column(kind: str | None, number: str, column: str) -> None:
    fault = read_identity(kind, number)

    assert isinstance(fault, Fault)
    assert fault.column == column


@pytest.mark.parametrize(
    ("kind", "number", "identity"),
    [
        ("港澳台居民居住证", number_of("81000019900101001"), ("hmt_residence", number_of("81000019900101001"))),
        ("身份证", number_of("83000019900101002"), ("hmt_residence", number_of("83000019900101002"))),
        (None, number_of("82000019900101002"), ("hmt_residence", number_of("82000019900101002"))),
        (None, number_of("91103319900101002"), ("foreign_residence", number_of("91103319900101002"))),
        ("永居证", "CAN110085120102", ("foreign_residence", "CAN110085120102")),
        ("回乡证", "H1234567801", ("hk_macau_permit", "H12345678")),
        ("回乡证", "h12345678", ("hk_macau_permit", "H12345678")),
        ("台胞证", "12345678", ("taiwan_permit", "12345678")),
        ("台胞证", "1234567801(B)", ("taiwan_permit", "12345678")),
        ("Passport", "e1234 5678", ("passport", "E12345678")),
    ],
)
def test_other_documents_are_read(kind: str | None, number: str, identity: tuple[str, str]) -> None:
    read = read_identity(kind, number)

    assert isinstance(read, Identity)
    assert (read.kind, read.number) == identity


def test_the_older_document_of_a_number_is_the_same_one() -> None:
    assert read_identity("身份证", "110105491231002") == read_identity(None, widened("110105491231002"))


@given(
    st.sampled_from(["110105", "310115", "310120"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2010, 12, 31)),
    st.integers(0, 999),
)
def test_numbers_with_our_check_character_hold_for_an_independent_reader(region: str, born_on: dt.date, order: int) -> None:
    number = number_of(f"{region}{born_on:%Y%m%d}{order:03}")

    read = read_identity(None, number)

    assert isinstance(read, Identity)
    assert ric.calc_check_digit(number) == number[17]
    assert read.born_on == ric.get_birth_date(number) == born_on
    assert read.sex == ("male" if order % 2 else "female")


@given(st.text(alphabet="0123456789Xx", min_size=18, max_size=18))
def test_a_number_our_reader_takes_no_independent_reader_refuses_for_its_check_character(number: str) -> None:
    read = read_identity(None, number)

    if isinstance(read, Identity):
        assert ric.calc_check_digit(read.number) == read.number[17]


@given(st.one_of(st.none(), st.text(max_size=12)), st.text(max_size=30))
def test_any_text_gives_an_identity_or_a_fault(kind: str | None, number: str) -> None:
    read = read_identity(kind, number)

    assert isinstance(read, Identity | Fault)
    if isinstance(read, Identity):
        assert read_identity(read.kind, read.number) == read


def test_every_kind_is_known_by_its_own_code() -> None:
    from denggao.foundation.people.models import IdentityDocument

    assert [read_kind(kind) for kind in IdentityDocument.Kind.values] == IdentityDocument.Kind.values


# Sex, age, phones


@pytest.mark.parametrize(("text", "sex"), [("男", "male"), ("女性", "female"), ("F", "female"), ("不详", ""), ("甲", None)])
def test_sex_is_read(text: str, sex: str | None) -> None:
    assert read_sex(text) == sex


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (dt.date(2004, 5, 1), dt.date(2020, 4, 30), 15),
        (dt.date(2004, 5, 1), dt.date(2020, 5, 1), 16),
        (dt.date(2004, 2, 29), dt.date(2020, 2, 28), 15),
        (dt.date(2004, 2, 29), dt.date(2020, 2, 29), 16),
        (dt.date(2004, 2, 29), dt.date(2021, 2, 28), 16),
        (dt.date(2004, 2, 29), dt.date(2021, 3, 1), 17),
    ],
)
def test_age_counts_full_years(born_on: dt.date, day: dt.date, age: int) -> None:
    assert age_on(born_on, day) == age


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800000001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("13800000001.0", "13800000001"),
        ("１３８００００００Ｏ１", None),
        ("１３８０００００００１", "13800000001"),
        ("12800000001", None),
        ("1380000000", None),
        ("+86 1380000000", None),
        ("021-68280000", None),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_phone_is_normalised(text: str, phone: str | None) -> None:
    assert normal_phone(text) == phone
