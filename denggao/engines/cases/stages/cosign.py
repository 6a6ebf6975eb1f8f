"""Co-signing: the bodies the system names sign one text, in any order, by ``engines/agreements``."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence

from django.db.models import F
from django.utils.translation import gettext as _

from denggao.engines.agreements.actions import ask_signatures, void_request
from denggao.engines.agreements.models import Signer, SigningRequest
from denggao.engines.agreements.policies import spoken_for_by
from denggao.engines.agreements.queries import signatories_owing
from denggao.engines.agreements.registry import Described, SigningSubject
from denggao.engines.cases import policies, procedures
from denggao.engines.cases.actions.following import go_on, signing_refused
from denggao.engines.cases.models import SUBJECT_KIND, Case, CheckResult, Step, StepKind
from denggao.engines.cases.procedures import Stage, StageKind
from denggao.engines.cases.stages import PRODUCT, Progress, case_of, options_of, title_en
from denggao.engines.cases.states import Act, can
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, Role

_OFFICE_STEPS = [StepKind.PASSED, StepKind.DECIDED, StepKind.RETURNED, StepKind.RANKED]


class Cosigning:
    """What ``agreements`` does for a case."""

    def hold(self, case: Case) -> None:
        """``agreements`` takes the case's row first."""

    def enter(self, case: Case, stage: Stage, *, actor: Actor, now: dt.datetime) -> None:
        system = case.declared.system
        ask_signatures(
            SUBJECT_KIND,
            case.public_id,
            title_zh=f"{case.number} {case.title}"[:160],
            title_en=title_en(case),
            content=system.signing_content(case),
            signers=system.signers(case),
            due_on=case.due_on,
            link=case.link,
            role=options_of(case, stage).get("role", Role.AUTHORITY),
            actor=PRODUCT,
            now=now,
        )

    def leave(self, case: Case, stage: Stage, *, reason: str, actor: Actor, now: dt.datetime) -> None:
        request = SigningRequest.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id, state="open").first()
        if request is not None:
            void_request(request, reason=reason[:500], actor=PRODUCT, now=now)

    def waited_for(self, case: Case, *, now: dt.datetime) -> list[tuple[User, str]]:
        """Who may sign for the bodies that have not."""
        open_ones = SigningRequest.objects.filter(subject_kind=SUBJECT_KIND, subject_id=case.public_id, state="open")
        return [(account, f"/signatures/{each.public_id}/") for each in open_ones for account in signatories_owing(each, now=now)]

    def progress(self, cases: Sequence[Case]) -> Mapping[uuid.UUID, Progress]:
        """Of the newest request of each. One query."""
        signers = Signer.objects.filter(
            request__subject_kind=SUBJECT_KIND, request__subject_id__in=[case.public_id for case in cases]
        )
        rows = signers.order_by("request__round").values_list("request__subject_id", "request__round", "state")
        newest: dict[uuid.UUID, tuple[int, list[str]]] = {}
        for subject_id, number, state in rows:
            if subject_id not in newest or newest[subject_id][0] != number:
                newest[subject_id] = (number, [])
            newest[subject_id][1].append(state)
        return {
            subject_id: Progress(states.count("signed"), len(states), refused="refused" in states)
            for subject_id, (_number, states) in newest.items()
        }


def signing_subject() -> SigningSubject:
    """Registered in ``wiring.py`` for subjects of the kind ``case``."""
    return SigningSubject(
        on_complete=_complete,
        on_refused=_refused,
        can_see=_can_see,
        describe=_describe,
        office_of=office_of,
        hold=_hold,
    )


def signed_about(actor: Actor) -> Collection[uuid.UUID] | None:
    """Public ids of the cases a body the actor signs for was asked to sign, as a subquery; None where the actor's roles sign
    nothing."""
    if not actor.organisations_as(*_signing_roles()):
        return None
    requests = SigningRequest.objects.filter(spoken_for_by(actor), subject_kind=SUBJECT_KIND)
    return requests.values("subject_id")  # type: ignore[return-value]  # a queryset, for ``__in``


def _signing_roles() -> frozenset[Role]:
    stages = [stage for each in procedures.every_version() for stage in each.stages if stage.kind == StageKind.COSIGN]
    return frozenset(Role(stage.options.get("role", Role.AUTHORITY)) for stage in stages)


def _complete(request: SigningRequest, *, actor: Actor, now: dt.datetime) -> None:
    case = case_of(request.subject_id)
    if case is not None and can(Act.COSIGNED, case.state, case.stage_kind):
        go_on(case, StageKind.COSIGN, facts=_facts(request), actor=actor, now=now)


def _refused(request: SigningRequest, *, actor: Actor, now: dt.datetime) -> None:
    case = case_of(request.subject_id)
    if case is not None and can(Act.REFUSED, case.state, case.stage_kind):
        signing_refused(case, reason=request.end_reason, facts=_facts(request), actor=actor, now=now)


def _facts(request: SigningRequest) -> dict[str, object]:
    return {"request": str(request.public_id), "round": request.round, "hash": request.content_hash}


def _can_see(actor: Actor, subject_id: uuid.UUID) -> bool:
    return policies.visible_cases(actor).filter(public_id=subject_id).exists()


def _describe(actor: Actor, subject_id: uuid.UUID) -> Described:
    case = case_of(subject_id)
    if case is None:
        return Described([], [])
    rows = [(_("Number"), case.number or ""), (_("Application"), case.title), (_("Applicant"), case.applicant_name)]
    links = [(_("The application"), case.link)] if _can_see(actor, subject_id) else []
    return Described(rows, links)


def office_of(subject_id: uuid.UUID) -> Collection[str]:
    """Ids of all who acted for the office on a case: none of them signs for an authority."""
    steps = Step.objects.filter(case__public_id=subject_id, kind__in=_OFFICE_STEPS).order_by().values_list("actor_id")
    lines = CheckResult.objects.filter(case__public_id=subject_id).order_by().values_list("by")
    return {row[0] for row in steps.union(lines)}


def _hold(subject_id: uuid.UUID) -> None:
    Case.objects.filter(public_id=subject_id).update(lock=F("lock"))
