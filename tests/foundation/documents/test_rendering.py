"""Papers: archival, readable aloud, the same bytes each time, and never tofu."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pypdf
import pytest
import typst
from PIL import Image

from denggao.foundation.documents import rendering
from denggao.foundation.documents.codes import qr_for_paper, qr_svg
from denggao.foundation.documents.pictures import page_count, page_image, page_images
from tests.facts import NOW

pytestmark = pytest.mark.once
TEMPLATE = """#import "/foundation/documents/paper/denggao.typ": *
#set document(title: "Paper")
#set text(font: song, lang: "zh")
#set page(width: 100mm, height: 60mm)
= Title
#given("text")
"""


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Renders a template given as text; it lies in a product of its own that has the shared file."""
    shared = tmp_path / "foundation/documents/paper"
    shared.mkdir(parents=True)
    (shared / "denggao.typ").write_text((rendering.ROOT / "foundation/documents/paper/denggao.typ").read_text())
    monkeypatch.setattr(rendering, "ROOT", tmp_path)
    monkeypatch.setattr(rendering, "_TEMPLATES", {})

    def make(text: str, template: str = TEMPLATE, at: dt.datetime = NOW) -> bytes:
        path = tmp_path / "test.typ"
        path.write_text(template)
        rendering.register("test", path)
        return rendering.render("test", {"text": text}, at=at)

    return make


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_paper_is_archival_and_accessible(paper: Any) -> None:
    read = pypdf.PdfReader(io.BytesIO(paper("登高")))
    told = read.trailer["/Root"]["/Metadata"].get_object().get_data().decode()

    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in told
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_chinese_type_is_embedded_and_can_be_copied(paper: Any) -> None:
    pdf = paper("中国（上海）自由贸易试验区䶮")
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]

    assert "中国（上海）自由贸易试验区䶮" in text_of(pdf)
    assert descriptors
    assert all("/FontFile3" in item or "/FontFile2" in item for item in descriptors)


def test_the_same_paper_is_the_same_bytes_and_another_moment_is_another(paper: Any) -> None:
    first = paper("登高")

    assert paper("登高") == first
    assert paper("登高", at=NOW + dt.timedelta(days=1)) != first


@pytest.mark.parametrize("text", ["#sys.version", "$x^2$", "*粗*", '#read("/etc/passwd")', "@cite", "\\u{1F600}", '"]'])
def test_data_are_never_read_as_markup(paper: Any, text: str) -> None:
    assert text in text_of(paper(text)).replace("\n", "")


@pytest.mark.parametrize("reads", ['#read("/../secret.txt")', '#read("/etc/passwd")'])
def test_a_template_reads_nothing_outside_the_product(paper: Any, tmp_path: Path, reads: str) -> None:
    (tmp_path.parent / "secret.txt").write_text("secret")

    with pytest.raises(rendering.TemplateFailed):
        paper("x", TEMPLATE + reads)


def test_a_template_outside_the_product_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="within the product"):
        rendering.register("stray", tmp_path / "stray.typ")


def test_a_missing_character_is_named_and_never_drawn_as_a_box(paper: Any, settings: Any, tmp_path: Path) -> None:
    settings.FONTS_DIR = tmp_path / "none"

    with pytest.raises(rendering.GlyphMissing, match=r"𠮷 \(U\+20BB7\)"):
        paper("𠮷野")


def test_a_missing_character_is_looked_for_in_the_operators_fonts(
    paper: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    latin = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(rendering, "shipped_fonts", lambda: latin)
    monkeypatch.setattr(rendering, "_shipped", list)
    settings.FONTS_DIR = Path(pylopdf_fonts_zh_cn.serif_path()).parent

    assert "登高" in text_of(paper("登高"))


def test_a_wrong_template_is_our_fault_and_says_so(paper: Any) -> None:
    with pytest.raises(rendering.TemplateFailed, match="test"):
        paper("x", TEMPLATE + "#nowhere")


def test_pages_become_pictures_of_the_width_that_is_asked(paper: Any) -> None:
    pdf = paper("登高", TEMPLATE + "#pagebreak()\nmore")

    pictures = [Image.open(io.BytesIO(picture)) for picture in page_images(pdf, width=500)]

    assert page_count(pdf) == 2
    assert [(picture.format, picture.size) for picture in pictures] == [("PNG", (500, 300))] * 2
    assert page_image(pdf, 1, width=500) == page_images(pdf, width=500)[0]
    for number in (0, 3):
        with pytest.raises(IndexError):
            page_image(pdf, number)


def test_a_code_for_a_page_holds_no_style_and_escapes_its_label() -> None:
    drawn = qr_svg("https://example.org/credentials/1/", label='"><script>')

    assert "<script>" not in drawn
    assert "style" not in drawn
    assert drawn.count("<path") == 1


def test_a_code_for_a_paper_is_a_drawing_typst_takes(paper: Any) -> None:
    template = TEMPLATE.replace('#given("text")', '#image(bytes(given("text")), format: "svg", width: 20mm, alt: "code")')

    assert page_count(paper(qr_for_paper("https://example.org/"), template)) == 1
