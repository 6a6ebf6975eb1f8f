"""How the keys of the texts that authorities sign for a base are called on pages. The text and its hash keep the keys."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SIGNED_LABELS: dict[str, Any] = {
    "act": pgettext_lazy("what is signed", "Act"),
    "case": _("Case number"),
    "plan": _("Plan"),
    "body": _("Applying body"),
    "uscc": _("Unified social credit code"),
    "base": _("Training base"),
    "plaque": _("Plaque number"),
    "term_years": _("Term in years"),
    "term_ends": _("Present term ends"),
    "facts": _("Facts"),
}
