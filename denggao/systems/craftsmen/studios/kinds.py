"""The plaque of a studio, as the platform issues it."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.numbers import rule_of_data
from denggao.engines.credentials.registry import Facts, IssuedKind

PLAQUE, SUBJECT = "studio_plaque", "studio"
TITLE_ZH, TITLE_EN = "工匠工作室", "CRAFTSMAN STUDIO"


def rows_of(issued: Issued) -> Facts:
    """What its public page says beside holder, granting bodies and number: no person."""
    english = str(issued.fact("detail_en")) if (get_language() or "").startswith("en") else ""
    named = english or str(issued.fact("detail_zh"))
    order = str(issued.fact("order"))
    return [*([(_("Named as"), named)] if named else []), *([(_("Naming document"), order)] if order else [])]


def studio_plaque() -> IssuedKind:
    return IssuedKind(
        PLAQUE,
        gettext_lazy("Plaque of a craftsman studio"),
        template="credentials/plaque",
        number_rule=rule_of_data(PLAQUE),
        rows=rows_of,
        drawing="credentials/plaque.html",
    )
