"""A Word document (OOXML, ECMA-376) from headings, paragraphs and tables: what a candidate's file needs, and no more. The same
bytes for the same parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

TYPE = "docx"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WIDTH = 9070  # twentieths of a point: A4 less its margins
# What XML 1.0 can't hold, typed or pasted by mistake.
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    """Paragraphs: each line of the text is one. ``small`` in a quieter type."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Table:
    """``titles`` empty: label and value, two columns. ``shares`` are the widths of the columns, of any sum."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int] = ()


Part = Heading | Text | Table


def document(parts: Iterable[Part], *, title: str, author: str, footer: str) -> bytes:
    """A .docx that Word, WPS and LibreOffice open."""
    body = "".join(_part(part) for part in parts)
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELS,
        "docProps/core.xml": _CORE % {"title": _clean(title), "author": _clean(author)},
        "word/document.xml": f'{_XML}<w:document {_NS} xmlns:r="{_R}"><w:body>{body}{section}</w:body></w:document>',
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _FOOTER % _run(footer, size=16, colour="5A5238"),
        "word/_rels/document.xml.rels": _DOCUMENT_RELS,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, text.encode())
    return out.getvalue()


def _clean(text: str) -> str:
    return escape(_BARRED.sub("", text))


def _run(text: str, *, bold: bool = False, size: int = 0, colour: str = "") -> str:
    looks = ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    looks += f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{_clean(text)}</w:t></w:r>'


def _part(part: Part) -> str:
    if isinstance(part, Heading):
        style = "Title" if part.level == 0 else f"Heading{part.level}"
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(part.text)}</w:p>'
    if isinstance(part, Text):
        style = '<w:pPr><w:pStyle w:val="Small"/></w:pPr>' if part.small else ""
        return "".join(f"<w:p>{style}{_run(line)}</w:p>" for line in (part.text.splitlines() or [""]))
    return _table(part)


def _table(table: Table) -> str:
    count = len(table.titles) or 2
    shares = list(table.shares) or ([1, 3] if not table.titles else [1] * count)
    widths = [_WIDTH * share // sum(shares) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row([(title, True) for title in table.titles], widths, is_head=True) if table.titles else ""
    rows = "".join(
        _row([(cell, not table.titles and place == 0) for place, cell in enumerate(row)], widths, is_head=False)
        for row in table.rows
    )
    looks = f'<w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
    return f"<w:tbl>{looks}<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl><w:p/>"


def _row(cells: Sequence[tuple[str, bool]], widths: Sequence[int], *, is_head: bool) -> str:
    looks = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if is_head else "") + "</w:trPr>"
    made = []
    for (text, bold), width in zip(cells, widths, strict=True):
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="F3EFE4"/>' if bold else ""
        lines = "".join(
            f'<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr>{_run(line, bold=bold)}</w:p>' for line in (text.splitlines() or ["—"])
        )
        made.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{lines}</w:tc>')
    return f"<w:tr>{looks}{''.join(made)}</w:tr>"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_WORD}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS = (
    f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
)
_DOCUMENT_RELS = (
    f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_R}/footer" Target="footer1.xml"/></Relationships>'
)
_CORE = (
    f'{_XML}<cp:coreProperties xmlns:cp="{_RELATIONS}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>%(title)s</dc:title><dc:creator>%(author)s</dc:creator></cp:coreProperties>"
)
_FOOTER = (
    f'{_XML}<w:ftr {_NS}><w:p><w:pPr><w:pStyle w:val="Small"/></w:pPr>%s<w:r><w:t xml:space="preserve">  ·  </w:t></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)
_FONTS = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'


def _style(name: str, label: str, looks: str, run: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{label}"/><w:basedOn w:val="Normal"/>'
        f"<w:pPr>{looks}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_BORDER = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B9B09A"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_STYLES = (
    f"{_XML}<w:styles {_NS}><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}"
    '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="320" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + _style("Title", "Title", '<w:jc w:val="center"/><w:spacing w:before="240" w:after="240"/>', '<w:b/><w:sz w:val="40"/>')
    + _style(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:spacing w:before="320" w:after="120"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:sz w:val="28"/>',
    )
    + _style("Heading3", "heading 3", '<w:keepNext/><w:spacing w:before="120" w:after="40"/>', '<w:b/><w:sz w:val="21"/>')
    + _style(
        "Heading2",
        "heading 2",
        '<w:keepNext/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="1"/>',
        '<w:b/><w:sz w:val="23"/>',
    )
    + _style("Cell", "Cell", '<w:spacing w:before="30" w:after="30" w:line="280" w:lineRule="auto"/>', '<w:sz w:val="19"/>')
    + _style("Small", "Small", '<w:spacing w:after="60"/>', '<w:color w:val="5A5238"/><w:sz w:val="17"/>')
    + '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/>'
    f"<w:tblPr><w:tblBorders>{_BORDER}</w:tblBorders></w:tblPr></w:style></w:styles>"
)
