"""What a kind of application is: its stages, its forms, and the system that knows what it is about.

A system declares a ``Procedure`` in Python and ``wiring.py`` registers it. The engine walks cases through the stages; what
it can't know it asks the ``CaseSystem``. A case keeps the version of the procedure it was opened under.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from django import forms
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.focus import Sought
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Actor, Role

if TYPE_CHECKING:
    from denggao.engines.cases.models import Case, Round
    from denggao.foundation.organisations.models import Organisation
    from denggao.foundation.people.models import Person
    from denggao.foundation.plans.models import Plan


class StageKind(models.TextChoices):
    """What happens in a stage. The engine knows these; a system orders and configures them."""

    DRAFT = "draft", _("application")
    CONSENT = "consent", _("consent of the other side")
    CHECK = "check", _("completeness check")
    REVIEW = "review", _("expert review")
    RANK = "rank", _("ranking")
    MEETING = "meeting", _("jury meeting")
    NOTICE = "notice", _("public notice")
    COSIGN = "cosign", _("co-signing")
    DECIDE = "decide", _("decision")
    AWARD = "award", _("award")


class Audience(StrEnum):
    """Who reads: stages have a name for each, and steps are shown to some of them only."""

    APPLICANT = "applicant"
    OFFICE = "office"
    PUBLIC = "public"


# Who does the work of a stage unless the stage says otherwise. Nobody of the office works on a draft, a consent or an award.
USUAL_ROLES: Mapping[str, frozenset[Role]] = {
    StageKind.DRAFT: frozenset(),
    StageKind.CONSENT: frozenset(),
    StageKind.CHECK: frozenset({Role.CLERK, Role.REVIEWER}),
    StageKind.REVIEW: frozenset({Role.REVIEWER}),
    StageKind.RANK: frozenset({Role.REVIEWER}),
    StageKind.MEETING: frozenset({Role.REVIEWER}),
    StageKind.NOTICE: frozenset({Role.CLERK, Role.REVIEWER}),
    StageKind.COSIGN: frozenset({Role.CLERK, Role.REVIEWER}),
    StageKind.DECIDE: frozenset({Role.APPROVER}),
    StageKind.AWARD: frozenset({Role.CLERK}),
}


@dataclass(frozen=True)
class StageNames:
    """What a stage is called, per audience; lazy translations."""

    applicant: Any
    office: Any
    public: Any

    def of(self, audience: Audience | str) -> str:
        return str(getattr(self, Audience(audience).value))


@dataclass(frozen=True)
class Rule:
    """An option that the dated rules give (``standards.RuleValue``): the value of the day the case was submitted."""

    key: str


@dataclass(frozen=True)
class Stage:
    """One stage of a procedure.

    ``days`` are the working days the stage may take, None for no limit of its own. ``bulk``: the office may take many
    cases through it at once. ``options`` by kind of stage:

    - review: ``rubric`` (code), ``rubric_version`` (its number; the latest unless told), ``seats``, ``rule`` (as ``reviews`` reads
      it), ``minimum`` (points a case needs to go on by itself, inclusive; below, an approver rejects it or it is sent back)
    - rank: ``ties`` (as ``reviews.rules.ranking``), ``minimum``, ``groups`` (seats by group: ``{"ai": 3}``), ``places`` (how many
      go on where a jury then chooses among more than the call's quota)
    - notice: ``days`` (working days shown), ``document``, ``title_zh``/``title_en``, ``together`` (True: the office opens
      one notice for several cases; else each case gets its own as it arrives)
    - meeting: ``quota`` (places; the round's unless told), ``quotas`` (places by group; those of the ranking unless told, where
      that sent no more than the quota), ``quorum`` and ``majority`` (``"2/3"``; the dated default unless told), ``way`` (``named``
      or ``secret``)
    - cosign: ``role`` of who signs

    A value may be a ``Rule``. A round's own options of the same names win over these.
    """

    code: str
    kind: StageKind
    names: StageNames
    roles: frozenset[Role] | None = None
    days: int | None = None
    bulk: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def workers(self) -> frozenset[Role]:
        return USUAL_ROLES[self.kind] if self.roles is None else self.roles


@dataclass(frozen=True)
class Section:
    """One page of an application form. ``form_class`` is a plain Django form; tables and files are fields of
    ``cases.fields``. ``help`` is a lazy translation."""

    code: str
    title: Any
    form_class: type[forms.Form]
    help: Any = ""

    def fields(self) -> dict[str, forms.Field]:
        return dict(self.form_class.base_fields)


@dataclass(frozen=True)
class CaseForm:
    """An application form. A changed form is a new version; answers keep the version they were given to."""

    version: int
    sections: tuple[Section, ...]

    def section(self, code: str) -> Section:
        """Raises KeyError."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)


@dataclass(frozen=True)
class CheckItem:
    """One line of the completeness check."""

    code: str
    label: Any
    help: Any = ""


@dataclass(frozen=True)
class Agreeing:
    """Somebody who must agree before an application goes on: a ``person``, or a ``body`` through its people with one of these
    ``roles``. ``words`` say what they agree to, as a lazy translation; they are kept as they were shown."""

    words: Any
    person: Person | None = None
    body: Organisation | None = None
    roles: frozenset[Role] = frozenset({Role.HR})

    def __post_init__(self) -> None:
        if (self.person is None) == (self.body is None):
            raise ValueError("Either a person or a body agrees.")


@dataclass(frozen=True)
class Group:
    """What applications are ranked within, beside the ranking across all: an industry."""

    code: str
    zh: str
    en: str = ""

    @property
    def label(self) -> str:
        return self.en if self.en and (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class KnownLine:
    """One thing the platform knows: ``value`` under a ``label``, and ``source``, where it comes from. Lazy translations."""

    label: Any
    value: Any
    source: Any = ""


@dataclass(frozen=True)
class KnownSection:
    """What the platform knows under one heading, shown in the form's section of that code (else in its first)."""

    title: Any
    lines: Sequence[KnownLine]
    section: str = ""


class CaseSystem(Protocol):
    """What a system tells the engine of its own cases. Subclass it and write what differs: each method has an answer.

    Every method that writes is called inside the action's transaction, with its ``actor`` and ``now``; what it raises undoes
    the step. Texts may be lazy translations.
    """

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        """Why this body or person may not apply in this round: a sentence with rule and fix. None: they may. Asked when an
        application is opened and again when it is submitted."""
        return None

    def terms(self, round_: Round) -> Sequence[tuple[str, str]]:
        """What holds in a call beside what the engine keeps of it, as label and value. Becomes public."""
        return ()

    def ways(self, actor: Actor, round_: Round) -> Sequence[tuple[str, str]]:
        """What an applicant, or the office, keeps in a call beside the single applications, as label and address."""
        return ()

    def sought(self, plan: Plan | None, on: dt.date) -> Sequence[Sought]:
        """What is missing under a plan on a day: offered to whoever prepares a call as what it looks for. Becomes public."""
        return ()

    def offered(self, case: Case, section: str) -> Mapping[str, Sequence[tuple[str, str]]]:
        """What this applicant chooses from, as (value, label) by the name of a text field of a section: its own staff, its own
        titles. The page offers these alone; what was sent is judged in ``submission_faults``."""
        return {}

    def title(self, case: Case) -> str:
        """What the case is called in lists, 120 characters at most. Asked at opening, and at each submission."""
        return case.applicant_name

    def draft_title(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> str:
        """What a draft is called by what is typed in it so far, where an applicant may have several; empty: as it was. Asked
        when a draft is saved."""
        return ""

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        """What the completeness check looks at, in order. Each must be recorded as well before the check can be passed."""
        return ()

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        """Label and value of what stands in the head of the case page."""
        return ()

    def public_facts(self, case: Case) -> dict[str, str]:
        """Value by label of what a public notice shows: masked, nothing else of the case becomes public."""
        return {str(_("Applicant")): case.applicant_name}

    def parties(self, case: Case) -> Parties:
        """Whom the case is about."""
        return Parties(frozenset({case.body_id} if case.body_id else ()), frozenset({case.person_id} if case.person_id else ()))

    def parties_of(self, cases: Sequence[Case]) -> dict[UUID, Parties]:
        """The same for many, by public id: override it where ``parties`` asks the database."""
        return {case.public_id: self.parties(case) for case in cases}

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        """What is wrong across sections, as (section, field, sentence); a field may be empty. Asked before each submission."""
        return ()

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        """Take the cleaned answers, by section and field as plain JSON values, into the system's own typed rows. Called at
        each submission: what an earlier one left is replaced."""

    def agreeing(self, case: Case) -> Sequence[Agreeing]:
        """Who must agree to what was just submitted. Asked when a case comes to a consent stage; nobody: it goes on at once. The
        applicant, who submitted it, is not asked once more."""
        return ()

    def known(self, case: Case) -> Sequence[KnownSection]:
        """What the platform itself knows of those the application is about (certificates, employment): shown beside the answers,
        frozen with each submission; nobody types over it. Asked once a page, and at each submission before ``keep_answers``."""
        return ()

    def group(self, case: Case) -> Group | None:
        """Within which group the case is ranked, beside the ranking across all; None: only across all."""
        return None

    def groups_of(self, cases: Sequence[Case]) -> Mapping[UUID, Group]:
        """The same for many, by public id, without those that have none: override it where ``group`` asks the database."""
        return {case.public_id: group for case in cases if (group := self.group(case)) is not None}

    def groups(self, plan: Plan | None) -> Sequence[Group]:
        """All groups of a call under this plan: the office may give each a number of seats."""
        return ()

    def deciding(self, case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
        """Somebody is about to decide, in this very transaction: hold what must not change meanwhile, and raise ``Refused``, with
        rule and fix, where the case can't be decided so."""
        return  # an answer, though an empty one: nobody must write it

    def signers(self, case: Case) -> Sequence[Organisation]:
        """The bodies that must all sign. Asked when a co-signing stage begins."""
        return ()

    def signing_content(self, case: Case) -> dict[str, Any]:
        """The text over which is signed, as plain JSON."""
        return {}

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        """Make what was applied for. Called exactly once for a case whose step to ``awarded`` is committed with it; may be
        called again after a try that was rolled back."""

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        """The case came to its end otherwise than by an award: ``withdrawn``, ``rejected`` or ``ended``."""


@dataclass(frozen=True)
class Procedure:
    """A kind of application. ``number`` is the pattern of case numbers: ``{year}`` and ``{serial:04d}`` are filled in.
    ``applicant`` is ``body``, ``person`` or ``either``; ``applicant_roles`` who of a body writes its application. ``once``: one
    standing case for each applicant and round; ``"person"``: for each person, while a body may have several, which its system then
    gives titles of their own (``draft_title``). ``sought_at`` names section and field at which applicants read what the call
    looks for."""

    code: str
    version: int
    name: Any
    stages: tuple[Stage, ...]
    forms: Mapping[int, CaseForm]
    system: CaseSystem
    number: str = ""
    applicant: str = "body"
    applicant_roles: frozenset[Role] = frozenset({Role.BASE_MANAGER, Role.HR})
    once: bool | str = True
    sought_at: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        kinds = [stage.kind for stage in self.stages]
        if len({stage.code for stage in self.stages}) != len(self.stages):
            raise ValueError(f"{self.code}: two stages share a code.")
        if len(kinds) < 2 or kinds[0] != StageKind.DRAFT or kinds[-1] != StageKind.AWARD:
            raise ValueError(f"{self.code}: the first stage is a draft, the last an award.")
        if StageKind.DRAFT in kinds[1:] or StageKind.AWARD in kinds[:-1]:
            raise ValueError(f"{self.code}: there is one draft and one award.")
        if not self.forms:
            raise ValueError(f"{self.code}: there is no form.")
        if self.applicant not in {"body", "person", "either"} or self.once not in {True, False, "person"}:
            raise ValueError(f"{self.code}: applicant is body, person or either, once is True, False or person.")

    @property
    def takes_bodies(self) -> bool:
        return self.applicant in {"body", "either"}

    @property
    def takes_persons(self) -> bool:
        return self.applicant in {"person", "either"}

    def is_once_for(self, kind: str) -> bool:
        """Whether a ``body`` or a ``person`` has one standing case in a round, no more."""
        return self.once is True or self.once == kind

    @property
    def form(self) -> CaseForm:
        """The newest form: what a new application is written on."""
        return self.forms[max(self.forms)]

    def form_of(self, options: Mapping[str, Any]) -> CaseForm | None:
        """The form a call's options name, else the newest; None where it names one there is not."""
        named = (options.get(self.first.code) or {}).get("form")
        return self.form if named is None else self.forms.get(named)

    @property
    def first(self) -> Stage:
        return self.stages[0]

    def stage(self, code: str) -> Stage:
        """Raises KeyError."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)

    def position(self, code: str) -> int:
        return [stage.code for stage in self.stages].index(code)

    def after(self, code: str) -> Stage:
        """The stage that follows. Raises IndexError after the last."""
        return self.stages[self.position(code) + 1]

    @property
    def asks_jury(self) -> bool:
        return any(stage.kind == StageKind.MEETING for stage in self.stages)

    @property
    def asks_consent(self) -> bool:
        return any(stage.kind == StageKind.CONSENT for stage in self.stages)

    def resumes_at(self, code: str) -> Stage:
        """Where a case that was sent back from this stage goes on: what changed is agreed to and checked anew, so at the first
        consent or check up to this stage; else where it was."""
        for stage in self.stages[: self.position(code) + 1]:
            if stage.kind in {StageKind.CONSENT, StageKind.CHECK}:
                return stage
        return self.stage(code)

    def number_of(self, year: int, serial: int) -> str:
        return (self.number or self.code.upper()[:12] + "-{year}-{serial:04d}").format(year=year, serial=serial)


_PROCEDURES: dict[str, dict[int, Procedure]] = {}


def register(procedure: Procedure) -> None:
    """Plugged in ``wiring.py``. Versions of one code stand beside each other as long as cases of them are open."""
    known = _PROCEDURES.setdefault(procedure.code, {}).setdefault(procedure.version, procedure)
    if known is not procedure:
        raise RuntimeError(f"The procedure {procedure.code} version {procedure.version} is taken.")


def procedure(code: str, version: int) -> Procedure:
    """Raises KeyError."""
    return _PROCEDURES[code][version]


def latest(code: str) -> Procedure:
    """The version new cases are opened under. Raises KeyError."""
    versions = _PROCEDURES[code]
    return versions[max(versions)]


def procedures() -> list[Procedure]:
    """The latest version of each, in the order of registration."""
    return [latest(code) for code in _PROCEDURES]


def every_version() -> list[Procedure]:
    return [found for versions in _PROCEDURES.values() for found in versions.values()]


def is_known(code: str, version: int) -> bool:
    return version in _PROCEDURES.get(code, {})


@contextmanager
def registered(*given: Procedure) -> Iterator[None]:
    """For tests: these procedures beside those that are registered, for a while."""
    kept = {code: dict(versions) for code, versions in _PROCEDURES.items()}
    try:
        for each in given:
            register(each)
        yield
    finally:
        _PROCEDURES.clear()
        _PROCEDURES.update(kept)


def stages_of(choose: Callable[[Stage], bool]) -> list[tuple[str, int, str]]:
    """Code, version and stage of every registered stage that is chosen."""
    return [(each.code, each.version, stage.code) for each in every_version() for stage in each.stages if choose(stage)]
