import io
import zipfile

import openpyxl
import pytest

from denggao.foundation.files.rules import clean_name, kind_of_content


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("名册.xlsx", "名册.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\李\\花名册.xls", "花名册.xls"),
        ("a\r\nSet-Cookie: x.csv", "a_Set-Cookie_ x.csv"),
        ("evil\u202exslx.exe", "evil_xslx.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_names_are_cleaned(name, cleaned):
    assert clean_name(name) == cleaned


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (workbook(), "xlsx"),
        (zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "xlsm"),
        (zipped("word/document.xml"), "zip"),
        (b"PK\x03\x04 broken", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000_000 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("姓名,身份证号\n".encode("gb18030"), "csv"),
        ("\ufeff姓名,身份证号\n".encode(), "csv"),
        (("姓" * 5000).encode(), "csv"),
        (b"", "csv"),
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"MZ\x90\x00\x03\x00", ""),
        (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "mp4"),
        (b"\0\0\0\x20ftypM4A \0\0\2\0", "m4a"),
        (b"\x1aE\xdf\xa3\x9f", "webm"),
        (b"ID3\x04\0", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello", "vtt"),
        (b"1\r\n00:00:00,000 --> 00:00:01,000\r\nHello", "srt"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b"<p>no drawing</p>", "csv"),
    ],
)
def test_a_file_is_known_by_its_content(data, kind):
    stream = io.BytesIO(data)

    assert kind_of_content(stream) == kind
    assert stream.tell() == 0
