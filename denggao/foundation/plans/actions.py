"""Every write on plans and on who takes part in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations import hooks as organisation_hooks
from denggao.foundation.organisations.hooks import Span
from denggao.foundation.organisations.models import Employment, Organisation, OrganisationAlias
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.plans import hooks, policies
from denggao.foundation.plans.models import Goal, GoalTarget, Part, Participation, Plan, PlanIndustry
from denggao.foundation.plans.planfile import BodyLine, GoalLine, PartLine, PlanFile, flat, read_plan_file
from denggao.foundation.plans.queries import said_by
from denggao.foundation.plans.registry import known_rules
from denggao.foundation.standards.models import Industry


class PlanRefused(Refused):
    """The plan can't be changed so."""


class ParticipationRefused(Refused):
    """The employer can't take part so."""


@dataclass(frozen=True)
class PlanLoad:
    """What came of loading: ``outcome`` is created, updated or unchanged; ``changes`` maps a path in the file to what the
    plan said before and says now."""

    plan: Plan
    outcome: str
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@action("plans.load", requires=policies.can_load_plan, batch=True)
def load_plan(*, content: bytes, actor: Actor, now: dt.datetime, is_demo: bool = False) -> PlanLoad:
    """Load a plan from its file, or bring it up to date; loading the same file again changes nothing.

    Raises PlanFileRefused with every fault of the file, and PlanRefused where a goal that already counts would go.
    """
    file = read_plan_file(content, rules={name: words.parameters for name, words in known_rules().items()})
    plan = Plan.objects.filter(code=file.code).first()
    before = dict(flat(said_by(plan))) if plan else {}
    changes = _differences(before, dict(flat(file)))
    if plan and not changes:
        if plan.source_hash != file.sha256:
            plan.source_hash = file.sha256
            plan.save(update_fields=["source_hash"])
        return PlanLoad(plan, "unchanged")
    known = snapshot(plan) if plan else None
    plan = _write_plan(plan or Plan(code=file.code, is_demo=is_demo), file, now=now)
    _write_industries(plan, file)
    bodies = {line.code: _body_of(line, is_demo=is_demo, now=now) for line in file.bodies}
    goals = _write_goals(plan, file.goals)
    Part.objects.filter(plan=plan).delete()
    Part.objects.bulk_create(_parts_of(plan, file, goals, bodies))
    told = {path: {"from": old, "to": new} for path, (old, new) in changes.items()}
    note([Line.about("plans.load", plan, before=known, after={**snapshot(plan), "changes": told})])
    hooks.plan_changed(plan, actor=actor, now=now)
    return PlanLoad(plan, "updated" if known else "created", changes)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    paths = [*after, *(path for path in before if path not in after)]
    return {path: (before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)}


def _write_plan(plan: Plan, file: PlanFile, *, now: dt.datetime) -> Plan:
    plan.name_zh, plan.name_en = file.name.zh, file.name.en
    plan.short_name_zh, plan.short_name_en = file.short.zh, file.short.en
    plan.region_zh, plan.region_en = file.region.zh, file.region.en
    plan.first_year, plan.last_year = file.first_year, file.last_year
    plan.facts = [dict(fact) for fact in file.facts]
    plan.source_hash, plan.loaded_at = file.sha256, now
    plan.save()
    return plan


def _write_industries(plan: Plan, file: PlanFile) -> None:
    PlanIndustry.objects.filter(plan=plan).delete()
    for position, line in enumerate(file.industries):
        industry, _made = Industry.objects.update_or_create(
            code=line.code,
            defaults={"name_zh": line.name.zh, "name_en": line.name.en},
            create_defaults={
                "name_zh": line.name.zh,
                "name_en": line.name.en,
                "position": position,
            },
        )
        PlanIndustry.objects.create(plan=plan, industry=industry, position=position)


