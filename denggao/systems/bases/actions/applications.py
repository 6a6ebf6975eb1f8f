"""From the answers of an application to typed rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from denggao.engines.cases.models import Case
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor, ActorKind
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.queries import identity_index
from denggao.foundation.people.rules import Identity, clean_name, read_identity
from denggao.foundation.standards.queries import OccupationFinder
from denggao.systems.bases.choices import IndustryFinder, occupation_named
from denggao.systems.bases.models import (
    ApplicationCoverage,
    ApplicationEquipment,
    ApplicationPaper,
    ApplicationTeacher,
    BaseApplication,
    PlannedTraining,
)
from denggao.systems.bases.rules import Offered

Answers = Mapping[str, Mapping[str, Any]]
Paper = ApplicationPaper.Kind

# Which field of which section holds the files of a kind of paper, and the field that holds their last day.
PAPER_FIELDS: tuple[tuple[str, str, str, str], ...] = (
    (Paper.LICENCE, "body", "licence", ""),
    (Paper.SITE, "site", "site_papers", "site_right_until"),
    (Paper.FIRE, "safety", "fire", "fire_until"),
    (Paper.HEALTH, "safety", "health", "health_until"),
    (Paper.SAFETY, "safety", "safety", "safety_until"),
    (Paper.FINANCE, "finance", "statement", ""),
)


class AnswersUnreadable(Refused):
    """What was kept no longer reads as it did: a name was taken from the lists meanwhile."""


def day(value: Any) -> dt.date | None:
    """A day as a form or the engine's JSON holds it."""
    if value in (None, ""):
        return None
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def number(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def can_keep(actor: Actor, case: Any) -> bool:
    """Whoever may submit the case: the engine has asked; a visitor never."""
    return actor.kind is not ActorKind.VISITOR


@action("bases.application.keep", requires=can_keep)
def keep_application(case: Case, answers: Answers, *, actor: Actor, now: dt.datetime) -> BaseApplication:
    """Write what was submitted as typed rows, in place of those of an earlier submission.

    Raises AnswersUnreadable where an occupation or industry is no longer known.
    """
    industries, occupations = IndustryFinder(), OccupationFinder()
    body, site, plan, finance = answers["body"], answers["site"], answers["plan"], answers["finance"]
    fields = {
        "plan_id": case.plan_id,
        "organisation_id": case.body_id,
        "snapshot": case.snapshots.count(),
        "kind": body["kind"],
        "industry": industries.by_code[body["industry"]],
        "capability": body["capability"],
        "shares_with": body.get("shares_with") or "",
        "managing_district": body.get("managing_district") or "",
        "contact": body["contact"],
        "name_zh": site["base_name_zh"],
        "name_en": site.get("base_name_en") or "",
        "address": site["address"],
        "longitude": number(site["longitude"]),
        "latitude": number(site["latitude"]),
        "floor_area_m2": number(site["floor_area_m2"]),
        "workstations": int(site["workstations"]),
        "site_right": site["site_right"],
        "site_right_until": day(site.get("site_right_until")),
        "training_plan": plan["training_plan"],
        "invested_yuan": number(finance["invested_yuan"]),
        "yearly_income_yuan": number(finance["yearly_income_yuan"]),
        "yearly_cost_yuan": number(finance["yearly_cost_yuan"]),
        "own_funds_yuan": number(finance["own_funds_yuan"]),
        "submitted_at": now,
    }
    application, _created = BaseApplication.objects.update_or_create(case=case, defaults=fields)
    application.industries.set([industries.by_code[code] for code in body["industries"]])
    for related in (application.coverage, application.equipment, application.teachers, application.planned, application.papers):
        related.all().delete()
    _keep_coverage(application, answers["occupations"]["coverage"], industries, occupations)
    _keep_equipment(application, answers["equipment"]["equipment"])
    _keep_teachers(application, answers["teachers"]["teachers"], industries)
    _keep_planned(application, plan["planned"], occupations)
    _keep_papers(application, answers)
    return application


def _occupation(finder: OccupationFinder, text: str) -> Any:
    occupation, why = occupation_named(finder, text)
    if occupation is None:
        raise AnswersUnreadable(why)
    return occupation


def _keep_coverage(
    application: BaseApplication, rows: Sequence[Mapping[str, Any]], industries: IndustryFinder, occupations: OccupationFinder
) -> None:
    """A row for each level; of two rows that say the same level the larger number counts."""
    kept: dict[tuple[int, str], ApplicationCoverage] = {}
    for row in rows:
        occupation, industry = _occupation(occupations, row["occupation"]), industries.named(row["industry"])
        if industry is None:
            raise AnswersUnreadable(row["industry"])
        for level in str(row["levels"]).split(","):
            known = kept.get((occupation.pk, level))
            if known is None or known.people_a_year < int(row["people_a_year"]):
                kept[occupation.pk, level] = ApplicationCoverage(
                    application=application,
                    occupation=occupation,
                    industry=industry,
                    level=level,
                    people_a_year=int(row["people_a_year"]),
                )
    ApplicationCoverage.objects.bulk_create(kept.values())


def _keep_equipment(application: BaseApplication, rows: Sequence[Mapping[str, Any]]) -> None:
    ApplicationEquipment.objects.bulk_create(
        ApplicationEquipment(
            application=application,
            name=row["name"],
            make=row.get("make") or "",
            quantity=int(row["quantity"]),
            workstations=int(row["workstations"]),
            bought_on=day(row.get("bought_on")),
            value_yuan=number(row["value_yuan"]) if row.get("value_yuan") not in (None, "") else None,
            ownership=row["ownership"],
            room=row.get("room") or "",
        )
        for row in rows
    )


def _keep_teachers(application: BaseApplication, rows: Sequence[Mapping[str, Any]], industries: IndustryFinder) -> None:
    teachers = []
    for row in rows:
        identity = read_identity(row.get("document_kind"), row["document_number"])
        if not isinstance(identity, Identity):
            raise AnswersUnreadable(str(identity.text))
        teachers.append(
            ApplicationTeacher(
                application=application,
                name=clean_name(row["name"]),
                document_kind=identity.kind,
                number=identity.number,
                number_index=identity_index(identity.kind, identity.number),
                phone=row.get("phone") or "",
                kind=row["kind"],
                industry=industries.named(row["industry"]) if row.get("industry") else None,
                qualification=row["qualification"],
                qualification_number=row.get("qualification_number") or "",
                level=row.get("level") or "",
                issued_on=day(row.get("issued_on")),
                expires_on=day(row.get("expires_on")),
            )
        )
    ApplicationTeacher.objects.bulk_create(teachers)


def _keep_planned(application: BaseApplication, rows: Sequence[Mapping[str, Any]], occupations: OccupationFinder) -> None:
    PlannedTraining.objects.bulk_create(
        PlannedTraining(
            application=application,
            year=int(row["year"]),
            programme=row["programme"],
            occupation=_occupation(occupations, row["occupation"]),
            level=row.get("level") or "",
            people=int(row["people"]),
            hours=int(row["hours"]),
        )
        for row in rows
    )


def _keep_papers(application: BaseApplication, answers: Answers) -> None:
    given: dict[str, tuple[str, dt.date | None]] = {}
    for kind, section, field, until in PAPER_FIELDS:
        for public_id in answers[section].get(field) or ():
            given.setdefault(str(public_id), (kind, day(answers[section].get(until)) if until else None))
    for stored in StoredFile.objects.filter(public_id__in=list(given)):
        kind, valid_until = given[str(stored.public_id)]
        ApplicationPaper.objects.create(application=application, kind=kind, file=stored, valid_until=valid_until)


def offered_by(answers: Answers) -> Offered:
    """What the answers say, for ``rules.application_faults``. Occupations by name, industries by code."""
    industries, occupations = IndustryFinder(), OccupationFinder()

    def occupation(text: str) -> str:
        found, _why = occupation_named(occupations, text)
        return found.name if found else text

    def industry(text: str) -> str:
        found = industries.named(text)
        return found.code if found else text

    planned = answers["plan"]["planned"]
    return Offered(
        main_industry=answers["body"]["industry"],
        industries=list(answers["body"]["industries"]),
        coverage=[(occupation(row["occupation"]), industry(row["industry"])) for row in answers["occupations"]["coverage"]],
        planned=[occupation(row["occupation"]) for row in planned],
        years=sorted({int(row["year"]) for row in planned}),
        equipment_workstations=sum(int(row["workstations"]) for row in answers["equipment"]["equipment"]),
        workstations=int(answers["site"]["workstations"]),
    )
