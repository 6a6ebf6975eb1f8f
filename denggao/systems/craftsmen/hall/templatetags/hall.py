"""Drawings of the hall, and numbers within them."""

from __future__ import annotations

from functools import cache

from django import template
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from denggao.systems.craftsmen.hall.models import Drawing

register = template.Library()
_FRAMES = {"hero": "hall/art_hero.html", "work": "hall/art_work.html", "tile": "hall/art_tile.html"}
_RINGS = range(70, 320, 26)


@register.simple_tag
def art(frame: str, drawing: str) -> SafeString:
    """A line drawing within its frame: ``hero`` behind a name, ``work`` on a card, ``tile`` in the list."""
    return _art(frame, drawing if drawing in Drawing.values else Drawing.TURBINE.value)


@cache
def _art(frame: str, drawing: str) -> SafeString:
    # SECURITY: files of the product's own, never a visitor's.
    context = {"drawing": f"hall/drawings/{drawing}.svg", "rings": _RINGS}
    return mark_safe(get_template(_FRAMES[frame]).render(context))  # noqa: S308 -- drawn by our own templates


@register.filter
def breakable(name: str) -> SafeString:
    """A name that may break after a middle dot, and nowhere else as long as it fits."""
    return mark_safe("·<wbr>".join(conditional_escape(part) for part in name.split("·")))  # noqa: S308 -- each part escaped


@register.filter
def xy(value: float) -> str:
    """A number as drawings write it, in any language."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