def _body_of(line: BodyLine, *, is_demo: bool, now: dt.datetime) -> Organisation:
    """The body a plan names: known by its code, else by one of its names; made where it is not known."""
    keys = [body_key(name) for name in (line.name.zh, *line.aliases)]
    body = (
        Organisation.objects.filter(code=line.code).first()
        or Organisation.objects.filter(code__isnull=True, name_key=keys[0]).order_by("id").first()
        or Organisation.objects.filter(code__isnull=True, aliases__name_key__in=keys).order_by("id").first()
    )
    before = snapshot(body) if body else None
    body = body or Organisation(kind=line.kind, is_demo=is_demo, created_at=now)
    body.code, body.name_zh, body.name_key, body.kind = line.code, line.name.zh, keys[0], line.kind
    body.name_en = line.name.en or body.name_en
    if line.industry:
        body.industry = Industry.objects.get(code=line.industry)
    after = snapshot(body)
    body.save()
    if before != after:
        note([Line.about("plans.load", body, before=before, after=after)])
    taken = set(OrganisationAlias.objects.filter(name_key__in=keys).values_list("name_key", flat=True))
    OrganisationAlias.objects.bulk_create(
        OrganisationAlias(organisation=body, name=name, name_key=body_key(name))
        for name in dict.fromkeys(line.aliases)
        if body_key(name) not in taken
    )
    return body


def _write_goals(plan: Plan, lines: Iterable[GoalLine]) -> dict[str, Goal]:
    known = {goal.code: goal for goal in plan.goals.all()}
    written: dict[str, Goal] = {}
    for position, line in enumerate(lines, start=1):
        goal = known.pop(line.code, None) or Goal(plan=plan, code=line.code)
        goal.position, goal.unit, goal.target = position, line.unit, line.target
        goal.name_zh, goal.name_en = line.name.zh, line.name.en
        goal.short_name_zh, goal.short_name_en = line.short.zh, line.short.en
        goal.counting_rule, goal.parameters, goal.lowest_proof = line.rule, line.parameters, line.lowest_proof
        goal.facts = [dict(fact) for fact in line.facts]
        goal.save()
        goal.yearly_targets.all().delete()
        GoalTarget.objects.bulk_create(GoalTarget(goal=goal, year=year, target=target) for year, target in line.yearly.items())
        written[line.code] = goal
    for goal in known.values():
        try:
            goal.delete()
        except ProtectedError:
            raise PlanRefused(
                _("goals: “%(code)s” is no longer in the file, but heads count towards it. Put it back.") % {"code": goal.code}
            ) from None
    return written


def _parts_of(plan: Plan, file: PlanFile, goals: Mapping[str, Goal], bodies: Mapping[str, Organisation]) -> list[Part]:
    def parts(goal: Goal | None, lines: Iterable[PartLine]) -> list[Part]:
        return [
            Part(
                plan=plan,
                goal=goal,
                role=line.role,
                organisation=bodies[line.body] if line.body else None,
                class_zh=line.class_zh,
                position=position,
            )
            for position, line in enumerate(lines)
        ]

    return [*parts(None, file.parts), *(part for line in file.goals for part in parts(goals[line.code], line.parts))]


# Who takes part


