"""``denggao import_roster FILE --employer USCC [--as-of DATE]``: the staff of one employer on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.audit.commands import WrongUse, day
from denggao.foundation.organisations.queries import employer_with_code
from denggao.foundation.organisations.rules import credit_code_fault, normal_credit_code
from denggao.foundation.organisations.sheets.roster import Roster
from denggao.foundation.sheets.commands import ImportCommand


class Command(ImportCommand):
    help = gettext_lazy("Take in the roster of one employer, as of a day.")  # type: ignore[assignment]  # translated when shown
    kind = Roster.code

    def add_kind_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--employer", metavar="USCC", required=True, help=_("The employer's unified social credit code, 18 characters.")
        )
        parser.add_argument("--as-of", metavar="DATE", type=day, help=_("The date of the list, as 2022-12-31; today unless given."))

    def kind_options(self, options: Mapping[str, Any]) -> dict[str, str]:
        code = normal_credit_code(options["employer"])
        employer = employer_with_code(code)
        if employer is None:
            fault = credit_code_fault(code)
            raise WrongUse(
                str(fault.text) % fault.values
                if fault
                else _("No employer has the unified social credit code %(code)s. Take in the employers first.") % {"code": code}
            )
        return {"employer": str(employer.public_id)}

    def as_of(self, options: Mapping[str, Any], today: dt.date) -> dt.date:
        chosen: dt.date | None = options["as_of"]
        return chosen or today
