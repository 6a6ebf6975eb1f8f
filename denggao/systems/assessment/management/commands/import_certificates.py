"""``denggao import_certificates FILE``: the register of level certificates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from denggao.foundation.sheets.commands import ImportCommand
from denggao.systems.assessment.sheets import CertificateSheet


class Command(ImportCommand):
    help = _("Import the register of skill-level certificates.")  # type: ignore[assignment]  # translated when shown
    kind = CertificateSheet.code
