"""Which row is the heading, which column is what, and which rows are no data. Pure: texts in, decisions out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from denggao.foundation.sheets.cells import visible
from denggao.foundation.sheets.kinds import Column

# How far down a heading is looked for, and over how many rows it may reach.
SEARCH_ROWS = 40
DEEPEST = 3

RECORD_ID = "record_id"
RECORD_ID_TITLES = ("记录编号", "记录号", "Record ID", "Record number", "record_id")
RESULT_TITLES = ("结果", "导入结果", "Result")

_BRACKETS = re.compile(r"[(\[{<【《〔〈「『][^()\[\]{}<>【】《》〔〕〈〉「」『』]*[)\]}>】》〕〉」』]")
_ORNAMENT = re.compile(r"[\s*★☆※:：,，.。、;；_\-—–/\\|\"'“”‘’#?？!！·•]+")


def heading_key(text: str) -> str:
    """What two headings have in common that mean the same: NFKC, no spaces, line breaks, asterisks or punctuation."""
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", visible(text))).casefold()


def bare_heading_key(text: str) -> str:
    """The same without what stands in brackets: 身份证号（必填） is 身份证号."""
    text = unicodedata.normalize("NFKC", visible(text))
    previous = None
    while previous != text:
        previous, text = text, _BRACKETS.sub("", text)
    return heading_key(text)


@dataclass(frozen=True)
class Titles:
    """The headings a kind understands."""

    keys: Mapping[str, str]
    required: frozenset[str]

    def key_of(self, text: str) -> str:
        """The column a heading means, or empty."""
        if not text or len(text) > 80:
            return ""
        return self.keys.get(heading_key(text)) or self.keys.get(bare_heading_key(text)) or ""


def titles_of(columns: Sequence[Column]) -> Titles:
    keys: dict[str, str] = {}
    for column in columns:
        for title in (column.title_zh, column.title_en, column.key, *column.synonyms):
            for key in (heading_key(title), bare_heading_key(title)):
                keys.setdefault(key, column.key)
    for title in RECORD_ID_TITLES:
        keys.setdefault(heading_key(title), RECORD_ID)
    keys.pop("", None)
    return Titles(keys, frozenset(column.key for column in columns if column.required))


@dataclass(frozen=True)
class Heading:
    """``row`` is the index of its first row, ``depth`` how many rows it takes. ``columns``: column index → key, for the
    columns understood; ``titles``: column index → text as written, for every column with a title. ``repeated``: titles
    of columns that mean what another column already is."""

    row: int
    depth: int
    columns: Mapping[int, str]
    titles: Mapping[int, str]
    repeated: Sequence[str] = field(default=())


def find_heading(rows: Sequence[Sequence[str]], titles: Titles) -> Heading | None:
    """The row (or two or three rows) that names most columns; None where none names enough to be a heading.

    ``rows`` are the texts of the sheet's first rows, merged cells filled.
    """
    best: Heading | None = None
    best_rank = (0, 0)
    for row in range(len(rows)):
        if not any(rows[row]):
            continue
        for depth in range(1, min(DEEPEST, len(rows) - row) + 1):
            heading = _heading_at(rows, row, depth, titles)
            rank = (len(heading.columns), -depth)
            if rank > best_rank and heading.columns:
                best, best_rank = heading, rank
    return best if best is not None and _is_enough(best, titles) else None


def _is_enough(heading: Heading, titles: Titles) -> bool:
    known = set(heading.columns.values()) - {RECORD_ID}
    if titles.required and titles.required <= known:
        return True
    return len(known) >= 2 and 2 * len(known & titles.required) >= len(titles.required)


def _heading_at(rows: Sequence[Sequence[str]], row: int, depth: int, titles: Titles) -> Heading:
    width = max(len(line) for line in rows[row : row + depth])
    columns: dict[int, str] = {}
    written: dict[int, str] = {}
    exact: dict[str, tuple[int, bool]] = {}
    repeated = []
    for index in range(width):
        parts = [line[index] for line in rows[row : row + depth] if index < len(line) and line[index]]
        if not parts:
            continue
        parts = list(dict.fromkeys(parts))
        written[index] = visible(" ".join(parts))[:80]
        key = _key_of_parts(parts, titles)
        if not key:
            continue
        whole = titles.keys.get(heading_key(parts[-1])) == key
        if key in exact:
            other, other_whole = exact[key]
            if other_whole or not whole:
                repeated.append(written[index])
                continue
            repeated.append(written[other])
            del columns[other]
        exact[key] = (index, whole)
        columns[index] = key
    return Heading(row, depth, columns, written, tuple(repeated))


def _key_of_parts(parts: Sequence[str], titles: Titles) -> str:
    for start in range(len(parts) - 1):
        key = titles.key_of("".join(parts[start:]))
        if key:
            return key
    for part in reversed(parts):
        key = titles.key_of(part)
        if key:
            return key
    return ""


# Rows that are no data

_TOTAL = re.compile(
    r"(本页|本表|本单位|部门|全部|人数|人员)?(合计|总计|小计|共计|总数|总人数|累计|汇总)(人数|金额|人次)?[:：]?[\d,.]*(人|家|名|份|张|本|元|个)?|共[\d,]+(人|家|名|份|张|条|个).*|(grand)?(sub)?totals?[:：]?[\d,.]*"
)
_EXAMPLE = re.compile(
    r"[(（\[【<《]?(填写|填报|填表)?(示例|样例|范例|例子|举例|例如|样本|example|sample)(行|数据|row)?[\d一二三]*([)）\]】>》:：].*|\s.*)?|例[:：].*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"[*※★☆]*\s*(注|备注|说明|注意|提示|注释|附注|填表说明|填写说明|填报说明|填写须知|填报须知|填表须知|填写要求|温馨提示|注意事项|note|notes|remark|remarks)"
    r"(事项)?\s*[\d一二三四五六七八九十]*\s*[:：、.．)）].*",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(制表|填表|填报|编制|审核|复核|审批|批准|经办|负责|联系|统计|录入|校对|单位负责|部门负责|分管领导|法定代表)(人|人员|单位|部门|日期|时间|电话)?(\(?签[字章名]\)?|（签[字章名]）)?\s*[:：].*"
    r"|(填报|填表|制表|打印|导出|报送|上报|统计|截止)(日期|时间|单位|部门)\s*[:：].*"
    r"|(单位|公司)?[(（]?(盖章|公章|签章|签字|签名)[)）]?\s*([:：].*)?"
    r"|(单位|公司)(名称)?[(（](盖章|公章)[)）]\s*[:：].*|(日期|时间|电话|手机|邮箱|联系方式)\s*[:：].*|第\s*\d+\s*页.*|共\s*\d+\s*页.*"
    r"|(prepared|checked|approved|printed)\s*(by|on)\s*:.*|page\s+\d+.*|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日",
    re.IGNORECASE,
)
_NUMBERED_REMARK = re.compile(r"[(（]?(\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?[、.．:：]\s*\S.{7,}")

BLANK, REPEATED, TOTAL, EXAMPLE, NOTE, DATA = "blank", "repeated", "total", "example", "note", "data"


def sort_of_row(
    texts: Mapping[int, str], heading: Heading, titles: Titles, *, examples: Mapping[str, str], spread: frozenset[int] = frozenset()
) -> str:
    """What a row below the heading is: data, or blank, repeated, total, example, note.

    ``texts``: column index → what is shown, non-blank cells only. ``examples``: the template's example by column key.
    ``spread``: indexes of cells merged over several columns.
    """
    if not texts:
        return BLANK
    known = {index: text for index, text in texts.items() if index in heading.columns}
    if _repeats(texts, heading, titles):
        return REPEATED
    order = sorted(texts)
    first = visible(texts[order[0]])
    lead = [visible(texts[index]) for index in order[:3]]
    if any(_TOTAL.fullmatch("".join(text.split()).casefold()) for text in lead) and not _has_all_required(
        known, heading, titles, but=_TOTAL
    ):
        return TOTAL
    if any(_EXAMPLE.fullmatch(text) for text in lead) or _is_template_example(known, heading, examples):
        return EXAMPLE
    if (_NOTE.fullmatch(first) or _FOOTER.fullmatch(first)) and not _has_all_required(known, heading, titles, but=_FOOTER):
        return NOTE
    if len(texts) == 1 and (order[0] in spread or len(first) > 40 or _NUMBERED_REMARK.fullmatch(first)):
        return NOTE
    return DATA if known else BLANK


def _repeats(texts: Mapping[int, str], heading: Heading, titles: Titles) -> bool:
    known = [(text, heading.columns[index]) for index, text in texts.items() if index in heading.columns]
    if not any(titles.key_of(text) == key for text, key in known[:3]):
        return False
    same = sum(titles.key_of(text) == key for text, key in known)
    return same >= 2 and 2 * same > len(texts)


def _has_all_required(known: Mapping[int, str], heading: Heading, titles: Titles, *, but: re.Pattern[str]) -> bool:
    """Whether the row fills the required columns with something that is not itself such a remark."""
    filled = {
        heading.columns[index] for index, text in known.items() if not but.fullmatch("".join(visible(text).split()).casefold())
    }
    here = titles.required & set(heading.columns.values())
    return bool(here) and here <= filled


def _is_template_example(known: Mapping[int, str], heading: Heading, examples: Mapping[str, str]) -> bool:
    given = {heading.columns[index]: visible(text) for index, text in known.items()}
    shared = {key for key, text in given.items() if examples.get(key)}
    return len(shared) >= 3 and all(given[key] == visible(examples[key]) for key in shared)
