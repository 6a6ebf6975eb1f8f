"""Opens the evidence of a counted base: the case that was decided, the signatures of the authorities, the plaque."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from denggao.engines.agreements.models import Signature, SigningRequest
from denggao.engines.cases.models import SUBJECT_KIND
from denggao.engines.ledger.evidence import EvidenceStep
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Actor
from denggao.systems.bases.counting import AccreditedBases, evidence_hash
from denggao.systems.bases.models import Base


def open_accreditation(entry: Entry, actor: Actor) -> list[EvidenceStep]:
    """Base → signatures → plaque; bodies are named, no person is. A step is broken where the facts no longer say what was
    counted."""
    base = (
        Base.objects.select_related("case", "organisation", "plaque", "industry", "plan")
        .filter(public_id=entry.evidence_id)
        .first()
    )
    if base is None:
        return [EvidenceStep("base", _("Training base"), state="broken")]
    claim = AccreditedBases().claims(entry.goal, [base.organisation_id]).get(base.organisation_id)
    holds = claim is not None and claim.evidence_hash == entry.evidence_hash == evidence_hash(base)
    return [_base_step(base, actor, holds=holds), _signature_step(base), _plaque_step(base)]


def _base_step(base: Base, actor: Actor, *, holds: bool) -> EvidenceStep:
    lines = [
        (_("Base"), base.name),
        (_("Body"), base.organisation.name),
        (_("Industry"), base.industry.name),
        (_("Application"), base.case.number or ""),
        (_("Accredited on"), base.accredited_on.isoformat()),
        (_("Term"), f"{base.valid_from} – {base.valid_until}"),
        (_("State"), str(base.get_state_display())),
    ]
    url = f"/bases/{base.public_id}/file/" if actor.is_office else ""
    return EvidenceStep("base", _("Training base"), lines, "proven" if holds else "broken", url)


def _signature_step(base: Base) -> EvidenceStep:
    request = (
        SigningRequest.objects.filter(
            subject_kind=SUBJECT_KIND, subject_id=base.case.public_id, state=SigningRequest.State.COMPLETE
        )
        .order_by("-ended_at")
        .first()
    )
    title = _("Signatures of the authorities")
    if request is None:
        return EvidenceStep("signatures", title, [], "broken")
    signatures = Signature.objects.filter(signer__request=request).order_by("at")
    lines = [(signature.body_name, localtime(signature.at).strftime("%Y-%m-%d %H:%M")) for signature in signatures]
    whole = all(signature.hash_seen == request.content_hash for signature in signatures) and bool(lines)
    lines.append((_("Text signed (SHA-256)"), request.content_hash))
    return EvidenceStep("signatures", title, lines, "proven" if whole else "broken")


def _plaque_step(base: Base) -> EvidenceStep:
    plaque = base.plaque
    if plaque is None:
        return EvidenceStep("plaque", _("Plaque"), [], "broken")
    lines = [
        (_("Number"), plaque.number),
        (_("Granting bodies"), "、".join(str(item["zh"]) for item in plaque.granters)),
        (_("State"), str(plaque.get_status_display())),
    ]
    return EvidenceStep("plaque", _("Plaque"), lines, "proven", f"/credentials/{plaque.public_id}/")
