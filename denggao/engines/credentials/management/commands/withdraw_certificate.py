"""``denggao withdraw_certificate NUMBER --reason TEXT``: a certificate neither counts nor stands in the way any more."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.engines.credentials.actions import CertificateRefused, withdraw_certificate
from denggao.engines.credentials.queries import by_number
from denggao.engines.credentials.rules import clean_number, number_key
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand


class Command(ProductCommand):
    help = gettext_lazy("Withdraw a certificate: it no longer counts, and its history stays.")  # type: ignore[assignment]  # translated when shown

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="NUMBER", help=_("The certificate's number."))
        parser.add_argument("--reason", metavar="TEXT", required=True, help=_("Why; kept in the record."))

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        number = clean_number(options["number"])
        credential = by_number([number]).get(number_key(number))
        if credential is None:
            raise CertificateRefused(_("There is no certificate with this number."))
        withdraw_certificate(credential, reason=options["reason"], actor=actor, now=now)
        return Outcome(
            {"certificate": str(credential.public_id), "number": credential.masked_number, "status": credential.status},
            [_("Certificate %(number)s is withdrawn.") % {"number": credential.masked_number}],
        )
