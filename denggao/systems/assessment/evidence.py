"""Opens the evidence of a counted raise: the certificate, the employment on its day, the sheet rows both came from."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from denggao.engines.credentials.models import Credential
from denggao.engines.ledger.evidence import EvidenceStep
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Employment, EmploymentStatement
from denggao.foundation.people.masks import mask_certificate
from denggao.foundation.plans.models import Goal
from denggao.foundation.sheets.models import ImportRow
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.ui.words import actor_name
from denggao.systems.assessment.counting import FirstRaise
from denggao.systems.assessment.models import LevelCertificate


def open_raise(entry: Entry, actor: Actor) -> list[EvidenceStep]:
    """Certificate → employment on that day → sheet rows. A step is broken where the facts no longer say what was counted."""
    certificate = (
        LevelCertificate.objects.select_related("credential__holder", "occupation")
        .filter(credential__public_id=entry.evidence_id)
        .first()
    )
    if certificate is None:
        return [EvidenceStep(kind="certificate", title=_("Certificate"), state="broken")]
    goal = Goal.objects.select_related("plan").get(pk=entry.goal_id)
    claim = FirstRaise().claims(goal, [entry.person_id]).get(entry.person_id) if entry.person_id else None
    holds = claim is not None and claim.evidence_hash == entry.evidence_hash
    employment = Employment.objects.select_related("employer__industry").filter(public_id=entry.facts.get("employment")).first()
    steps = [_certificate_step(certificate, entry, holds), _employment_step(employment, entry, holds)]
    return [*steps, _sheet_step(certificate, employment, entry)]


def _certificate_step(certificate: LevelCertificate, entry: Entry, holds: bool) -> EvidenceStep:
    credential = certificate.credential
    raised = BY_CODE[certificate.level].name
    if entry.level_before:
        raised = f"{BY_CODE[entry.level_before].name} → {raised}"
    lines = [
        (_("Number"), mask_certificate(credential.number)),
        (_("Level"), raised),
        (_("Occupation"), certificate.occupation.name if certificate.occupation else certificate.occupation_text),
        (_("Issued on"), credential.issued_on.isoformat()),
        (_("Evaluation body"), credential.evaluator_text or "—"),
        (_("Proof"), str(credential.get_proof_display())),
    ]
    if credential.confirmed_on:
        lines.append((_("Register query"), f"{credential.confirmed_on.isoformat()} · {credential.confirmed_name}"))
    state = "proven" if holds and credential.status == Credential.Status.VALID else "broken"
    return EvidenceStep("certificate", _("Certificate"), lines, state, url=f"/certificates/{credential.public_id}/")


def _employment_step(employment: Employment | None, entry: Entry, holds: bool) -> EvidenceStep:
    title = _("In front-line work on that day")
    if employment is None:
        return EvidenceStep("employment", title, [], "broken")
    started = (
        employment.hired_on.isoformat()
        if employment.hired_on
        else _("listed from %(day)s") % {"day": employment.known_from.isoformat()}
    )
    lines = [
        (_("Employer"), employment.employer.name),
        (_("Industry"), employment.employer.industry.name if employment.employer.industry else _("other")),
        (_("Hired on"), started),
        (_("Left on"), employment.left_on.isoformat() if employment.left_on else _("not left")),
        (_("On that day"), entry.happened_on.isoformat()),
    ]
    return EvidenceStep("employment", title, lines, "proven" if holds else "broken")


def _sheet_step(certificate: LevelCertificate, employment: Employment | None, entry: Entry) -> EvidenceStep:
    statement = (
        EmploymentStatement.objects.filter(employment=employment).exclude(source="").order_by("as_of").first()
        if employment
        else None
    )
    sources = {"certificate": certificate.credential.source, "roster": statement.source if statement else ""}
    rows = {
        str(row.public_id): row
        for row in ImportRow.objects.select_related("sheet_import").filter(
            public_id__in=[source for source in sources.values() if source]
        )
    }
    titles = {"certificate": _("Register of certificates"), "roster": _("Roster")}
    lines = []
    for kind, source in sources.items():
        row = rows.get(source)
        if row is None:
            lines.append((titles[kind], _("entered by form")))
            continue
        done = row.sheet_import
        when = localtime(done.applied_at).strftime("%Y-%m-%d %H:%M") if done.applied_at else "—"
        place = (
            _("row %(row)d") % {"row": row.number}
            if not row.sheet
            else _("sheet “%(sheet)s”, row %(row)d") % {"sheet": row.sheet, "row": row.number}
        )
        lines.append((titles[kind], f"{done.file_name} · {place}"))
        lines.append((_("Imported"), f"{when} · {actor_name(done.created_by, done.created_by_text)}"))
    return EvidenceStep("sheet", _("Sheet and row"), lines, "proven")
