"""``denggao import_employers FILE [--plan CODE]``: a list of employers, who may join a plan by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.commands import WrongUse
from denggao.foundation.organisations.sheets.employers import Employers
from denggao.foundation.sheets.commands import ImportCommand


class Command(ImportCommand):
    help = gettext_lazy("Take in a list of employers. Without --plan they join no plan.")  # type: ignore[assignment]  # translated when shown
    kind = Employers.code

    def add_kind_options(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", metavar="CODE", default="", help=_("The plan the employers take part in."))

    def kind_options(self, options: Mapping[str, Any]) -> dict[str, str]:
        if not options["plan"]:
            return {}
        try:
            Employers().resolve({"plan": options["plan"]})
        except Refused as refusal:
            raise WrongUse(refusal) from None
        return {"plan": options["plan"]}
