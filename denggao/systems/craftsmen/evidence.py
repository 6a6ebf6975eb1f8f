"""Opens the evidence of a counted craftsman: the naming, how it was judged and shown, the certificate."""

from __future__ import annotations

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from denggao.engines.cases.models import Case, Step, StepKind
from denggao.engines.cases.states import State
from denggao.engines.ledger.evidence import EvidenceStep
from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actors import Actor
from denggao.systems.craftsmen.counting import NamedCraftsmen, evidence_hash
from denggao.systems.craftsmen.models import Craftsman

# What of a case's way belongs to the proof, in its order.
_WAY = (StepKind.CONSENTED, StepKind.PASSED, StepKind.REVIEWED, StepKind.RANKED, StepKind.VOTED, StepKind.NOTICED, StepKind.DECIDED)
_NEEDED = {StepKind.PASSED, StepKind.REVIEWED, StepKind.NOTICED, StepKind.DECIDED}


def open_naming(entry: Entry, actor: Actor) -> list[EvidenceStep]:
    """Naming → the case's way → certificate. A step is broken where the facts no longer say what was counted. The person is shown
    as the ledger shows heads, not here."""
    craftsman = (
        Craftsman.objects.select_related("case", "person", "order", "certificate", "industry", "plan")
        .filter(public_id=entry.evidence_id)
        .first()
    )
    if craftsman is None:
        return [EvidenceStep("naming", _("Naming"), state="broken")]
    claim = NamedCraftsmen().claims(entry.goal, [craftsman.person_id]).get(craftsman.person_id)
    holds = claim is not None and claim.evidence_hash == entry.evidence_hash == evidence_hash(craftsman)
    return [_naming(craftsman, actor, holds=holds), _way(craftsman.case, actor), _certificate(craftsman)]


def _naming(craftsman: Craftsman, actor: Actor, *, holds: bool) -> EvidenceStep:
    lines = [
        (_("Naming order"), craftsman.order.number),
        (_("Document"), craftsman.order.title),
        (_("Named on"), craftsman.named_on.isoformat()),
        (_("Industry"), craftsman.industry.name),
        (_("State"), str(craftsman.get_state_display())),
    ]
    url = f"/craftsmen/{craftsman.public_id}/" if actor.is_office else ""
    return EvidenceStep("naming", _("Naming"), lines, "proven" if holds else "broken", url)


def _way(case: Case, actor: Actor) -> EvidenceStep:
    steps: dict[str, Step] = {step.kind: step for step in case.steps.filter(kind__in=_WAY).order_by("number")}
    lines = [(_("Nomination"), case.number or "")]
    lines += [(str(StepKind(kind).label), localtime(steps[kind].at).strftime("%Y-%m-%d %H:%M")) for kind in _WAY if kind in steps]
    whole = case.state == State.AWARDED and set(steps) >= _NEEDED
    return EvidenceStep(
        "decision", _("Judged, shown and decided"), lines, "proven" if whole else "broken", case.link if actor.is_office else ""
    )


def _certificate(craftsman: Craftsman) -> EvidenceStep:
    certificate = craftsman.certificate
    if certificate is None:
        return EvidenceStep("certificate", _("Certificate"), [], "broken")
    lines = [
        (_("Number"), certificate.number),
        (pgettext("of a certificate", "Granting bodies"), "、".join(str(item["zh"]) for item in certificate.granters)),
        (_("State"), str(certificate.get_status_display())),
    ]
    standing = certificate.status == certificate.Status.VALID
    return EvidenceStep(
        "certificate", _("Certificate"), lines, "proven" if standing else "broken", f"/credentials/{certificate.public_id}/"
    )
