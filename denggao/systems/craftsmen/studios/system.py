"""What the engine of cases asks about applications for a studio."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Audience, CaseSystem, CheckItem
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.rules import name_key
from denggao.systems.craftsmen.studios import queries, rules
from denggao.systems.craftsmen.studios.actions.evaluating import conclude, span_of
from denggao.systems.craftsmen.studios.actions.founding import keep_application, must_be_ready, name_studio
from denggao.systems.craftsmen.studios.models import StudioApplication
from denggao.systems.craftsmen.studios.numbers import numbers_of

OFFICIAL = "zh-hans"
CHECKS: tuple[tuple[str, Any, Any], ...] = (
    (
        "leader",
        gettext_lazy("Leading craftsman"),
        gettext_lazy("Holds the title, works for this employer, leads no other."),
    ),
    ("place", gettext_lazy("Place and equipment"), gettext_lazy("A room of its own; the pictures show what is told.")),
    ("members", gettext_lazy("Members"), gettext_lazy("Each works for the employer; the roles fit.")),
    ("plan", gettext_lazy("Plan for two years"), gettext_lazy("Projects, learners and targets can be told afterwards.")),
    ("support", gettext_lazy("Support of the employer"), gettext_lazy("Funds and hours, promised in writing.")),
)


def day_of(round_: Round) -> dt.date:
    """Today; of a call that is over its last day: what is asked of it is asked as it was then."""
    return min(localdate(), localdate(round_.closes_at))


class Founding(CaseSystem):
    """The procedure ``studio``: an employer asks that a studio of one of its craftsmen be named."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        if not isinstance(applicant, Organisation) or round_.plan is None:
            return _("A studio is applied for by an employer, under a plan.")
        today = day_of(round_)
        return rules.why_no_body(
            kind=applicant.kind,
            takes_part=queries.takes_part(applicant, round_.plan, today),
            craftsmen=len(queries.free_to_lead(applicant, round_.plan, today)),
            plan=round_.plan.name,
        )

    def offered(self, case: Case, section: str) -> Mapping[str, Sequence[tuple[str, str]]]:
        if section != "studio" or case.body is None or case.plan is None:
            return {}
        free = queries.free_to_lead(case.body, case.plan, localdate())
        return {
            "leader": [
                (one.certificate.number, f"{one.person.name} · {one.certificate.number}")
                for one in free
                if one.certificate is not None
            ]
        }

    def title(self, case: Case) -> str:
        application = queries.application_of(case)
        return application.name_zh if application else case.body.name_zh if case.body else ""

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        application = queries.application_of(case)
        found = {"members": _members_found(application)} if application else {}
        return [CheckItem(code, label, "\n".join(filter(None, [str(help_), found.get(code, "")]))) for code, label, help_ in CHECKS]

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        application = queries.application_of(case)
        return facts_of(application, whole=audience == Audience.OFFICE) if application else ()

    def public_facts(self, case: Case) -> dict[str, str]:
        """In Chinese whoever presses the button. A craftsman's name was made public with the title; here it stays masked."""
        application = queries.application_of(case)
        with translation.override(OFFICIAL):
            return dict(facts_of(application)) if application else {}

    def parties(self, case: Case) -> Parties:
        return queries.parties_of(case)

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        if case.plan is None or case.body is None:
            return [("studio", "", _("A studio is applied for by an employer, under a plan."))]
        today = localdate()
        faults = []
        leader = queries.craftsman_numbered(answers["studio"]["leader"])
        if why := queries.why_not_lead(leader, case.body, case.plan, today):
            faults.append(("studio", "leader", why))
        rows = answers["members"]["members"]
        finder = queries.RosterFinder(case.body, rows, today)
        for number, row in enumerate(rows, start=1):
            if why := _member_fault(finder, row, leader.person.name_key if leader else ""):
                faults.append(("members", "members", _("Row %(row)s: %(fault)s") % {"row": number, "fault": why}))
        return faults

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        keep_application(case, answers, actor=actor, now=now)

    def deciding(self, case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
        if approve:
            must_be_ready(case, now=now)

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        name_studio(case, actor=actor, now=now)

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """Nothing of a studio exists before the award: nothing is to be undone."""


def _member_fault(finder: queries.RosterFinder, row: Mapping[str, Any], leader: str) -> str:
    if finder.is_several(row):
        return _("the roster has several people of this name. Give the number of the document.")
    if row.get("document_number") and finder.person(row) is None:
        return _("the roster has nobody with this document number today.")
    if leader and name_key(row["name"]) == leader and not row.get("document_number"):
        return _("this is the leader, who is a member without being listed. Leave the row out.")
    return ""


def _members_found(application: StudioApplication) -> str:
    every = list(application.members.values_list("person_id", flat=True))
    known = sum(person is not None for person in every)
    return ngettext(
        "%(count)s person is named; %(known)s found in the employer’s roster.",
        "%(count)s people are named; %(known)s found in the employer’s roster.",
        len(every),
    ) % {"count": len(every), "known": known}


def facts_of(application: StudioApplication, *, whole: bool = False) -> list[tuple[str, str]]:
    """Label and value. ``whole``: with the leader's whole name, for the office."""
    person = application.leader.person
    return [
        (_("Studio"), application.name),
        (_("Employer"), application.organisation.name),
        (_("Leading craftsman"), person.name if whole else person.masked_name),
        (_("Industry"), application.leader.industry.name),
        (_("Place"), application.place),
    ]


class Evaluating(CaseSystem):
    """The procedure ``studio_evaluation``: a studio tells what it did, and is judged."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        return _("An evaluation is begun on the studio’s own page.")

    def title(self, case: Case) -> str:
        studio = queries.studio_about(case)
        return studio.name_zh if studio else case.applicant_name

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        return [
            CheckItem("report", _("Report"), _("Says what was done, with the targets of the two years.")),
            CheckItem("facts", _("What the platform knows"), _("Results are confirmed; the report agrees with them.")),
        ]

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        """With what the platform itself knows of the span, for whoever reads the case: counts, no person."""
        studio = queries.studio_about(case)
        if studio is None:
            return ()
        span = span_of(studio, localdate(case.submitted_at) if case.submitted_at else localdate())
        return [
            (_("Studio"), studio.name),
            (_("Employer"), studio.organisation.name),
            (pgettext("of a studio", "Span"), f"{span.first} – {span.last}"),
            *((one.label, one.shown) for one in numbers_of(studio, span)),
        ]

    def public_facts(self, case: Case) -> dict[str, str]:
        studio = queries.studio_about(case)
        with translation.override(OFFICIAL):
            return {_("Studio"): studio.name_zh, _("Employer"): studio.organisation.name_zh} if studio else {}

    def parties(self, case: Case) -> Parties:
        return queries.parties_of(case)

    def deciding(self, case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
        studio = queries.studio_about(case)
        if approve and (studio is None or not studio.is_in_force):
            raise Refused(_("The studio was un-named meanwhile. Reject the evaluation, or let it be withdrawn."))

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        conclude(case, actor=actor, now=now)

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        """The snapshot keeps them; a report has no rows of its own."""

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """The studio stays as it is: nothing is to be undone."""
