"""Opening an application and writing it. Nothing typed is ever lost: each save is kept, and where two write in the same
field at the same time both texts stay until somebody chooses."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.cases import policies, procedures
from denggao.engines.cases.actions.rounds import takes_applications
from denggao.engines.cases.answers import labels, merge
from denggao.engines.cases.models import Case, Draft, DraftVersion, Round, StepKind
from denggao.engines.cases.moves import Move, moved, must_allow, write_step
from denggao.engines.cases.procedures import Audience, Procedure
from denggao.engines.cases.refusals import CaseRefused, RoundNotOpen
from denggao.engines.cases.states import Act, State, WaitsFor
from denggao.foundation.audit.actions import NotAllowed, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import plain
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.ui.words import listed

_TRIES = 5


@action("cases.case.open", requires=policies.can_open_case)
def open_case(
    round_: Round | None,
    *,
    body: Organisation | None = None,
    person: Person | None = None,
    procedure: str = "",
    plan: Plan | None = None,
    about_id: uuid.UUID | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Case:
    """Begin an application in a round; or, for procedures that need no call (a renewal), without one, of a ``procedure``.

    Raises NotAllowed for who does not write for this applicant, RoundNotOpen, and CaseRefused: the system's own reason, or
    an application that stands already (the message says so; ``standing_case`` finds it).
    """
    declared = procedures.latest(round_.procedure if round_ is not None else procedure)
    applicant = _applicant(declared, body, person, actor)
    if round_ is not None and (closed := takes_applications(round_, now)):
        raise RoundNotOpen(closed)
    form = declared.form_of(round_.options if round_ is not None else {}) or declared.form
    case = Case(
        procedure=declared.code,
        version=declared.version,
        form_version=form.version,
        round=round_,
        plan=round_.plan if round_ is not None else plan,
        body=body,
        person=person,
        about_id=about_id,
        stage=declared.first.code,
        stage_kind=declared.first.kind,
        waits_for=WaitsFor.APPLICANT,
        stage_since=now,
        waits_since=now,
        due_on=localdate(round_.closes_at) if round_ is not None else None,
        once_key=once_key(declared, round_, applicant, about_id),
        opened_by=actor.id,
        opened_at=now,
        lock=1,
        is_demo=applicant.is_demo,
    )
    if round_ is not None and (refused := declared.system.may_apply(actor, round_, applicant)):
        raise CaseRefused(str(refused))
    case.title = str(declared.system.title(case))[:120]
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        raise CaseRefused(_("There is an application of this applicant under way already. Go on with that one.")) from None
    write_step(case, Move(StepKind.OPENED, shown_to=Audience.APPLICANT), stage_from="", actor=actor, now=now)
    return case


def once_key(declared: Procedure, round_: Round | None, applicant: Organisation | Person, about_id: uuid.UUID | None) -> str:
    kind = "body" if isinstance(applicant, Organisation) else "person"
    if not declared.is_once_for(kind):
        return ""
    return f"{declared.code}:{round_.pk if round_ else about_id or ''}:{kind}:{applicant.pk}"


def standing_case(round_: Round, applicant: Organisation | Person) -> Case | None:
    """The application of this applicant that stands in this round, if any; None where it may have several."""
    declared = procedures.latest(round_.procedure)
    key = once_key(declared, round_, applicant, None)
    return Case.objects.standing().filter(once_key=key).first() if key else None


def _applicant(declared: Procedure, body: Organisation | None, person: Person | None, actor: Actor) -> Organisation | Person:
    if declared.takes_bodies and body is not None and person is None:
        if not policies.may_act_for_body(actor, declared, body.pk):
            raise NotAllowed("cases.case.open")
        return body
    if declared.takes_persons and person is not None and body is None:
        if not actor.is_operator and (actor.user is None or person.account_id != actor.user.pk):
            raise NotAllowed("cases.case.open")
        return person
    raise CaseRefused(_("Applicant: this procedure is for another kind of applicant."))


@dataclass(frozen=True)
class Saved:
    """What became of a save. ``revision`` is what the next save of this page builds on; ``answers`` the section as it stands.
    ``clashing`` are the fields where another's text stands and the writer's is kept in ``conflict`` until somebody chooses."""

    outcome: DraftVersion.Outcome
    revision: int
    saved_at: dt.datetime
    answers: dict[str, Any]
    clashing: tuple[str, ...] = ()
    conflict: DraftVersion | None = None


@action("cases.draft.save", requires=policies.can_write, batch=True)
def save_draft(
    case: Case, *, section: str, answers: Mapping[str, Any], base_revision: int, actor: Actor, now: dt.datetime
) -> Saved:
    """Keep what was typed in one section. ``base_revision`` is the revision the page was made from, 0 for an empty one.
    Fields that were not sent stay as they are. The version is the record of it: autosaves would drown the audit.

    Raises StageMoved once the case is with the office, CaseRefused for a section the form does not have, and for a change in a
    field that was not named where the case was sent back for certain fields.
    """
    must_allow(case, Act.SAVE)
    _must_have(case, section)
    # Holds the case's row until the save is committed: a submission at this moment comes wholly before, or wholly after.
    if not Case.objects.filter(pk=case.pk, stage=case.stage, state=case.state).update(lock=F("lock")):
        raise moved(case)
    sent = {name: one_line_end(plain(value)) for name, value in answers.items()}
    _only_named(case, section, sent)
    for _try in range(_TRIES):
        saved = _save_once(case, section, sent, base_revision, actor, now)
        if saved is not None:
            _name(case)
            return saved
    raise CaseRefused(_("Several people are saving this page at this moment. Save again."))


def _name(case: Case) -> None:
    """Where an applicant may have several drafts, each is called by what stands in it."""
    declared = case.declared
    if declared.is_once_for("body" if case.body_id is not None else "person") or case.submitted_at is not None:
        return
    answers = {each.section: each.answers or {} for each in Draft.objects.filter(case=case)}
    title = str(declared.system.draft_title(case, answers))[:120]
    if title and title != case.title:
        Case.objects.filter(pk=case.pk).update(title=title)
        case.title = title


def one_line_end(value: Any) -> Any:
    """Texts with line ends as scripts have them: a form that is sent has others, and would clash with its own autosave."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, list):
        return [one_line_end(item) for item in value]
    return {key: one_line_end(item) for key, item in value.items()} if isinstance(value, dict) else value


