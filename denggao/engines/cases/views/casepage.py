"""What stands on a case's page, by who looks: stages, file, decisions, whose turn, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.engines.cases import persons, policies
from denggao.engines.cases.actions.nudging import last_nudge
from denggao.engines.cases.consents import accounts_of, asks_consent, consents_of, may_answer
from denggao.engines.cases.known import Kept, known_of
from denggao.engines.cases.models import Case, CheckResult, Consent, Correction, Draft, Snapshot, Step, StepKind
from denggao.engines.cases.procedures import Audience, CheckItem, Stage, StageKind
from denggao.engines.cases.queries import Offer, Waiting, offers, results_of, snapshots_of, steps_of, waiting_of
from denggao.engines.cases.showing import ShownSection, label_of, shown_sections
from denggao.engines.cases.stages import Progress, work_of
from denggao.engines.cases.states import STANDING, Act, State, WaitsFor, can
from denggao.engines.cases.views.consents import TONES
from denggao.engines.cases.views.drafts import files_of
from denggao.engines.cases.views.wording import days_left, since, state_tone
from denggao.foundation.audit.actors import Actor
from denggao.foundation.calendar.queries import arrangement_of
from denggao.foundation.files.models import StoredFile
from denggao.foundation.ui.templatetags.dg import day, moment
from denggao.foundation.ui.words import account_names


@dataclass(frozen=True)
class Chip:
    text: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Choice:
    """Something that can be done here; where it can't, ``reason`` says why, and when it opens if that is known."""

    code: str
    label: str
    url: str
    tone: str = "outline"
    icon: str = ""
    reason: str = ""
    barred: bool = False

    @property
    def allowed(self) -> bool:
        return not self.reason and not self.barred


@dataclass(frozen=True)
class Block:
    """A card of choices. ``barred``: what stands in the way of all of them."""

    title: str
    choices: list[Choice]
    note: str = ""
    barred_title: str = ""
    barred: list[str] = field(default_factory=list)

    @property
    def reasons(self) -> list[str]:
        """Why single choices are greyed, each once."""
        return list(dict.fromkeys(choice.reason for choice in self.choices if choice.reason))


@dataclass(frozen=True)
class Check:
    code: str
    label: str
    help: str
    ok: bool | None = None
    remark: str = ""
    by: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Named:
    """A field that is to be corrected."""

    label: str
    remark: str
    url: str = ""


@dataclass(frozen=True)
class ConsentRow:
    """Somebody who must agree. ``nobody`` says what to do where no account can answer; ``url`` is there for who may."""

    name: str
    said: str
    state: str
    tone: str
    number: int
    when: str
    who: str
    reason: str
    nobody: str
    url: str
    link: str
    tone_of_link: str


@dataclass(frozen=True)
class Returned:
    reason: str
    due_on: dt.date | None
    fields: list[Named]


