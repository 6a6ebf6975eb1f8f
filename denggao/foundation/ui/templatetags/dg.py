"""The template tags and filters every page may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.foundation.ui.words import listed

if TYPE_CHECKING:
    from denggao.foundation.ui.navigation import NavLink

register = template.Library()

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter(name="listed")
def listed_names(names: Iterable[object]) -> str:
    """甲、乙 · A, B; empty for none."""
    return listed(names or ())


@register.filter
def day(value: dt.date | None) -> str:
    """2022年9月30日 · 30 Sep 2022; of a moment, its day in Shanghai. Empty for None."""
    if not value:
        return ""
    date = _local(value) if isinstance(value, dt.datetime) else value
    if _chinese():
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


@register.filter
def iso(value: dt.date | None) -> str:
    """2022-09-30: for tables and date fields."""
    if not value:
        return ""
    date = _local(value) if isinstance(value, dt.datetime) else value
    return f"{date:%Y-%m-%d}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """2022-09-30 14:32 in Shanghai. Empty for None."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def clock(value: dt.datetime | None) -> str:
    """14:32:05 in Shanghai: for receipts."""
    return f"{_local(value):%H:%M:%S}" if value else ""


@register.filter
def month(value: dt.date | None) -> str:
    """2022年9月 · Sep 2022."""
    if not value:
        return ""
    return f"{value.year}年{value.month}月" if _chinese() else f"{_MONTHS[value.month - 1]} {value.year}"


@register.filter
def quarter(value: dt.date) -> str:
    """22Q3."""
    return f"{value:%y}Q{(value.month + 2) // 3}"


@register.filter
def number(value: float | Decimal | None) -> str:
    """10000 in Chinese, as the plan writes it; 10,000 in English. A dash for None (not known, or withheld)."""
    if value is None or value == "":
        return "—"
    whole = value if isinstance(value, int) else Decimal(str(value))
    text = f"{whole:,}" if not isinstance(whole, Decimal) else f"{whole:,f}"
    return text.replace(",", "") if _chinese() else text


@register.filter
def points(value: float | Decimal | str | None) -> str:
    """97.5 for 97.50, 25 for 25.00: points as they are said. A dash for None."""
    return "—" if value is None or value == "" else f"{Decimal(str(value)).normalize():f}"


@register.filter
def percent(share: float | Decimal | None) -> str:
    """A share from 0 to 1 as 78.5%, without an empty decimal; never 100% before it is whole."""
    if share is None:
        return "—"
    exact = Decimal(str(share)) * 100
    shown = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if shown >= 100 > exact:
        shown = Decimal("99.9")
    return f"{shown.normalize():f}%"


@register.filter
def share_of(part: float | None, whole: float | None) -> float | None:
    """The share of a part in a whole, at most 1; None where there is no whole."""
    if part is None or not whole:
        return None
    return min(part / whole, 1.0)


@register.filter
def people(count: int | None) -> str:
    """812 人 · 812 people."""
    if count is None:
        return "—"
    return f"{number(count)} 人" if _chinese() else f"{number(count)} {'person' if count == 1 else 'people'}"


@register.filter
def initial(name: str) -> str:
    """The one character in a person's round picture."""
    return name.strip()[:1].upper() if name else "?"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """What a mapping, or a form, holds under a key; None where it holds nothing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return None


@register.filter
def role_label(role: str) -> str:
    """A role as people call it."""
    return {
        "administrator": _("Administrator"),
        "clerk": _("Office clerk"),
        "reviewer": _("Reviewer"),
        "approver": _("Approver"),
        "finance": _("Finance"),
        "auditor": _("Auditor"),
        "authority": _("Authority"),
        "hr": _("Employer’s HR"),
        "base_manager": _("Base manager"),
        "teacher": _("Teacher"),
        "expert": _("Expert"),
        "worker": _("Worker"),
    }.get(str(role), str(role))


@register.filter
def proof_label(grade: str) -> str:
    """A proof grade as people call it."""
    return {"declared": _("Declared"), "documented": _("Documented"), "confirmed": _("Confirmed")}.get(str(grade), str(grade))


@register.filter
def proof_tone(grade: str) -> str:
    return {"declared": "", "documented": "lake", "confirmed": "jade"}.get(str(grade), "")


@register.filter
def level_label(code: str) -> str:
    """三级/高级工; a dash where there is none."""
    from denggao.foundation.ui.words import level_name

    return level_name(code) if code else "—"


@cache
def _sprite() -> str:
    return static("ui/dist/icons.svg")


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A drawing from the sprite; decoration only, so words must stand beside it or in the link's label."""
    return _icon(name, classes)


