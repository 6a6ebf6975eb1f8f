"""Drawings in SVG are taken as pictures: what could run, load or lead elsewhere is taken out. Doing it twice changes nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
LIMIT = 2 * 1024 * 1024
ET.register_namespace("", SVG)
ELEMENTS = frozenset(
    {
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "defs",
        "marker", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "use", "symbol", "title", "desc",
        "style", "filter", "feGaussianBlur", "feOffset", "feMerge", "feMergeNode", "feBlend", "feFlood", "feComposite",
        "feColorMatrix", "switch",
    }
)  # fmt: skip
_FOREIGN = re.compile(r"@import|expression|javascript:|url\(\s*['\"]?(?!#)", re.IGNORECASE)
_HREFS = {"href", f"{{{XLINK}}}href"}


class DrawingRefused(Refused):
    """This is no drawing."""


def clean_svg(data: bytes) -> bytes:
    """The drawing, safe to be shown as a picture. Raises DrawingRefused where it can't be read."""
    if len(data) > LIMIT:
        raise DrawingRefused(_("The drawing is larger than 2 MB. Draw it simpler, or save it as PNG."))
    try:
        root = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError):
        raise DrawingRefused(_("The SVG drawing can’t be read. Save it anew as plain SVG.")) from None
    if root.tag != f"{{{SVG}}}svg":
        raise DrawingRefused(_("The SVG drawing can’t be read. Save it anew as plain SVG."))
    _clean(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=False))


def _clean(element: ET.Element) -> None:
    for name in list(element.attrib):
        value = element.attrib[name]
        bare = name.rpartition("}")[2].lower()
        leads_away = name in _HREFS and not value.strip().startswith("#")
        foreign = "}" in name and name not in _HREFS and not name.endswith("}space")
        if bare.startswith("on") or leads_away or foreign or _FOREIGN.search(value):
            del element.attrib[name]
    if element.tag == f"{{{SVG}}}style" and _FOREIGN.search(element.text or ""):
        element.text = ""
    for child in list(element):
        known = isinstance(child.tag, str) and child.tag.startswith(f"{{{SVG}}}") and child.tag.rpartition("}")[2] in ELEMENTS
        if known:
            _clean(child)
            continue
        _keep_tail(element, child)
        element.remove(child)


def _keep_tail(parent: ET.Element, child: ET.Element) -> None:
    """What follows an element taken out stays: it is its parent's text."""
    if not child.tail or not child.tail.strip():
        return
    place = list(parent).index(child)
    if place:
        before = parent[place - 1]
        before.tail = (before.tail or "") + child.tail
    else:
        parent.text = (parent.text or "") + child.tail