class CasePage:
    """A case as one actor sees it. A fixed number of queries, whatever the case holds. ``as_public``: for who must step
    aside: nothing but what the public sees."""

    def __init__(self, case: Case, *, actor: Actor, now: dt.datetime, as_public: bool = False) -> None:
        self.case, self.actor, self.now = case, actor, now
        self.recused = as_public
        self.audience = Audience.PUBLIC if as_public else policies.audience_of(actor, case)
        self.is_asked = not as_public and self.audience == Audience.APPLICANT and not policies.acts_for(actor, case)
        self.writes = not as_public and policies.acts_for(actor, case) and not actor.is_operator
        self.reads_all = not as_public and policies.can_read_answers(actor, case)

    @property
    def office(self) -> bool:
        return self.audience == Audience.OFFICE and not self.recused

    @property
    def is_applicant(self) -> bool:
        return self.writes

    @cached_property
    def may_print(self) -> bool:
        return self.reads_all and self.snapshot is not None

    # What was read

    @cached_property
    def all_steps(self) -> list[Step]:
        return steps_of.objects(self.case.pk)

    @cached_property
    def kinds_entered(self) -> set[StageKind]:
        """Of the stages it ever came to."""
        kinds = {stage.code: stage.kind for stage in self.case.declared.stages}
        return {kinds[step.stage_to] for step in self.all_steps if step.stage_to in kinds}

    @cached_property
    def steps_shown(self) -> list[Step]:
        if self.office:
            return self.all_steps
        if self.audience == Audience.PUBLIC:
            return [step for step in self.all_steps if step.shown_to == Audience.PUBLIC]
        return [step for step in self.all_steps if step.shown_to != Audience.OFFICE]

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        if not self.reads_all:
            return []
        return snapshots_of.objects(self.case.pk)

    @cached_property
    def snapshot(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    @cached_property
    def results(self) -> dict[str, CheckResult]:
        if self.snapshot is None:
            return {}
        return {each.item: each for each in results_of.objects(self.case.pk, self.snapshot.number)}

    @cached_property
    def checklist(self) -> Sequence[CheckItem]:
        return list(self.case.declared.system.checklist(self.case))

    @cached_property
    def files(self) -> dict[str, StoredFile]:
        return files_of(self.case)

    @cached_property
    def names(self) -> Mapping[str, str]:
        who = {step.actor_id for step in self.steps_shown} | {each.by for each in self.results.values()}
        return account_names(who | ({self.case.assignee} if self.case.assignee else set()))

    @cached_property
    def progress(self) -> Progress | None:
        """How far the engine below is, where it works for the stage in which the case stands."""
        work = work_of(self.case.stage_kind)
        if work is None or self.case.state != State.OPEN or self.recused:
            return None
        return work.progress([self.case]).get(self.case.public_id)

    @cached_property
    def waiting(self) -> Waiting:
        return waiting_of(self.case, self.progress, today=timezone.localdate(self.now))

    @cached_property
    def correction(self) -> Correction | None:
        if self.case.state != State.RETURNED or self.recused:
            return None
        return Correction.objects.filter(case=self.case, closed_at__isnull=True).select_related("step").first()

    # The head

    @cached_property
    def chips(self) -> list[Chip]:
        tone, icon = state_tone(self.case)
        text = self.stage_name if self.case.state == State.OPEN else self.case.get_state_display()
        chips = [Chip(text, tone, icon)]
        if self.recused:
            chips.append(Chip(_("you stepped aside"), "", "user-off"))
        elif self.case.is_standing and self.case.due_on and self.case.due_on < timezone.localdate(self.now):
            chips.append(Chip(_("overdue"), "crimson", "alert-triangle"))
        return chips

    @cached_property
    def stage_name(self) -> str:
        return self.case.at.names.of(self.audience)

    @cached_property
    def steps(self) -> list[dict[str, str]]:
        """The stages, each with the day it was left; the one it stands in says since when, or how far."""
        declared = self.case.declared
        here = declared.position(self.case.stage)
        left = {step.stage_from: step.at for step in self.all_steps if step.stage_from and step.stage_to != step.stage_from}
        shown = []
        for place, stage in enumerate(declared.stages):
            state, note = "", ""
            if place < here or self.case.state == State.AWARDED:
                at = left.get(stage.code) or (self.case.ended_at if place == here else None)
                state, note = "done", _short(at)
            elif place == here:
                state = "bad" if self.case.state in {State.REJECTED, State.ENDED, State.WITHDRAWN} else "now"
                note = _short(self.case.ended_at) if state == "bad" else self._how_far(stage)
            shown.append({"label": stage.names.of(self.audience), "state": state, "note": note})
        return shown

    def _how_far(self, stage: Stage) -> str:
        if self.case.state == State.RETURNED:
            return _("with the applicant")
        progress = self.progress
        if progress is not None and progress.total:
            told = {"done": progress.done, "total": progress.total}
            if stage.kind == StageKind.NOTICE:
                return _("day %(done)s of %(total)s") % told
            return _("%(done)s of %(total)s") % told
        return _("since %(day)s") % {"day": _short(self.case.stage_since)}

    # The file

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        system = self.case.declared.system
        if self.recused:
            return [(str(label), str(value)) for label, value in system.public_facts(self.case).items()]
        return [(str(label), str(value)) for label, value in system.facts(self.case, self.audience)]

    @cached_property
    def sections(self) -> list[ShownSection]:
        if not self.reads_all:
            return []
        form = self.case.declared.forms[self.snapshot.form_version if self.snapshot else self.case.form_version]
        return shown_sections(form, self.answers, self.files, self.known)

    @cached_property
    def known(self) -> Kept | None:
        """As it was frozen; of a draft as it is now."""
        if self.snapshot is not None:
            known: Kept | None = self.snapshot.known
            return known
        return known_of(self.case) if self.writes else None

    @cached_property
    def answers(self) -> dict[str, Any]:
        if self.snapshot is not None:
            answers: dict[str, Any] = self.snapshot.answers or {}
            return answers
        return {draft.section: draft.answers or {} for draft in Draft.objects.filter(case=self.case)} if self.writes else {}

    @property
    def editable(self) -> Case | None:
        return self.case if self.writes and self.snapshot is None and self.case.state == State.OPEN else None

    @cached_property
    def returned(self) -> Returned | None:
        correction = self.correction
        if correction is None:
            return None
        return Returned(correction.step.reason, correction.due_on, [self._named(each) for each in correction.fields])

    def _named(self, given: Mapping[str, str]) -> Named:
        section, name = given["section"], given.get("field", "")
        label = f"{section} · {name}"
        try:
            declared = self.case.declared.forms[self.case.form_version].section(section)
            label = str(declared.title)
            if name:
                label = f"{label} · {label_of(name, declared.fields()[name])}"
        except KeyError:
            pass
        url = ""
        if self.writes:
            url = f"{reverse('cases:edit', args=[self.case.public_id, section])}#field-{name}"
        return Named(label, given.get("remark", ""), url)

    # The check

    @cached_property
    def checks(self) -> list[Check]:
        """For the office; the applicant reads what is asked in the correction."""
        if not self.office or self.snapshot is None or (self.case.stage_kind != StageKind.CHECK and not self.results):
            return []
        return [self._check(item) for item in self.checklist]

    def _check(self, item: CheckItem) -> Check:
        found = self.results.get(item.code)
        if found is None:
            return Check(item.code, str(item.label), str(item.help))
        name = self.names.get(found.by, found.by_text)
        return Check(item.code, str(item.label), str(item.help), found.ok, found.remark, name, found.at)

    @cached_property
    def checked(self) -> int:
        return sum(1 for item in self.checklist if item.code in self.results)

    @cached_property
    def may_check(self) -> bool:
        return (
            self.office
            and can(Act.CHECK, self.case.state, self.case.stage_kind)
            and policies.can_work_on(self.actor, self.case)
            and not persons.is_own(self.case, self.actor, self.all_steps)
        )

    # Who must agree

    @cached_property
    def consents(self) -> list[ConsentRow]:
        """Each who was asked, of the newest submission asked about; for the office, the applicant's side, and who is asked."""
        if not asks_consent(self.case) or self.audience == Audience.PUBLIC:
            return []
        found = consents_of(self.case)
        newest = max((each.snapshot for each in found), default=0)
        shown = [each for each in found if each.snapshot == newest]
        missing = [each for each in shown if each.state == Consent.State.ASKED]
        can_answer = {each.pk for _account, each in accounts_of(missing, timezone.localdate(self.now))} if missing else set()
        return [self._consent(each, each in missing and each.pk not in can_answer) for each in shown]

    def _consent(self, each: Consent, unreachable: bool) -> ConsentRow:
        own = may_answer(self.actor, each)
        asks = each.state == Consent.State.ASKED
        at = each.ended_at if each.state == Consent.State.TAKEN_BACK else each.answered_at
        return ConsentRow(
            name=each.asked_name,
            said=each.said,
            state=str(each.get_state_display()),
            tone=TONES[Consent.State(each.state)],
            number=each.snapshot,
            when=moment(at) if at else _("asked %(at)s") % {"at": moment(each.asked_at)},
            who=each.name if each.body_id is not None and self.office else "",
            reason=each.reason,
            nobody=_unreachable(each) if unreachable else "",
            url=each.link if own else "",
            link=_("Read it and answer") if asks else _("What you answered"),
            tone_of_link="primary btn-l" if asks else "outline btn-s",
        )

    # Decisions

    @cached_property
    def offered(self) -> dict[Act, Offer]:
        if self.recused:
            return {}
        return {each.act: each for each in offers(self.case, actor=self.actor, now=self.now, steps=self.all_steps)}

    @cached_property
    def decisions(self) -> list[Block]:
        """What the actor's side can do now; and the decision to come, with what stands in its way."""
        if self.recused or self.case.state not in STANDING:
            return []
        if self.writes:
            return self._applicants()
        return [block for block in (self._now(), self.ahead if self.case.stage_kind != StageKind.CHECK else None) if block]

    @cached_property
    def afterwards(self) -> Block | None:
        """The decision to come, below the check."""
        return self.ahead if self.office and self.case.stage_kind == StageKind.CHECK else None

    def _applicants(self) -> list[Block]:
        case = self.case
        if not can(Act.SAVE, case.state, case.stage_kind):
            return []
        begin = Choice("write", _("Go on writing"), reverse("cases:begin", args=[case.public_id]), "outline", "pencil")
        label = _("Look through and submit")
        review = Choice("review", label, reverse("cases:review", args=[case.public_id]), "primary", "clipboard-check")
        title = _("Your correction") if case.state == State.RETURNED else _("Your application")
        return [Block(title, [review, begin], _until(case.due_on))]

    def _url(self, name: str) -> str:
        return reverse(f"cases:{name}", args=[self.case.public_id])

    def _now(self) -> Block | None:
        choices = [choice for act, offer in self.offered.items() for choice in self._choices(act, offer)]
        if not choices:
            return None
        note = _until(self.case.due_on)
        if self.case.stage_kind == StageKind.DECIDE and all(choice.allowed for choice in choices):
            note = _("You took no part in the check")
        return Block(self.stage_name, choices, note)

    def _choices(self, act: Act, offer: Offer) -> list[Choice]:
        """A decision is two buttons; what stands beside the decision is elsewhere on the page."""
        if act == Act.DECIDE:
            return [
                Choice("approve", _("Approve"), self._url("approve"), "primary", "check", offer.reason),
                Choice("refuse", _("Reject"), self._url("refuse"), "danger", "ban", offer.reason),
            ]
        if act not in _ACTS:
            return []
        route, tone, icon = _ACTS[act]
        return [Choice(act.value, offer.label, self._url(route), tone, icon, offer.reason)]

    @cached_property
    def ahead(self) -> Block | None:
        """The decision to come: greyed, with what must come first and the day where it is known. None where the procedure
        has none, or it is its turn now."""
        if not self.office or self.case.state not in STANDING:
            return None
        declared, here = self.case.declared, self.case.declared.position(self.case.stage)
        stage = next((each for each in declared.stages[here:] if each.kind == StageKind.DECIDE), None)
        if stage is None or (stage.code == self.case.stage and self.case.state == State.OPEN):
            return None
        choices = [
            Choice("approve", _("Approve"), "", "primary", "check", barred=True),
            Choice("refuse", _("Reject"), "", "danger", "ban", barred=True),
        ]
        return Block(stage.names.of(Audience.OFFICE), choices, "", _("This can’t be decided yet"), self._bars())

    def _bars(self) -> list[str]:
        """What must come before the decision, each with its day where that is known."""
        if self.case.state == State.RETURNED:
            return [_("The applicant has it back for correction.")]
        progress = self.progress
        if self.case.stage_kind == StageKind.NOTICE and progress is not None:
            if progress.until is not None:
                told = _("The public notice runs until %(day)s, 24:00, and no objection may be open then.")
                return [told % {"day": day(progress.until)}]
            if progress.open_end:
                return [_("The end of the public notice is fixed when the arrangement for that year is entered.")]
        if progress is not None and progress.total:
            values = {"stage": self.stage_name, "done": progress.done, "total": progress.total}
            return [_("“%(stage)s” comes first: %(done)s of %(total)s.") % values]
        return [_("“%(stage)s” comes first.") % {"stage": self.stage_name}]

    @cached_property
    def others(self) -> list[Choice]:
        """What can be done beside the decision."""
        if Act.WITHDRAW in self.offered:
            return [Choice("withdraw", _("Withdraw the application"), self._url("withdraw"), "danger", "arrow-back-up")]
        if Act.REASSIGN in self.offered:
            return [Choice("hand", _("Hand over"), self._url("hand_over"), "outline", "user-share")]
        return []

    @cached_property
    def may_nudge(self) -> bool:
        """Whether there is somebody the office can remind."""
        waits = self.case.waits_for not in {WaitsFor.NOBODY, WaitsFor.NOTICE, WaitsFor.PLATFORM}
        return self.office and waits and self.case.assignee != self.actor.id and policies.can_hand_over(self.actor, self.case)

    # Whose turn, and what happened

    @cached_property
    def turn(self) -> list[tuple[str, str]]:
        case = self.case
        if case.state not in STANDING:
            return [(_("State"), case.get_state_display()), (_("Since"), day(case.ended_at))]
        today = timezone.localdate(self.now)
        waits = self.waiting
        known = arrangement_of({today.year, waits.due_on.year} if waits.due_on else ())
        words, _tone = days_left(waits.due_on, today, known)
        due = _("no fixed day")
        if waits.open_end:
            due = _("fixed when the arrangement for that year is entered")
        elif waits.due_on:
            due = " · ".join(filter(None, [day(waits.due_on), words]))
        return [
            (_("Waiting for"), waits.text),
            (_("Since"), f"{moment(case.waits_since)} · {since(case, self.now)}"),
            (_("Due"), due),
            (_("Assigned to"), self.names.get(case.assignee, "") or _("whoever has time")),
            *([(_("Last reminded"), moment(reminded))] if (reminded := last_nudge(case)) else []),
        ]

    @cached_property
    def timeline(self) -> list[dict[str, str]]:
        shown = []
        steps = list(reversed(self.steps_shown))
        for number, step in enumerate(steps):
            bad = step.kind in _BAD
            state = "bad" if bad else "now" if number == 0 and self.case.is_standing else "ok"
            told = [moment(step.at), self._stage_of(step)]
            who = self._who(step)
            text = f"· {who}" if who else ""
            if step.reason and self.audience != Audience.PUBLIC:
                text = f"{text} · {step.reason}" if text else step.reason
            shown.append({"state": state, "title": step.get_kind_display(), "text": text, "when": " · ".join(filter(None, told))})
        return shown

    def _stage_of(self, step: Step) -> str:
        try:
            return self.case.declared.stage(step.stage_to).names.of(self.audience)
        except KeyError:
            return step.stage_to

    def _who(self, step: Step) -> str:
        """The office reads names; applicants read their own side's, and "the office"; the others none."""
        if self.audience == Audience.PUBLIC:
            return ""
        if step.actor_kind in {"system", "operator"}:
            return _("the platform")
        if self.office or step.kind in _APPLICANTS_OWN:
            return self.names.get(step.actor_id, "")
        if step.kind in _OTHER_SIDES:
            return _("the other side")
        return _("the office")


# Where an act's page is, and how its button looks.
_ACTS = {
    Act.PASS: ("pass", "primary", "check"),
    Act.RETURN: ("return", "outline", "arrow-back-up"),
    Act.REJECT: ("reject", "danger", "ban"),
    Act.ASK_AGAIN: ("ask", "primary", "refresh"),
}
_OTHER_SIDES = frozenset({StepKind.CONSENTED, StepKind.CHANGES_ASKED, StepKind.DECLINED, StepKind.TAKEN_BACK})
_BAD = frozenset(
    {
        StepKind.CHANGES_ASKED,
        StepKind.DECLINED,
        StepKind.TAKEN_BACK,
        StepKind.RETURNED,
        StepKind.REJECTED,
        StepKind.ENDED,
        StepKind.UPHELD,
        StepKind.SIGNING_REFUSED,
        StepKind.ESCALATED,
    }
)
_APPLICANTS_OWN = frozenset({StepKind.OPENED, StepKind.SUBMITTED, StepKind.RESUBMITTED, StepKind.WITHDRAWN})


def _unreachable(consent: Consent) -> str:
    """What to do where nobody can answer."""
    if consent.person_id is not None:
        return _(
            "This person has no account here yet, and nobody can answer in their place. The employer’s HR or the office can invite "
            "them; once the account is tied to the person, the application waits on their desk."
        )
    return _("No account can answer for this body yet. Its administrator, or the office, can grant somebody the role.")


def _short(at: dt.datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


def _until(due_on: dt.date | None) -> str:
    return _("until %(day)s") % {"day": day(due_on)} if due_on else ""


def neighbours(listed: Iterable[str], here: str) -> tuple[str, str]:
    """The ids before and after one in a list; empty at its ends, or where it isn't in it."""
    ids = list(listed)
    if here not in ids:
        return "", ""
    at = ids.index(here)
    return ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else ""
