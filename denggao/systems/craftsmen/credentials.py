"""The certificate of a craftsman, as the platform issues it; and the numbers of medals."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.numbers import rule_of_data
from denggao.engines.credentials.registry import Facts, IssuedKind
from denggao.foundation.documents import rendering

CERTIFICATE, MEDAL = "craftsman", "craftsman_medal"
TITLE_ZH, TITLE_EN = "临港工匠", "Lingang Craftsman"
_PAPER = Path(__file__).parent / "paper" / "certificate.typ"


def register_paper() -> None:
    rendering.register("craftsmen/certificate", _PAPER)


def certificate_rows(issued: Issued) -> Facts:
    """What anyone who verifies it may know: the order, the industry; the name stands masked in the page's head."""
    english = (get_language() or "").startswith("en")
    industry = str(issued.fact("industry_en" if english else "industry_zh")) or str(issued.fact("industry_zh"))
    return [(_("Naming order"), str(issued.fact("order"))), (_("Industry"), industry)]


def certificate_kind() -> IssuedKind:
    return IssuedKind(
        CERTIFICATE,
        gettext_lazy("Certificate of a craftsman"),
        template="craftsmen/certificate",
        number_rule=rule_of_data(CERTIFICATE),
        rows=certificate_rows,
    )
