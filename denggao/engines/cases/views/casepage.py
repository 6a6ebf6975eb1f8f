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
from django.utils.translation import ngettext

from denggao.engines.cases import persons, policies
from denggao.engines.cases.models import Case, CheckResult, Correction, Draft, Snapshot, Step, StepKind
from denggao.engines.cases.procedures import Audience, CheckItem, Stage, StageKind
from denggao.engines.cases.showing import ShownSection, label_of, shown_sections
from denggao.engines.cases.stages import Progress, work_of
from denggao.engines.cases.states import STANDING, Act, State, WaitsFor, can
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

    @property
    def allowed(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Block:
    """A card of choices. ``barred``: what stands in the way of all of them."""

    title: str
    choices: list[Choice]
    note: str = ""
    barred_title: str = ""
    barred: list[str] = field(default_factory=list)


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
        self.writes = not as_public and policies.acts_for(actor, case) and not actor.is_operator
        self.reads_all = not as_public and policies.can_read_answers(actor, case)

    @property
    def office(self) -> bool:
        return self.audience == Audience.OFFICE and not self.recused

    @property
    def is_applicant(self) -> bool:
        return self.writes

    @property
    def may_print(self) -> bool:
        return self.reads_all and self.snapshot is not None

    # What was read

    @cached_property
    def all_steps(self) -> list[Step]:
        return list(Step.objects.filter(case=self.case).order_by("number"))

    @property
    def steps_shown(self) -> list[Step]:
        if self.recused:
            return [step for step in self.all_steps if step.shown_to == Audience.PUBLIC]
        if self.office:
            return self.all_steps
        return [step for step in self.all_steps if step.shown_to != Audience.OFFICE]

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        if not self.reads_all:
            return []
        return list(Snapshot.objects.filter(case=self.case).order_by("number"))

    @property
    def snapshot(self) -> Snapshot | None:
        return self.snapshots[-1] if self.snapshots else None

    @cached_property
    def results(self) -> dict[str, CheckResult]:
        if self.snapshot is None:
            return {}
        return {each.item: each for each in CheckResult.objects.filter(case=self.case, snapshot=self.snapshot.number)}

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
        if work is None or self.case.state not in STANDING or self.recused:
            return None
        return work.progress([self.case]).get(self.case.public_id)

    @cached_property
    def correction(self) -> Correction | None:
        if self.case.state != State.RETURNED or self.recused:
            return None
        return Correction.objects.filter(case=self.case, closed_at__isnull=True).select_related("step").first()

    # The head

    @property
    def chips(self) -> list[Chip]:
        tone, icon = state_tone(self.case)
        text = self.stage_name if self.case.state == State.OPEN else self.case.get_state_display()
        chips = [Chip(text, tone, icon)]
        if self.recused:
            chips.append(Chip(_("you stepped aside"), "", "user-off"))
        elif self.case.is_standing and self.case.due_on and self.case.due_on < timezone.localdate(self.now):
            chips.append(Chip(_("overdue"), "crimson", "alert-triangle"))
        return chips

    @property
    def stage_name(self) -> str:
        return self.case.at.names.of(self.audience)

    @property
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

    @property
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
        return shown_sections(form, self.answers, self.files)

    @cached_property
    def answers(self) -> dict[str, Any]:
        if self.snapshot is not None:
            answers: dict[str, Any] = self.snapshot.answers or {}
            return answers
        return {draft.section: draft.answers or {} for draft in Draft.objects.filter(case=self.case)} if self.writes else {}

    @property
    def editable(self) -> Case | None:
        return self.case if self.writes and self.snapshot is None and self.case.state == State.OPEN else None

    @property
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

    @property
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

    @property
    def checked(self) -> int:
        return sum(1 for item in self.checklist if item.code in self.results)

    @property
    def may_check(self) -> bool:
        return (
            self.office
            and can(Act.CHECK, self.case.state, self.case.stage_kind)
            and policies.can_work_on(self.actor, self.case)
            and not self._own
        )

    # Decisions

    @cached_property
    def _own(self) -> bool:
        return persons.is_own(self.case, self.actor)

    @cached_property
    def _checked_it(self) -> bool:
        return persons.has_checked(self.case, self.actor)

    @property
    def decisions(self) -> list[Block]:
        """The applicant's next step, or the office's: what can be done now, and the decision to come, with what stands in
        its way."""
        if self.recused or self.case.state not in STANDING:
            return []
        if self.writes:
            return self._applicants()
        if not self.office:
            return []
        kind = self.case.stage_kind
        blocks = []
        if self.case.state == State.OPEN and kind == StageKind.CHECK:
            blocks.append(self._checking())
        elif self.case.state == State.OPEN and kind in {StageKind.REVIEW, StageKind.RANK, StageKind.NOTICE, StageKind.COSIGN}:
            blocks.append(self._working())
        deciding = self._deciding()
        if deciding is not None:
            blocks.insert(0 if kind == StageKind.DECIDE else len(blocks), deciding)
        return blocks

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

    def _checking(self) -> Block:
        why = self._why_not_work()
        passing = why or self._why_not_pass()
        return Block(
            _("Completeness check"),
            [
                Choice("pass", _("Complete: pass it on"), self._url("pass"), "primary", "check", passing),
                Choice(
                    "return", _("Return for correction"), self._url("return"), "outline", "arrow-back-up", self._why_not_return()
                ),
                Choice("reject", _("Reject"), self._url("reject"), "danger", "ban", why),
            ],
            _until(self.case.due_on),
        )

    def _why_not_work(self) -> str:
        if not policies.can_work_on(self.actor, self.case):
            return _("your role does not work on this stage.")
        return _("you wrote or submitted it, or act for its applicant.") if self._own else ""

    def _why_not_return(self) -> str:
        if not policies.can_send_back(self.actor, self.case):
            return _("your role does not work on this stage.")
        return _("you wrote or submitted it, or act for its applicant.") if self._own else ""

    def _why_not_pass(self) -> str:
        open_ones = [item for item in self.checklist if item.code not in self.results]
        if open_ones:
            count = len(open_ones)
            return ngettext("%(count)s line of the check is open.", "%(count)s lines of the check are open.", count) % {
                "count": count
            }
        bad = [item for item in self.checklist if not self.results[item.code].ok]
        return _("something is not in order; return it for correction.") if bad else ""

    def _working(self) -> Block:
        choices = []
        if self.case.stage_kind == StageKind.COSIGN and self.case.waits_for == WaitsFor.OFFICE:
            ask = Choice("ask", _("Ask for the signatures again"), self._url("ask"), "primary", "refresh", self._why_not_work())
            choices.append(ask)
        choices.append(
            Choice("return", _("Return for correction"), self._url("return"), "outline", "arrow-back-up", self._why_not_return())
        )
        choices.append(Choice("reject", _("Reject"), self._url("reject"), "danger", "ban", self._why_not_reject()))
        return Block(self.stage_name, choices, _until(self.case.due_on))

    def _why_not_reject(self) -> str:
        if not policies.can_reject(self.actor, self.case):
            return _("at this stage an approver rejects.")
        if self._own:
            return _("you wrote or submitted it, or act for its applicant.")
        if not policies.can_work_on(self.actor, self.case) and self._checked_it:
            return _("you checked it; a second person must decide.")
        return ""

    def _deciding(self) -> Block | None:
        """The decision, now or to come; None where the procedure has none, or it is taken."""
        declared, here = self.case.declared, self.case.declared.position(self.case.stage)
        stage = next((each for each in declared.stages[here:] if each.kind == StageKind.DECIDE), None)
        if stage is None:
            return None
        bars = self._bars(stage)
        blocked = _("not yet") + _(".") if bars and stage.code != self.case.stage else " ".join(bars)
        personal = self._why_not_decide(stage)
        reason = blocked if bars else personal
        note = "" if personal or bars else _("You took no part in the check")
        return Block(
            stage.names.of(Audience.OFFICE),
            [
                Choice("approve", _("Approve"), self._url("approve"), "primary", "check", reason),
                Choice("refuse", _("Reject"), self._url("refuse"), "danger", "ban", reason),
            ],
            note,
            _("This can’t be decided yet"),
            bars,
        )

    def _why_not_decide(self, stage: Stage) -> str:
        if not self.actor.has(*stage.workers):
            return _("your role does not decide here.")
        if self._own:
            return _("you wrote or submitted it, or act for its applicant.")
        return _("you checked it; a second person must decide.") if self._checked_it else ""

    def _bars(self, stage: Stage) -> list[str]:
        """What must come first, each with its day where that is known."""
        if stage.code == self.case.stage and self.case.state == State.OPEN:
            return []
        if self.case.state == State.RETURNED:
            return [_("The applicant has it back for correction.")]
        progress = self.progress
        if self.case.stage_kind == StageKind.NOTICE and progress is not None:
            if progress.until is not None:
                return [
                    _("The public notice runs until %(day)s, 24:00, and no objection may be open then.")
                    % {"day": day(progress.until)}
                ]
            if progress.open_end:
                return [_("The end of the public notice is fixed when the arrangement for that year is entered.")]
        if progress is not None and progress.total:
            told = {"stage": self.stage_name, "done": progress.done, "total": progress.total}
            return [_("“%(stage)s” comes first: %(done)s of %(total)s.") % told]
        return [_("“%(stage)s” comes first.") % {"stage": self.stage_name}]

    @property
    def others(self) -> list[Choice]:
        """What can be done beside the decision."""
        if self.recused or self.case.state not in STANDING:
            return []
        if self.writes:
            return [Choice("withdraw", _("Withdraw"), self._url("withdraw"), "danger", "arrow-back-up")]
        if (
            self.office
            and can(Act.REASSIGN, self.case.state, self.case.stage_kind)
            and policies.can_hand_over(self.actor, self.case)
        ):
            return [Choice("hand", _("Hand over"), self._url("hand_over"), "outline", "user-share")]
        return []

    # Whose turn, and what happened

    @property
    def turn(self) -> list[tuple[str, str]]:
        case = self.case
        if case.state not in STANDING:
            return [(_("State"), case.get_state_display()), (_("Since"), day(case.ended_at))]
        today = timezone.localdate(self.now)
        known = arrangement_of({today.year, case.due_on.year} if case.due_on else ())
        words, _tone = days_left(case.due_on, today, known)
        due = " · ".join(filter(None, [day(case.due_on), words])) if case.due_on else _("no fixed day")
        return [
            (_("Waiting for"), case.get_waits_for_display()),
            (_("Since"), f"{moment(case.waits_since)} · {since(case, self.now)}"),
            (_("Due"), due),
            (_("Assigned to"), self.names.get(case.assignee, "") or _("whoever has time")),
        ]

    @property
    def timeline(self) -> list[dict[str, str]]:
        shown = []
        steps = list(reversed(self.steps_shown))
        for number, step in enumerate(steps):
            bad = step.kind in _BAD
            state = "bad" if bad else "now" if number == 0 and self.case.is_standing else "ok"
            told = [moment(step.at), self._stage_of(step)]
            who = self._who(step)
            text = f"· {who}" if who else ""
            if step.reason and not self.recused:
                text = f"{text} · {step.reason}" if text else step.reason
            shown.append({"state": state, "title": step.get_kind_display(), "text": text, "when": " · ".join(filter(None, told))})
        return shown

    def _stage_of(self, step: Step) -> str:
        try:
            return self.case.declared.stage(step.stage_to).names.of(self.audience)
        except KeyError:
            return step.stage_to

    def _who(self, step: Step) -> str:
        """The office reads names; applicants read their own side's, and "the office"; the public none."""
        if self.recused:
            return ""
        if step.actor_kind in {"system", "operator"}:
            return _("the platform")
        if self.office or step.kind in _APPLICANTS_OWN:
            return self.names.get(step.actor_id, "")
        return _("the office")


_BAD = frozenset(
    {StepKind.RETURNED, StepKind.REJECTED, StepKind.ENDED, StepKind.UPHELD, StepKind.SIGNING_REFUSED, StepKind.ESCALATED}
)
_APPLICANTS_OWN = frozenset({StepKind.OPENED, StepKind.SUBMITTED, StepKind.RESUBMITTED, StepKind.WITHDRAWN})


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
