"""Opens the evidence of a counted university: the case and its decision, and the programme it began with."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from denggao.engines.cases.states import State
from denggao.engines.ledger.evidence import EvidenceStep
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Actor
from denggao.foundation.ui.templatetags.dg import number
from denggao.systems.university.founding.counting import FoundedUniversity, evidence_hash
from denggao.systems.university.founding.queries import approval_of
from denggao.systems.university.models import Course, Programme, School, University


def open_founding(entry: Entry, actor: Actor) -> list[EvidenceStep]:
    """University → decision → programme; bodies are named, no person is. A step is broken where the facts no longer say what was
    counted."""
    university = (
        University.objects.select_related("case", "organisation", "plan", "programme__school", "programme__industry")
        .filter(public_id=entry.evidence_id)
        .first()
    )
    if university is None:
        return [EvidenceStep("university", _("Industry online university"), state="broken")]
    claim = FoundedUniversity().claims(entry.goal, [university.organisation_id]).get(university.organisation_id)
    holds = claim is not None and claim.evidence_hash == entry.evidence_hash == evidence_hash(university)
    return [_university_step(university, actor, holds=holds), _decision_step(university, actor), _programme_step(university)]


def _university_step(university: University, actor: Actor, *, holds: bool) -> EvidenceStep:
    lines = [
        (_("University"), university.name),
        (_("Leading body"), university.organisation.name),
        (_("Day of opening"), university.opened_on.isoformat()),
        (_("Founded on"), university.founded_on.isoformat()),
        (_("State"), str(university.get_state_display())),
    ]
    if university.ended_on is not None:
        lines.append((_("Ended on"), university.ended_on.isoformat()))
    url = f"/university/founding/{university.public_id}/" if actor.is_office else ""
    return EvidenceStep("university", _("Industry online university"), lines, "proven" if holds else "broken", url)


def _decision_step(university: University, actor: Actor) -> EvidenceStep:
    case, title = university.case, _("Case and decision")
    decision = approval_of(case)
    url = case.link if actor.is_office else ""
    if decision is None:
        return EvidenceStep("decision", title, [(_("Application"), case.number or "")], "broken", url)
    decided = case.snapshots.filter(number=decision.snapshot).first()
    lines = [
        (_("Application"), case.number or ""),
        (_("Decided at"), localtime(decision.at).strftime("%Y-%m-%d %H:%M")),
        (_("Decision"), _("approved")),
        (_("Application decided on (SHA-256)"), decided.content_hash if decided else _("missing or changed")),
    ]
    whole = decided is not None and case.state == State.AWARDED
    return EvidenceStep("decision", title, lines, "proven" if whole else "broken", url)


def _programme_step(university: University) -> EvidenceStep:
    programme = university.programme
    courses = programme.places.filter(course__state=Course.State.PUBLISHED).count()
    lines = [
        (_("Programme of study"), programme.title),
        (_("School"), programme.school.name),
        (_("Published on"), programme.published_on.isoformat() if programme.published_on else "—"),
        (_("State"), str(programme.get_state_display())),
        (_("Published courses"), number(courses)),
    ]
    whole = programme.published_on is not None and programme.published_on <= university.founded_on
    shown = programme.state == Programme.State.PUBLISHED and programme.school.state == School.State.OPEN
    url = f"/courses/programmes/{programme.public_id}/" if shown else ""
    return EvidenceStep("programme", _("First published programme of study"), lines, "proven" if whole else "broken", url)