def _save_once(case: Case, section: str, sent: dict[str, Any], base_revision: int, actor: Actor, now: dt.datetime) -> Saved | None:
    """None where another save came in between."""
    draft = _draft(case, section, actor, now)
    standing = draft.answers or {}
    base = standing if base_revision >= draft.revision else _answers_at(draft, base_revision)
    merged = merge(base, standing, sent)
    outcome = DraftVersion.Outcome.SAVED
    if merged.clashing:
        outcome = DraftVersion.Outcome.CONFLICT
    elif base_revision < draft.revision and merged.changed:
        outcome = DraftVersion.Outcome.MERGED
    if not merged.changed and not merged.clashing:
        return Saved(DraftVersion.Outcome.SAVED, draft.revision, draft.saved_at if draft.revision else now, standing)
    if merged.clashing and (known := _same_conflict(draft, sent, merged.clashing)) and not merged.changed:
        return Saved(outcome, draft.revision, known.saved_at, standing, tuple(merged.clashing), known)
    if not _advance(draft, merged.answers, actor, now):
        return None
    version = DraftVersion.objects.create(
        draft=draft,
        revision=draft.revision,
        base=base_revision,
        answers=merged.answers,
        sent=sent if merged.clashing else {},
        clashing=merged.clashing,
        outcome=outcome,
        saved_at=now,
        saved_by=actor.id,
        saved_by_text=actor.text[:120],
    )
    return Saved(outcome, draft.revision, now, merged.answers, tuple(merged.clashing), version if merged.clashing else None)


