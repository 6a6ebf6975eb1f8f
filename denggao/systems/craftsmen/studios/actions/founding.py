"""From an application to a studio: answers as typed rows, the order it rests on, and the naming in the one transaction in which the
case takes its last step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import StageKind
from denggao.engines.credentials.actions.issued import IssueOrder, issue_credential
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.files.models import StoredFile
from denggao.foundation.standards.queries import rule_value
from denggao.systems.craftsmen.actions.naming import granters_of
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios import policies, queries, rules
from denggao.systems.craftsmen.studios.kinds import PLAQUE, SUBJECT, TITLE_EN, TITLE_ZH
from denggao.systems.craftsmen.studios.models import (
    ApplicationMember,
    Studio,
    StudioApplication,
    StudioMember,
    StudioOrder,
)
from denggao.systems.craftsmen.studios.telling import tell_asked_member, tell_named

Answers = Mapping[str, Mapping[str, Any]]


class NotNamed(Refused):
    """There is nothing that could be named, or not yet."""


class OrderRefused(Refused):
    """This document can't be recorded."""


@dataclass(frozen=True)
class Document:
    """A naming document as it is recorded: number and title as printed, its date, its scan."""

    number: str
    title: str
    issued_on: dt.date
    file: StoredFile | None = None


@action("studios.order.record", requires=policies.can_record_order)
def record_order(round_: Round, document: Document, *, actor: Actor, now: dt.datetime) -> StudioOrder:
    """Keep the document by which studios of a call are named. Raises OrderRefused for another procedure's call, a day that lies
    ahead, and a number that is known."""
    number, title = " ".join(document.number.split()), " ".join(document.title.split())
    if round_.procedure != queries.STUDIO:
        raise OrderRefused(_("Call: choose one for craftsman studios."))
    if not number or not title:
        raise OrderRefused(_("Number and title: write them as printed."))
    if document.issued_on > localdate(now):
        raise OrderRefused(_("Date: this day lies ahead. Record the document once it is issued."))
    try:
        with transaction.atomic():
            return StudioOrder.objects.create(
                round=round_,
                number=number[:60],
                title=title[:200],
                issued_on=document.issued_on,
                file=document.file,
                recorded_by=actor.id,
                recorded_by_text=actor.text[:120],
                recorded_at=now,
            )
    except IntegrityError:
        raise OrderRefused(_("Number: a document %(number)s is recorded already.") % {"number": number}) from None


def can_keep_answers(actor: Actor, case: Any) -> bool:
    """Whoever may submit the case: the engine has asked; a visitor never."""
    return actor.kind is not ActorKind.VISITOR


@action("studios.application.keep", requires=can_keep_answers)
def keep_application(case: Case, answers: Answers, *, actor: Actor, now: dt.datetime) -> StudioApplication:
    """Write what was submitted as typed rows, in place of those of an earlier submission. Raises NotNamed where the leader's number
    names no craftsman any more."""
    said, plan, support = answers["studio"], answers["plan"], answers["support"]
    leader = queries.craftsman_numbered(said["leader"])
    if leader is None or case.body is None:
        raise NotNamed(_("Leading craftsman: this number is no certificate of a craftsman."))
    fields = {
        "plan_id": case.plan_id,
        "organisation_id": case.body_id,
        "snapshot": case.snapshots.count(),
        "name_zh": said["name_zh"],
        "name_en": said.get("name_en") or "",
        "leader": leader,
        "place": said["place"],
        "floor_area_m2": Decimal(str(said["floor_area_m2"])),
        "equipment": said.get("equipment") or "",
        "purpose": said["purpose"],
        "planned_projects": plan["planned_projects"],
        "planned_learners": int(plan["planned_learners"]),
        "targets": plan["targets"],
        "funds_yuan": Decimal(str(support["funds_yuan"])),
        "hours_a_week": int(support["hours_a_week"]),
        "submitted_at": now,
    }
    application, _created = StudioApplication.objects.update_or_create(case=case, defaults=fields)
    application.members.all().delete()
    rows = answers["members"]["members"]
    finder = queries.RosterFinder(case.body, rows, localdate(now))
    ApplicationMember.objects.bulk_create(
        ApplicationMember(
            application=application,
            person=(person := finder.person(row)),
            name=row["name"],
            post=finder.post(person),
            occupation=row.get("occupation") or "",
            level=row.get("level") or "",
            role=row["role"],
        )
        for row in rows
    )
    return application


