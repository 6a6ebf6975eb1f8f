"""``denggao verify_audit``: check every record, number and seal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand
from denggao.foundation.audit.seals import public_key_pem
from denggao.foundation.audit.verification import Problem, Report, Trouble, verify


class Command(ProductCommand):
    help = _("Check every record, number and seal of the audit. Exit status 0: nothing was touched; 1: something was.")
    # It must find what it looks at as it is, and leave it so.
    seals = False
    reads_only = True

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        report = verify()
        return Outcome(_as_json(report), _lines(report), ok=report.ok)


def _lines(report: Report) -> list[str]:
    counts = {"records": report.records, "seals": report.seals, "unsealed": report.unsealed}
    lines = [sentence(problem) for problem in report.problems]
    if report.found > len(report.problems):
        lines.append(_("… and %(count)s more.") % {"count": report.found - len(report.problems)})
    if report.ok:
        lines.append(_("The audit is whole: %(records)s records, %(seals)s seals, %(unsealed)s not yet sealed.") % counts)
    else:
        lines.append(_("The audit was touched: %(records)s records, %(seals)s seals, %(unsealed)s not yet sealed.") % counts)
    return lines


def sentence(problem: Problem) -> str:
    values = {"number": problem.number, "to": problem.to_number, "id": problem.record_id, "seal": problem.seal}
    if problem.problem is Trouble.REMOVED and problem.to_number not in {None, problem.number}:
        return _("Records %(number)s to %(to)s were removed.") % values
    if problem.problem is Trouble.PUT_IN and problem.number is None:
        return _("An unsealed record (row %(id)s) was put in or changed.") % values
    if problem.problem is Trouble.PERSONAL_CHANGED and problem.number is None:
        return _("The personal values of an unsealed record (row %(id)s) were changed.") % values
    if problem.problem is Trouble.HEAD_CHANGED and problem.seal is None:
        return _("The file beside the keys that names the newest seal can't be read.")
    return {
        Trouble.CHANGED: _("Record %(number)s was changed."),
        Trouble.REMOVED: _("Record %(number)s was removed."),
        Trouble.PUT_IN: _("Record %(number)s was put in."),
        Trouble.PERSONAL_CHANGED: _("The personal values of record %(number)s were changed."),
        Trouble.SEAL_CHANGED: _("Seal %(seal)s was changed."),
        Trouble.SEAL_REMOVED: _("Seal %(seal)s was removed."),
        Trouble.SEAL_PUT_IN: _("Seal %(seal)s was put in."),
        Trouble.CHAIN_BROKEN: _("Seal %(seal)s does not follow the one before it."),
        Trouble.HEAD_MISSING: _("The file beside the keys that names the newest seal is missing."),
        Trouble.HEAD_CHANGED: _("Seal %(seal)s is not the one that the file beside the keys names."),
    }[problem.problem] % values


def _as_json(report: Report) -> dict[str, Any]:
    return {
        "records": report.records,
        "seals": report.seals,
        "unsealed": report.unsealed,
        "problems": [problem.as_json() for problem in report.problems],
        "found": report.found,
        "ok": report.ok,
        "public_key": public_key_pem(),
    }