@action("cases.draft.settle", requires=policies.can_write, batch=True)
def settle_conflict(version: DraftVersion, *, take: Mapping[str, str], actor: Actor, now: dt.datetime) -> Draft:
    """Choose between two texts of a field: ``take`` says ``mine`` (the one kept aside) or ``theirs`` (the one that stands)
    for each clashing field. Raises CaseRefused where a choice is missing or somebody chose before, StageMoved."""
    case = version.draft.case
    must_allow(case, Act.SAVE)
    if any(take.get(name) not in {"mine", "theirs"} for name in version.clashing):
        raise CaseRefused(_("Choose one of the two texts for each field."))
    settled = DraftVersion.objects.filter(pk=version.pk, outcome="conflict", settled_at__isnull=True).update(
        settled_at=now, settled_by=actor.id
    )
    if not settled:
        raise CaseRefused(_("Somebody has chosen between these texts already."))
    draft = Draft.objects.select_related("case").get(pk=version.draft_id)
    kept = version.sent or {}
    answers = dict(draft.answers or {})
    answers.update({name: kept[name] for name in version.clashing if take[name] == "mine" and name in kept})
    if answers != (draft.answers or {}):
        if not _advance(draft, answers, actor, now):
            raise CaseRefused(_("Somebody saved this page at this moment. Choose again."))
        DraftVersion.objects.create(
            draft=draft, revision=draft.revision, base=draft.revision - 1, answers=answers, sent={},
            outcome=DraftVersion.Outcome.SAVED, saved_at=now, saved_by=actor.id, saved_by_text=actor.text[:120],
        )  # fmt: skip
    return draft


def _must_have(case: Case, section: str) -> None:
    try:
        case.declared.forms[case.form_version].section(section)
    except KeyError:
        raise CaseRefused(_("This form has no such section.")) from None


def _only_named(case: Case, section: str, sent: dict[str, Any]) -> None:
    """What was sent back for certain fields is changed in those alone. A return that names none leaves all to the applicant."""
    if case.state != State.RETURNED:
        return
    named = case.corrections.filter(closed_at__isnull=True).values_list("fields", flat=True).first() or []
    fields = {each["field"] for each in named if each["section"] == section}
    if not named or "" in fields:
        return
    draft = Draft.objects.filter(case=case, section=section).first()
    standing = (draft.answers or {}) if draft is not None else {}
    changed = [name for name, value in sent.items() if name not in fields and value != standing.get(name)]
    if changed:
        titles = labels(case.declared.forms[case.form_version].section(section))
        text = _("Only what was named is corrected now; not among it: %(fields)s.")
        raise CaseRefused(text % {"fields": listed(titles.get(name, name) for name in changed)})


def _draft(case: Case, section: str, actor: Actor, now: dt.datetime) -> Draft:
    blank = {"answers": {}, "saved_at": now, "saved_by": actor.id, "saved_by_text": actor.text[:120]}
    draft, _created = Draft.objects.get_or_create(case=case, section=section, defaults=blank)
    return draft


def _advance(draft: Draft, answers: dict[str, Any], actor: Actor, now: dt.datetime) -> bool:
    taken = Draft.objects.filter(pk=draft.pk, revision=draft.revision).update(
        answers=answers, revision=draft.revision + 1, saved_at=now, saved_by=actor.id, saved_by_text=actor.text[:120]
    )
    if taken == 1:
        draft.refresh_from_db()
    return taken == 1


def _answers_at(draft: Draft, revision: int) -> dict[str, Any]:
    """The section as it stood at a revision. Where that is no longer kept, as if the writer had seen an empty page: what was
    sent then counts as written in each field, and clashes rather than overwrites."""
    found = DraftVersion.objects.filter(draft=draft, revision=revision).first()
    return (found.answers or {}) if found is not None else {}


def _same_conflict(draft: Draft, sent: dict[str, Any], clashing: list[str]) -> DraftVersion | None:
    """An open conflict that says just this already: an autosave tries again and again."""
    for version in DraftVersion.objects.filter(draft=draft, outcome="conflict", settled_at__isnull=True):
        kept = version.sent or {}
        if version.clashing == clashing and all(kept.get(name) == sent.get(name) for name in clashing):
            return version
    return None
