"""From a decided case to a university: in the one transaction in which the case takes its last step, with the ledger's entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import StageKind
from denggao.engines.ledger.actions import recount_bodies
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.systems.university.founding import queries
from denggao.systems.university.models import FoundingApplication, Programme, University

Answers = Mapping[str, Mapping[str, Any]]


class NotFounded(Refused):
    """There is nothing that could be founded, or not yet."""


def can_keep(actor: Actor, case: Any) -> bool:
    """Whoever may submit the case: the engine has asked; a visitor never."""
    return actor.kind is not ActorKind.VISITOR


@action("university.founding.keep", requires=can_keep)
def keep_founding(case: Case, answers: Answers, *, actor: Actor, now: dt.datetime) -> FoundingApplication:
    """Write what was submitted as typed rows, in place of those of an earlier submission."""
    said, opening = answers["university"], answers["opening"]
    fields = {
        "plan_id": case.plan_id,
        "snapshot": case.snapshots.count(),
        "name_zh": said["name_zh"],
        "name_en": said.get("name_en") or "",
        "lead": Organisation.objects.get(public_id=said["lead"]),
        "other_partners": said.get("other_partners") or "",
        "statutes": said["statutes"],
        "programme": Programme.objects.get(public_id=opening["programme"]),
        "opened_on": dt.date.fromisoformat(str(opening["opened_on"])),
        "submitted_at": now,
    }
    application, _created = FoundingApplication.objects.update_or_create(case=case, defaults=fields)
    application.implementers.set(Organisation.objects.filter(public_id__in=said["implementers"]))
    application.partners.set(Organisation.objects.filter(public_id__in=said.get("partners") or ()))
    application.papers.set(StoredFile.objects.filter(public_id__in=opening["papers"]))
    return application


def must_be_ready(application: FoundingApplication, *, now: dt.datetime) -> None:
    """Raises NotFounded where the opening lies ahead, or the programme is not in the catalogue (any more)."""
    if application.opened_on > localdate(now):
        raise NotFounded(_("The university opens on %(day)s; it can’t be founded before.") % {"day": application.opened_on})
    if why := queries.fault_of(application.programme, application.plan):
        raise NotFounded(why)


def can_found(actor: Actor, case: Any) -> bool:
    """The engine brings a case here once it is decided."""
    return actor.is_office


@action("university.founding.found", requires=can_found)
def found_university(case: Case, *, actor: Actor, now: dt.datetime) -> University:
    """The university a case was about, founded on the day of the decision, and counted. Called again for the same case it changes
    nothing.

    Raises NotFounded where the case is not at its award, the opening lies ahead, the programme is no longer in the catalogue, or
    the body leads a university under this plan already.
    """
    known = University.objects.filter(case=case).first()
    if known is not None:
        return known
    application, approval = queries.application_of(case), queries.approval_of(case)
    if case.stage_kind != StageKind.AWARD or application is None or approval is None:
        raise NotFounded(_("This application is not decided yet."))
    must_be_ready(application, now=now)
    try:
        with transaction.atomic():
            university = University.objects.create(
                plan=application.plan,
                organisation=application.lead,
                case=case,
                programme=application.programme,
                name_zh=application.name_zh,
                name_en=application.name_en,
                opened_on=application.opened_on,
                founded_on=max(localdate(approval.at), application.opened_on),
                created_at=now,
            )
    except IntegrityError:
        raise NotFounded(_("This body leads a university under this plan already.")) from None
    recount_bodies({university.organisation_id}, actor=actor, now=now)
    return university
