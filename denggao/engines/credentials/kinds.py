"""The two kinds every region issues: the plaque of a training base and the letter of appointment. Registered in
``wiring.py``; a system that issues another registers its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.numbers import rule_of_data
from denggao.engines.credentials.registry import Facts, IssuedKind
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Organisation

PLAQUE = "plaque"
APPOINTMENT = "appointment"


def of_own_body(actor: Actor, thing: Any) -> bool:
    """Whoever keeps a body issues letters of appointment in its name alone: ``thing`` is an order or what was issued, its
    granting bodies named by code or public id."""
    bodies = actor.organisations_as(Role.BASE_MANAGER, Role.HR)
    if not bodies:
        return False
    own: set[str] = set()
    for code, public_id in Organisation.objects.filter(pk__in=bodies).values_list("code", "public_id"):
        own |= {code or "", str(public_id)}
    named = [str(item.get("code", "")) for item in thing.granters]
    return bool(named) and all(code and code in own for code in named)


def plaque_rows(issued: Issued) -> Facts:
    detail = _told(issued, "detail")
    return [(_("Named as"), detail)] if detail else []


def appointment_rows(issued: Issued) -> Facts:
    role = _told(issued, "role")
    return [(_("Appointment"), role)] if role else []


def _told(issued: Issued, name: str) -> str:
    english = str(issued.fact(f"{name}_en")) if (get_language() or "").startswith("en") else ""
    return english or str(issued.fact(f"{name}_zh"))


def plaque_kind() -> IssuedKind:
    return IssuedKind(
        PLAQUE,
        gettext_lazy("Plaque of a training base"),
        template="credentials/plaque",
        number_rule=rule_of_data(PLAQUE),
        rows=plaque_rows,
        drawing="credentials/plaque.html",
    )


def appointment_kind() -> IssuedKind:
    return IssuedKind(
        APPOINTMENT,
        gettext_lazy("Letter of appointment"),
        template="credentials/appointment",
        number_rule=rule_of_data(APPOINTMENT),
        rows=appointment_rows,
        may_issue=of_own_body,
        may_change=of_own_body,
    )
