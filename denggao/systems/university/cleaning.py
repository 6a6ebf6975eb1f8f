"""Rich text as courses may hold it. Cleaned when it is written, and again when it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "b", "em", "i", "u", "s", "sub", "sup", "a", "img", "figure",
    "figcaption", "table", "thead", "tbody", "tr", "th", "td", "caption", "blockquote", "pre", "code", "dl", "dt", "dd",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
DROPPED_WHOLE = {"script", "style", "iframe", "object", "embed", "noscript", "template", "math", "svg", "title"}
# A picture is one of the unit's own files: by its path in the package.
PICTURE = re.compile(r"files/[^\s\"'<>?#]{1,150}")
_IMG = re.compile(r'(<img\b[^>]*?\bsrc=")(files/[^"]+)(")')
BODY_LIMIT = 200_000


def _attribute(tag: str, name: str, value: str) -> str | None:
    # SECURITY: no picture from elsewhere: it would tell its host who learns, and when.
    if tag == "img" and name == "src" and (not PICTURE.fullmatch(value) or ".." in value):
        return None
    return value


def clean_html(html: str) -> str:
    """What may stand in a unit's text: headings, lists, tables, links, the unit's own pictures; no styles, no scripts.
    Cleaning twice changes nothing."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def with_addresses(html: str, address_of: Callable[[str], str | None]) -> str:
    """Clean HTML with the paths of pictures made addresses; a picture that is not there loses its address."""
    return _IMG.sub(lambda found: f"{found[1]}{address_of(found[2]) or ''}{found[3]}", clean_html(html))


def pictures_in(html: str) -> list[str]:
    """The paths of the pictures a text speaks of, in their order."""
    return [found[2] for found in _IMG.finditer(html)]


def plain_text(html: str) -> str:
    """What remains to be read without tags."""
    return re.sub(r"\s+", " ", nh3.clean(html, tags=set(), clean_content_tags=DROPPED_WHOLE)).strip()