@lru_cache(maxsize=1000)
def _icon(name: str, classes: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>', f" {classes}" if classes else "", _sprite(), name
    )


@register.simple_tag
@lru_cache(maxsize=2000)
def nav_link(link: NavLink, place: str) -> SafeString:
    """A link of the navigation. ``place``: ``side``, ``menu``, or ``tab`` at the foot of a phone."""
    classes = " ".join(filter(None, ["it" if place == "side" else "", "on" if link.on else ""]))
    push = " dg-push" if place == "menu" else ""
    return format_html(
        '<a{} href="{}"{}>{}{}{}</a>',
        format_html(' class="{}"', classes) if classes else "",
        link.url,
        mark_safe(' aria-current="page"') if link.on else "",
        icon(link.icon),
        format_html("<span>{}</span>", link.label) if place == "side" else link.label,
        format_html('<span class="dg-count hot{}">{}</span>', push, number(link.count)) if link.count and place != "tab" else "",
    )


@register.simple_tag
def drawing(name: str) -> SafeString:
    """One of the line drawings: empty-none, empty-first, empty-done, empty-gate, terrace-1 … 6, mountain-board …"""
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    # SECURITY: a file of the product's own, never a visitor's.
    return mark_safe(get_template(f"ui/drawings/{name}.svg").render())  # noqa: S308 -- drawn by our own templates


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's own query string with some values changed; None or an empty text takes one out. Starts with ``?``."""
    request = context.get("request")
    values: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    return changed(values, changes)


def changed(values: QueryDict, changes: dict[str, Any]) -> str:
    for key, value in changes.items():
        if value is None or value == "":
            values.pop(key, None)
        else:
            values[key] = str(value)
    text = values.urlencode()
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def other_language(context: template.Context) -> dict[str, str]:
    """The language this page is not in: its name in itself, its code, and the address of the page in it."""
    code, name, html = ("en", "English", "en") if _chinese() else ("zh", "中文", "zh-CN")
    return {"code": html, "name": name, "url": query(context, lang=code)}


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """A form field's control with the product's class; Django itself ties it to help and error."""
    control = field.field.widget
    if isinstance(control, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        return field.as_widget()
    kind = (
        "dg-cb"
        if isinstance(control, forms.CheckboxInput)
        else "form-select"
        if isinstance(control, forms.Select)
        else "form-control"
    )
    written = control.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{kind} {written}".strip()})


@register.filter
def control(field: BoundField) -> str:
    """How a field is laid out: ``group`` (radio buttons, boxes), ``check`` (one box), ``plain``, ``hidden``."""
    shown = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(shown, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        return "group"
    return "check" if isinstance(shown, forms.CheckboxInput) else "plain"


@register.filter
def add_number(value: float, more: float) -> float:
    """A sum, for places in a drawing."""
    return round(value + float(more), 1)


@register.filter
def span_label(period: Any) -> str:
    """2022年3月 · Mar 2022; 2022年3–5月 where months were joined."""
    if (period.start.year, period.start.month) == (period.end.year, period.end.month):
        return month(period.start)
    if period.start.year == period.end.year:
        if _chinese():
            return f"{period.start.year}年{period.start.month}–{period.end.month}月"
        return f"{_MONTHS[period.start.month - 1]}–{_MONTHS[period.end.month - 1]} {period.start.year}"
    return f"{month(period.start)} – {month(period.end)}"


@register.filter
def grade(code: str) -> str:
    """三级 · Level 3: the short form, where levels stand in a row."""
    if code in "54321" and code:
        return f"{'零一二三四五'[int(code)]}级" if _chinese() else _("Level %(code)s") % {"code": code}
    return level_label(code)
