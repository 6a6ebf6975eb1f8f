"""What a page of the application form is made of: one section of a case's drafts, and who else writes in it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from denggao.engines.cases.arriving import Unfinished, unfinished
from denggao.engines.cases.fields import FilesField, RowsField
from denggao.engines.cases.focus import Sought, grouped
from denggao.engines.cases.known import ShownKnown, known_in, known_of, shown_known
from denggao.engines.cases.models import Attachment, Case, Correction, Draft, DraftVersion
from denggao.engines.cases.procedures import CaseForm, Section
from denggao.engines.cases.showing import SectionState, ShownField, shown_field, state_of
from denggao.engines.cases.states import State
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.masks import mask_name
from denggao.foundation.ui.words import account_names

# How long somebody who was seen on a page of the form counts as writing.
_PRESENT_SECONDS = 60


@dataclass
class Item:
    """A field as the page shows it: to fill in, or locked, as it was filed."""

    name: str
    field: Any
    shown: ShownField
    remark: str = ""
    locked: bool = False
    faults: list[str] = field(default_factory=list)
    sought: list[tuple[str, list[Sought]]] = field(default_factory=list)
    arriving: list[Unfinished] = field(default_factory=list)


@dataclass(frozen=True)
class Clash:
    """One field in which two wrote: the text kept aside, and the one that stands."""

    name: str
    label: str
    mine: ShownField
    theirs: ShownField


@dataclass(frozen=True)
class Conflict:
    id: str
    url: str
    own: bool
    writer: str
    who: str
    at: dt.datetime
    standing_at: dt.datetime
    fields: list[Clash]


class FormPage:
    """One section of an application, for one writer. Raises Http404 for a section the form doesn't have. ``checked``: whether
    what is there is judged, as after looking through it."""

    def __init__(self, case: Case, code: str, *, actor: Actor, checked: bool = False) -> None:
        self.case, self.actor, self.checked = case, actor, checked
        self.form_declared: CaseForm = case.declared.forms[case.form_version]
        try:
            self.section: Section = self.form_declared.section(code)
        except KeyError:
            raise Http404 from None
        self.faults: dict[str, list[str]] = {}

    @cached_property
    def drafts(self) -> dict[str, Draft]:
        return {draft.section: draft for draft in Draft.objects.filter(case=self.case)}

    @property
    def draft(self) -> Draft | None:
        return self.drafts.get(self.section.code)

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft else 0

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.draft.answers or {}) if self.draft else {}

    @cached_property
    def correction(self) -> Correction | None:
        if self.case.state != State.RETURNED:
            return None
        return Correction.objects.filter(case=self.case, closed_at__isnull=True).select_related("step").first()

    def remarks(self, section: str) -> dict[str, str] | None:
        """Remark by field of what may be corrected in a section; None where everything may be written."""
        if self.correction is None:
            return None
        return {each["field"]: each.get("remark", "") for each in self.correction.fields if each["section"] == section}

    def may_change(self, name: str) -> bool:
        remarks = self.remarks(self.section.code)
        return remarks is None or name in remarks or "" in remarks

    @cached_property
    def files(self) -> dict[str, StoredFile]:
        return files_of(self.case)

    @cached_property
    def form(self) -> forms.Form:
        """The section's form with what the draft holds: judged where the page asks for it, else only shown."""
        given = self.section.form_class(self.answers) if self.checked else self.section.form_class(initial=self.answers)
        return self.dressed(given)

    def dressed(self, form: forms.Form) -> forms.Form:
        """With what the widgets need to be drawn: files by id, the way to the sheet, what this applicant chooses from."""
        for name, choices in self.case.declared.system.offered(self.case, self.section.code).items():
            form.fields[name].widget = forms.Select(choices=[("", _("Choose")), *self._with_kept(name, choices)])
        for name, asked in form.fields.items():
            if isinstance(asked, FilesField):
                asked.widget.stored = self.files
                if asked.in_pieces:
                    place = [self.case.public_id, self.section.code, name]
                    asked.widget.begin_url = reverse("cases:large", args=place)
                    asked.widget.place = ":".join(str(part) for part in place)
            elif isinstance(asked, RowsField):
                asked.widget.sheet_url = reverse("cases:rows", args=[self.case.public_id, self.section.code, name])
        return form

    def _with_kept(self, name: str, choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Beside what is offered, what the draft holds: nothing typed is lost when the offer changes."""
        kept = str(self.answers.get(name) or "")
        return [*choices, *([(kept, kept)] if kept and kept not in {value for value, _label in choices} else [])]

    @property
    def items(self) -> list[Item]:
        return [self.item(name) for name in self.form.fields]

    def item(self, name: str) -> Item:
        remarks = self.remarks(self.section.code) or {}
        shown = shown_field(name, self.form.fields[name], self.answers.get(name), self.files)
        return Item(
            name,
            self.form[name],
            shown,
            remarks.get(name, ""),
            not self.may_change(name),
            self.faults.get(name, []),
            self.sought(name),
            [each for each in self.unfinished if (each.section, each.field) == (self.section.code, name)],
        )

    @cached_property
    def unfinished(self) -> list[Unfinished]:
        return unfinished(self.case, self.actor)

    def sought(self, name: str) -> list[tuple[str, list[Sought]]]:
        """What the call looks for, at the field that asks after it."""
        at = self.case.declared.sought_at == (self.section.code, name)
        return grouped(self.case.round.looks_for) if at and self.case.round is not None else []

    def drawn(self, name: str) -> str:
        return render_to_string("cases/parts/field.html", {"item": self.item(name)})

    def state(self, section: Section) -> SectionState:
        draft = self.drafts.get(section.code)
        locked = self.correction is not None and not self.remarks(section.code)
        return state_of(section, draft.answers or {} if draft else {}, locked=locked, on=section.code == self.section.code)

    @property
    def states(self) -> list[SectionState]:
        return [self.state(section) for section in self.form_declared.sections]

    def drawn_state(self, section: Section | None = None) -> str:
        return render_to_string("cases/parts/state.html", {"state": self.state(section or self.section)})

    @property
    def number(self) -> int:
        return [section.code for section in self.form_declared.sections].index(self.section.code) + 1

    @property
    def next(self) -> Section | None:
        """The section after this one in which something can be written."""
        following = self.form_declared.sections[self.number :]
        return next((each for each in following if self.correction is None or self.remarks(each.code)), None)

    @cached_property
    def known(self) -> list[ShownKnown]:
        """What the platform knows that stands in this section. The system is asked once."""
        codes = [section.code for section in self.form_declared.sections]
        return known_in(self.section.code, shown_known(known_of(self.case)), codes)

    # What others do

    def conflicts(self) -> list[Conflict]:
        """The texts of this section kept aside, that nobody has chosen between yet. Up to three queries."""
        if self.draft is None:
            return []
        versions = list(DraftVersion.objects.filter(draft=self.draft, outcome="conflict", settled_at__isnull=True))
        names = account_names({each.saved_by for each in versions} | {self.draft.saved_by}) if versions else {}
        return [self._conflict(each, names) for each in versions]

    def _conflict(self, version: DraftVersion, names: Mapping[str, str]) -> Conflict:
        assert self.draft is not None
        own = version.saved_by == self.actor.id
        writer = mask_name(names.get(version.saved_by, "")) or _("A colleague")
        stands = mask_name(names.get(self.draft.saved_by, "")) or _("A colleague")
        sent, fields = version.sent or {}, self.section.fields()
        return Conflict(
            str(version.public_id),
            reverse("cases:settle", args=[self.case.public_id, self.section.code, version.public_id]),
            own,
            writer,
            stands if own else writer,
            version.saved_at,
            self.draft.saved_at,
            [
                Clash(
                    name,
                    shown_field(name, fields[name], None, {}).label,
                    shown_field(name, fields[name], sent.get(name), self.files),
                    shown_field(name, fields[name], self.answers.get(name), self.files),
                )
                for name in version.clashing
                if name in fields
            ],
        )

    def drawn_conflicts(self, request: HttpRequest) -> str:
        context = {"conflicts": self.conflicts(), "csrf_token": get_token(request)}
        return render_to_string("cases/parts/conflicts.html", context)

    def changed_since(self, revision: int, *, but: Collection[str] = ()) -> list[str]:
        """The fields that others changed since a revision."""
        if self.draft is None or revision >= self.draft.revision:
            return []
        found = DraftVersion.objects.filter(draft=self.draft, revision=revision).first()
        base = (found.answers or {}) if found is not None else {}
        return [name for name in self.form.fields if name not in but and base.get(name) != self.answers.get(name)]


def files_of(case: Case) -> dict[str, StoredFile]:
    """The files handed in with a case, by id. One query."""
    return {str(each.file.public_id): each.file for each in _attachments.objects(case.pk)}


@readied(int)
def _attachments(case_id: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(case_id=case_id, file__erased_at__isnull=True).select_related("file")


def company(case: Case, section: str, actor: Actor) -> str:
    """Who else writes in this application just now, in a sentence, empty where nobody does; and that the actor does."""
    key, now = f"cases:company:{case.public_id}", time.time()
    present: dict[str, float] = {who: at for who, at in (cache.get(key) or {}).items() if now - at < _PRESENT_SECONDS}
    others = [who for who in present if who != actor.id]
    cache.set(key, {**present, actor.id: now}, _PRESENT_SECONDS)
    return in_company(others)


def in_company(others: Iterable[str]) -> str:
    others = list(others)
    if not others:
        return ""
    names = account_names(others)
    shown = _(", ").join(sorted(mask_name(names.get(who, "")) or _("a colleague") for who in others))
    return _("%(names)s is editing too") % {"names": shown}