def must_be_ready(case: Case, *, now: dt.datetime) -> None:
    """Raises NotNamed where no document of the call is recorded, or the leader may not lead (any more)."""
    application = queries.application_of(case)
    if application is None:
        raise NotNamed(_("This application is not submitted yet."))
    order = queries.newest_order(case)
    if order is None:
        raise NotNamed(_("No naming document of this call is recorded. Record its number, date and scan first."))
    leader = application.leader
    if why := queries.why_not_lead(leader, application.organisation, application.plan, localdate(now)):
        raise NotNamed(why)


def can_name(actor: Actor, case: Any) -> bool:
    """The engine brings a case here once it is decided."""
    return actor.is_office


@action("studios.studio.name", requires=can_name)
def name_studio(case: Case, *, actor: Actor, now: dt.datetime) -> Studio:
    """The studio a case was about, named on the day of its document or of the decision, whichever is later, with its plaque, its
    leader, and everybody known by the roster asked to join. Called again for the same case it changes nothing.

    Raises NotNamed where the case is not at its award, no document is recorded, or the leader may not lead it.
    """
    known = Studio.objects.filter(case=case).first()
    if known is not None:
        return known
    approval, order = queries.approval_of(case), queries.newest_order(case)
    application = queries.application_of(case)
    if case.stage_kind != StageKind.AWARD or application is None or approval is None or order is None:
        raise NotNamed(_("This application is not decided yet, or its naming document is not recorded."))
    # Whoever takes the title away takes the craftsman's row first as well: one of both comes wholly before the other.
    Craftsman.objects.filter(pk=application.leader_id).update(state=F("state"))
    application.leader.refresh_from_db(fields=["state"])
    must_be_ready(case, now=now)
    try:
        with transaction.atomic():
            studio = _studio_of(application, order, max(localdate(approval.at), order.issued_on), now)
    except IntegrityError:
        raise NotNamed(_("This craftsman leads a studio in force already; nobody leads two.")) from None
    studio.plaque = issue_credential(_plaque_of(studio), actor=actor, now=now)
    studio.save(update_fields=["plaque"])
    _ask_members(application, studio, now)
    tell_named(studio, now=now)
    return studio


def _studio_of(application: StudioApplication, order: StudioOrder, day: dt.date, now: dt.datetime) -> Studio:
    studio = Studio.objects.create(
        plan=application.plan,
        organisation=application.organisation,
        leader=application.leader,
        case=application.case,
        order=order,
        industry=application.leader.industry,
        name_zh=application.name_zh,
        name_en=application.name_en,
        place=application.place,
        floor_area_m2=application.floor_area_m2,
        equipment=application.equipment,
        purpose=application.purpose,
        funds_yuan=application.funds_yuan,
        hours_a_week=application.hours_a_week,
        named_on=day,
        evaluation_due_on=rules.months_later(day, int(rule_value(rules.EVALUATION_MONTHS, day))),
        created_at=now,
    )
    # The leader agreed to lead it with the title itself; the naming is public.
    StudioMember.objects.create(
        studio=studio,
        person=application.leader.person,
        role=StudioMember.Role.LEADER,
        from_on=day,
        confirmed_at=now,
        is_public=True,
        created_at=now,
    )
    return studio


def _ask_members(application: StudioApplication, studio: Studio, now: dt.datetime) -> None:
    asked: set[int] = {application.leader.person_id}
    for row in application.members.select_related("person__account"):
        if row.person is None or row.person_id in asked:
            continue
        asked.add(row.person.pk)
        member = StudioMember.objects.create(
            studio=studio, person=row.person, role=row.role, post=row.post, from_on=studio.named_on, created_at=now
        )
        note([Line.about("studios.member.ask", member, after=snapshot(member))])
        tell_asked_member(member, now=now)


def _plaque_of(studio: Studio) -> IssueOrder:
    return IssueOrder(
        kind=PLAQUE,
        title_zh=TITLE_ZH,
        title_en=TITLE_EN,
        granters=granters_of(studio.plan),
        valid_from=studio.named_on,
        issued_on=studio.named_on,
        subject_kind=SUBJECT,
        subject_id=studio.public_id,
        holder_organisation=studio.organisation,
        plan=studio.plan,
        facts={
            "place_zh": studio.plan.region_zh,
            "place_en": studio.plan.region_en,
            "detail_zh": f"{studio.name_zh} · {studio.industry.name_zh}",
            "detail_en": " · ".join(filter(None, [studio.name_en, studio.industry.name_en])),
            "order": studio.order.number,
        },
    )
