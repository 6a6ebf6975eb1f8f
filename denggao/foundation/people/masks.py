"""How personal values are shown where the whole of them is nobody's business."""

from __future__ import annotations

# Two-character surnames a mask must keep whole (欧阳**). The common ones; an unknown one shows its first character only.
_COMPOUND = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
    公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁
    拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 公乘 贯丘 南荣 东里 东宫 仲长 即墨
    达奚 褚师
    """.split()  # noqa: SIM905 (a list of 80 literals reads worse)
)


def mask_name(name: str) -> str:
    """陈* · 欧阳** · 阿*****江 (names with a middle dot keep first and last character) · J*** S****."""
    name = name.strip()
    if not name:
        return ""
    if "·" in name:
        return name[0] + "*" * (len(name.replace("·", "")) - 2) + name[-1]
    if name.isascii():
        return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
    kept = 2 if len(name) > 2 and name[:2] in _COMPOUND else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def mask_number(number: str) -> str:
    """3101**********4432: the first four and the last four; shorter numbers keep two and two; shortest, none."""
    kept = 4 if len(number) >= 12 else 2 if len(number) >= 7 else 0
    return number[:kept] + "*" * (len(number) - 2 * kept) + (number[-kept:] if kept else "")


def mask_phone(phone: str) -> str:
    """138****0001."""
    return phone[:3] + "*" * max(len(phone) - 7, 0) + phone[-4:] if len(phone) >= 8 else "*" * len(phone)


def mask_certificate(number: str) -> str:
    """S000031******7742: enough to recognise one's own."""
    return number[:7] + "*" * (len(number) - 11) + number[-4:] if len(number) >= 14 else mask_number(number)