@action("plans.participation.add", requires=policies.can_keep_participations)
def add_participation(
    organisation: Organisation,
    *,
    plan: Plan,
    from_on: dt.date | None,
    to_on: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> Participation:
    """An employer takes part in a plan, for its whole span unless dated (both days included). Its staff counts at once.
    Raises ParticipationRefused for a body that is no employer, one that takes part already, or dates in the wrong order."""
    if organisation.kind != Organisation.Kind.EMPLOYER:
        raise ParticipationRefused(_("Employer: %(name)s is not an employer.") % {"name": organisation.name})
    if Participation.objects.filter(plan=plan, organisation=organisation).exists():
        raise ParticipationRefused(_("Employer: %(name)s takes part in this plan already.") % {"name": organisation.name})
    _check_dates(from_on, to_on)
    joined = Participation.objects.create(plan=plan, organisation=organisation, from_on=from_on, to_on=to_on)
    _tell(organisation.pk, actor=actor, now=now)
    return joined


@action("plans.participation.change", requires=policies.can_keep_participations)
def change_participation(
    participation: Participation, *, from_on: dt.date | None, to_on: dt.date | None, actor: Actor, now: dt.datetime
) -> Participation:
    """Set or clear the days from and to which an employer takes part. Raises ParticipationRefused."""
    _check_dates(from_on, to_on)
    participation.from_on, participation.to_on = from_on, to_on
    participation.save(update_fields=["from_on", "to_on"])
    _tell(participation.organisation_id, actor=actor, now=now)
    return participation


@action("plans.participation.remove", requires=policies.can_keep_participations, batch=True)
def remove_participation(participation: Participation, *, actor: Actor, now: dt.datetime) -> None:
    """An employer never took part: what counted by it no longer does. (One that left has a last day instead.)"""
    note([Line.about("plans.participation.remove", participation, before=snapshot(participation))])
    organisation_id = participation.organisation_id
    participation.delete()
    _tell(organisation_id, actor=actor, now=now)


@action("plans.participation.set", requires=policies.can_keep_participations, batch=True)
def set_participations(plan: Plan, spans: Mapping[int, Span], *, actor: Actor, now: dt.datetime) -> None:
    """Let employers (organisation ids) take part from and to these days; those that do already get these days."""
    for from_on, to_on in spans.values():
        _check_dates(from_on, to_on)
    known = {
        item.organisation_id: item for item in plan.participations.select_related("organisation").filter(organisation_id__in=spans)
    }
    bodies = Organisation.objects.in_bulk([pk for pk in spans if pk not in known])
    fresh = [Participation(plan=plan, organisation=bodies[pk], from_on=spans[pk][0], to_on=spans[pk][1]) for pk in bodies]
    Participation.objects.bulk_create(fresh)
    note(Line.about("plans.participation.add", item, after=snapshot(item)) for item in fresh)
    moved = [item for pk, item in known.items() if (item.from_on, item.to_on) != spans[pk]]
    for item in moved:
        before = snapshot(item)
        item.from_on, item.to_on = spans[item.organisation_id]
        note([Line.about("plans.participation.change", item, before=before, after=snapshot(item))])
    Participation.objects.bulk_update(moved, ["from_on", "to_on"])
    _tell(*bodies, *(item.organisation_id for item in moved), actor=actor, now=now)


class PlanJoining:
    """How the employers' sheet lets employers take part in a plan (``organisations.hooks.Joining``)."""

    def find(self, code: str) -> Plan:
        plan = Plan.objects.filter(code=code).first()
        if plan is None:
            known = ", ".join(Plan.objects.order_by("code").values_list("code", flat=True)) or _("none")
            raise PlanRefused(_("There is no plan “%(code)s”; loaded plans: %(known)s.") % {"code": code, "known": known})
        return plan

    def spans(self, target: Plan, organisation_ids: Collection[int]) -> dict[int, Span]:
        found = target.participations.filter(organisation_id__in=organisation_ids)
        return {body: (from_on, to_on) for body, from_on, to_on in found.values_list("organisation_id", "from_on", "to_on")}

    def join(self, target: Plan, spans: Mapping[int, Span], *, actor: Actor, now: dt.datetime) -> None:
        set_participations(target, spans, actor=actor, now=now)

    def choices(self) -> list[tuple[str, str]]:
        return [(plan.code, plan.short_name) for plan in Plan.objects.order_by("-first_year", "code")]

    def members(self, code: str) -> QuerySet[Participation, int]:
        return Participation.objects.filter(plan__code=code).values_list("organisation_id", flat=True)

    def texts(self, organisation_ids: Collection[int]) -> dict[int, list[tuple[str, Span]]]:
        found: dict[int, list[tuple[str, Span]]] = {}
        for item in Participation.objects.filter(organisation_id__in=organisation_ids).select_related("plan").order_by("plan_id"):
            found.setdefault(item.organisation_id, []).append((item.plan.short_name, (item.from_on, item.to_on)))
        return found


def _check_dates(from_on: dt.date | None, to_on: dt.date | None) -> None:
    if from_on and to_on and to_on < from_on:
        raise ParticipationRefused(_("Last day: it must not lie before the first day."))


def _tell(*organisations: int, actor: Actor, now: dt.datetime) -> None:
    """Everyone who ever worked there may count otherwise."""
    people = set(Employment.objects.filter(employer_id__in=organisations).values_list("person_id", flat=True))
    if people:
        organisation_hooks.heads_changed(people, actor=actor, now=now)
