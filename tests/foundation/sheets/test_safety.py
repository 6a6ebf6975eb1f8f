import io
import struct
import zipfile

import pytest

from denggao.foundation.sheets import safety
from denggao.foundation.sheets.reading import read_book
from denggao.foundation.sheets.safety import Format, SheetRefused, inspect, read_limited
from tests.foundation.sheets import books
from tests.foundation.sheets.test_reading import COLUMNS, ONE

GOOD = books.xlsx([books.HEADINGS, ONE])
SHEET = "xl/worksheets/sheet1.xml"


def refusal(data, name="名册.xlsx"):
    with pytest.raises(SheetRefused) as caught:
        [list(sheet.rows()) for sheet in read_book(name, data, COLUMNS).sheets]
    return str(caught.value)


@pytest.mark.parametrize("data", [b"", b"  \r\n", b"\0" * 600])
def test_an_empty_file_is_refused(data):
    assert "empty" in refusal(data)


def test_macros_are_refused_by_name_and_by_content():
    assert "macros" in refusal(GOOD, "名册.xlsm")
    assert "macros" in refusal(books.tampered(GOOD, {"xl/vbaProject.bin": b"x"}))
    assert "macros" in refusal(books.tampered(GOOD, {"xl/macrosheets/sheet1.xml": b"<x/>"}))
    assert "macros" in refusal(
        books.tampered(
            GOOD, {"[Content_Types].xml": lambda text: text.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")}
        )
    )
    assert "macros" in refusal(books.xls([books.HEADINGS, ONE], streams={"_VBA_PROJECT": b"x"}), "名册.xls")


def test_locked_workbooks_are_refused():
    zipped = bytearray(GOOD)
    at = zipped.index(b"PK\x01\x02") + 8
    zipped[at] |= 1

    assert "password" in refusal(books.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}))
    assert "password" in refusal(books.xls([books.HEADINGS, ONE], locked=True), "名册.xls")
    assert "password" in refusal(bytes(zipped))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7 ...", "名册.xlsx"),
        (b"%PDF-1.7 ...", "名册.pdf"),
        (b"\x89PNG\r\n", "名册.csv"),
        (b"name,number", "名册.docx"),
        (books.compound({"WordDocument": b"x"}), "名册.doc"),
        (books.tampered(GOOD, {"xl/workbook.xml": None, "word/document.xml": b"<x/>"}), "名册.docx"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(data, name):
    assert "no spreadsheet" in refusal(data, name)


def test_other_workbooks_are_refused_with_the_way_out():
    assert ".xlsb" in refusal(books.tampered(GOOD, {"xl/workbook.xml": None, "xl/workbook.bin": b"x"}), "名册.xlsb")
    assert "web page" in refusal(b"<html><table><tr><td>x</td></tr></table></html>", "名册.xls")


@pytest.mark.parametrize(
    "data",
    [
        GOOD[: len(GOOD) // 2],
        GOOD[:-30],
        b"PK\x03\x04" + bytes(400),
        books.tampered(GOOD, {SHEET: lambda text: text[: len(text) // 2]}),
        books.tampered(GOOD, {SHEET: lambda text: text.decode().encode("utf-16")}),
        books.tampered(GOOD, {SHEET: lambda text: text.replace(b'encoding="UTF-8"', b'encoding="UTF-7"')}),
        books.tampered(GOOD, {"[Content_Types].xml": None}),
        books.tampered(GOOD, {SHEET: lambda text: text.replace(b"<row", b"<&bomb;row")}),
        books.xls([books.HEADINGS, ONE])[:900],
    ],
)
def test_a_damaged_file_is_refused(data):
    assert "damaged" in refusal(data)


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'

    assert "document type" in refusal(books.tampered(GOOD, {SHEET: bomb}))
    assert "document type" in refusal(books.tampered(GOOD, {"xl/sharedStrings.xml": bomb}))
    assert "document type" in refusal(books.tampered(GOOD, {"docProps/core.xml": b" " * 300_000 + b"<!DOCTYPE x>"}))


def test_zip_bombs_are_refused():
    assert "unpacks" in refusal(books.tampered(GOOD, {"xl/media/a.bin": bytes(40 * 2**20)}))
    assert "unpacks" in refusal(books.tampered(GOOD, {f"xl/media/{number}.bin": b"" for number in range(2100)}))


def test_all_members_together_may_not_unpack_to_more_than_the_limit(monkeypatch):
    monkeypatch.setattr(safety, "INFLATED_LIMIT", 50_000)

    assert "unpacks" in refusal(books.tampered(GOOD, {f"xl/media/{number}.bin": bytes(10_000) for number in range(6)}))


def test_a_size_the_header_lies_about_is_found_out():
    lying = bytearray(books.tampered(GOOD, {"xl/media/a.bin": bytes(3 * 2**20)}))
    name = b"xl/media/a.bin"
    local, central = lying.index(name), lying.rindex(name)
    lying[local - 8 : local - 4] = struct.pack("<I", 100)
    lying[central - 22 : central - 18] = struct.pack("<I", 100)

    assert "damaged" in refusal(bytes(lying))


def test_two_members_of_one_name_are_refused():
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")

    assert "damaged" in refusal(target.getvalue())


def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_read():
    far = books.tampered(GOOD, {SHEET: lambda text: text.replace(b'r="C2"', b'r="XFD1048576"')})
    wide = books.tampered(GOOD, {SHEET: lambda text: text.replace(b'r="C2"', b'r="ZZZZZZZ2"')})

    assert "reaches further" in refusal(far)
    assert "reaches further" in refusal(wide)
    assert "reaches further" in refusal(books.xls([books.HEADINGS, ONE, *[[]] * 60_000, [None] * 255 + ["x"]]), "a.xls")
    assert "reaches further" in refusal(("姓名,证件号码\n" + "\n" * 100_001).encode(), "a.csv")
    assert "reaches further" in refusal(("姓名,证件号码" + "," * 600).encode(), "a.csv")


def test_text_in_no_known_encoding_is_refused():
    assert "can't be read" in refusal("姓名".encode() + b"\xff\xff\xff\n", "a.csv")


class Endless(io.RawIOBase):
    """A stream that would never end; counts what was asked of it."""

    taken = 0

    def read(self, size=-1):
        assert size >= 0
        self.taken += size
        return b"x" * size


def test_a_file_over_the_limit_is_not_read_to_its_end(settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    stream = Endless()

    with pytest.raises(SheetRefused, match="at most 1 MB"):
        read_limited(stream)

    assert stream.taken == 1024 * 1024 + 1


def test_a_file_of_200_mb_is_refused_by_its_size_alone():
    with pytest.raises(SheetRefused, match="200 MB; at most 30 MB"):
        safety.refuse_larger_than_limit(200 * 1024 * 1024)


def test_a_good_file_is_taken_for_what_it_is():
    assert inspect("a.xlsx", GOOD).format is Format.XLSX
    assert not inspect("a.xlsx", GOOD).misnamed
    assert inspect("a.csv", GOOD).misnamed
