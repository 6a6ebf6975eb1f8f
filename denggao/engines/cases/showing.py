"""How answers look on a page: by section and field, in words. Reads a form's declaration and plain JSON; one query for the
files among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from denggao.engines.cases.fields import FilesField, RowsField
from denggao.engines.cases.known import ShownKnown, known_in, shown_known
from denggao.engines.cases.procedures import CaseForm, Section
from denggao.foundation.files.models import StoredFile
from denggao.foundation.sheets.kinds import Column
from denggao.foundation.sheets.rules import masked

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ShownField:
    """One answer. ``kind`` says what ``value`` is: ``text``; ``list`` of texts; ``rows``, lists of texts under ``titles``;
    ``files``, stored files, or the bare id of one that is gone. ``raw`` is the answer itself where ``value`` shows it masked."""

    name: str
    label: str
    kind: str
    value: Any
    titles: tuple[str, ...] = ()
    raw: Any = None

    @property
    def is_empty(self) -> bool:
        return not self.value

    @property
    def is_wide(self) -> bool:
        return self.kind in {"rows", "files"} or (self.kind == "text" and (len(self.value) > 160 or "\n" in self.value))

    @property
    def as_text(self) -> str:
        """For comparing, and for places that take only text."""
        if self.kind == "rows":
            return "\n".join(" · ".join(cell for cell in row if cell) for row in self.value)
        if self.kind == "files":
            return "\n".join(file.name if isinstance(file, StoredFile) else str(file) for file in self.value)
        return " · ".join(self.value) if self.kind == "list" else str(self.value)


@dataclass(frozen=True)
class ShownSection:
    code: str
    title: str
    fields: list[ShownField] = field(default_factory=list)
    locked: bool = False
    known: list[ShownKnown] = field(default_factory=list)

    @property
    def short(self) -> list[ShownField]:
        return [item for item in self.fields if not item.is_wide and not item.is_empty]

    @property
    def wide(self) -> list[ShownField]:
        return [item for item in self.fields if item.is_wide and not item.is_empty]

    @property
    def is_empty(self) -> bool:
        return all(item.is_empty for item in self.fields) and not self.known


def files_among(*given: Answers) -> dict[str, StoredFile]:
    """The stored files whose ids stand among answers, by id. One query, none where there is no id."""
    ids = {
        each
        for answers in given
        for section in answers.values()
        for value in section.values()
        if isinstance(value, list)
        for each in value
        if isinstance(each, str) and len(each) == 36 and each.count("-") == 4
    }
    if not ids:
        return {}
    found = StoredFile.objects.filter(public_id__in=[each for each in ids if _hexadecimal(each)], erased_at__isnull=True)
    return {str(file.public_id): file for file in found}


def _hexadecimal(text: str) -> bool:
    return all(char in "0123456789abcdefABCDEF-" for char in text)


def shown_sections(
    form: CaseForm, answers: Answers, files: Mapping[str, StoredFile], known: Iterable[Mapping[str, Any]] | None = None
) -> list[ShownSection]:
    """Every section of the form, in order, whether answered or not, with what the platform knows (as ``known`` keeps it)."""
    codes, kept = [section.code for section in form.sections], shown_known(known)
    return [
        ShownSection(
            section.code,
            str(section.title),
            [shown_field(name, fld, given.get(name), files) for name, fld in section.fields().items()],
            known=known_in(section.code, kept, codes),
        )
        for section in form.sections
        for given in [answers.get(section.code, {})]
    ]


def shown_field(name: str, asked: forms.Field, value: Any, files: Mapping[str, StoredFile]) -> ShownField:
    label = label_of(name, asked)
    if isinstance(asked, RowsField):
        titles = tuple(column.title(get_language() or "") for column in asked.columns)
        rows = [[_cell(row.get(column.key), column) for column in asked.columns] for row in value or [] if isinstance(row, dict)]
        return ShownField(name, label, "rows", rows, titles, raw=value)
    if isinstance(asked, FilesField):
        return ShownField(name, label, "files", [files.get(str(each), str(each)) for each in value or []])
    if isinstance(value, list):
        return ShownField(name, label, "list", [_choice(asked, each) for each in value])
    mask = getattr(asked, "mask", None)
    if mask is not None and value:
        # PRIVACY: whole only where it is typed.
        return ShownField(name, label, "text", mask(str(value)), raw=value)
    return ShownField(name, label, "text", _text(asked, value))


def label_of(name: str, asked: forms.Field) -> str:
    return str(asked.label) if asked.label else name.replace("_", " ").capitalize()


def _cell(value: Any, column: Column) -> str:
    """PRIVACY: a personal column is masked, to whomever it is shown; it is whole only where it is typed."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _yes_or_no(value)
    return masked(column, _in_words(value, column))


def _in_words(value: Any, column: Column) -> str:
    """A code in words; what was typed and is no code yet, as typed."""
    if column.show is not None:
        try:
            return str(column.show(value)) or str(value)
        except (KeyError, ValueError, TypeError, AttributeError):
            pass
    return str(value)


def _text(asked: forms.Field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(asked, forms.BooleanField):
        return _yes_or_no(value in {True, "on", "true", "True", "1"})
    if isinstance(value, dt.date):
        return value.isoformat()
    return _choice(asked, value)


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _choice(asked: forms.Field, value: Any) -> str:
    """A choice's label; of a choice of objects the object's own name."""
    if isinstance(asked, forms.ModelChoiceField):
        return _named(asked, value)
    if isinstance(asked, forms.ChoiceField):
        for key, label in _flat(asked.choices):
            if str(key) == str(value):
                return str(label)
    return str(value)


def _named(asked: forms.ModelChoiceField[Any], value: Any) -> str:
    try:
        found = asked.to_python(value)
    except forms.ValidationError:
        return str(value)
    return asked.label_from_instance(found) if found is not None else ""


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


@dataclass(frozen=True)
class SectionState:
    """How far a section is. ``code``: ``empty``, ``faulty``, ``done``, or ``locked`` where it can't be changed now; ``missing``
    is how many fields have a fault."""

    section: str
    title: str
    code: str
    missing: int = 0
    on: bool = False


@dataclass(frozen=True)
class OpenPoint:
    """Something to mend before submitting."""

    section: str
    field: str
    label: str
    sentence: str


def points_of(section: Section, answers: Mapping[str, Any]) -> list[OpenPoint]:
    """What the section's form says against its answers. Binds the form as a request would."""
    form = section.form_class(dict(answers))
    found = [OpenPoint(section.code, "", str(section.title), str(sentence)) for sentence in form.non_field_errors()]
    for name, sentences in form.errors.items():
        if name == "__all__":
            continue
        label = f"{section.title} · {label_of(name, form.fields[name])}"
        found.extend(OpenPoint(section.code, name, label, str(sentence)) for sentence in sentences)
    return found


def state_of(section: Section, answers: Mapping[str, Any], *, locked: bool = False, on: bool = False) -> SectionState:
    """``on``: whether it is the section the page shows."""
    title = str(section.title)
    if locked:
        return SectionState(section.code, title, "locked", on=on)
    if not any(answers.values()):
        return SectionState(section.code, title, "empty", on=on)
    missing = len({(point.field, point.sentence if not point.field else "") for point in points_of(section, answers)})
    return SectionState(section.code, title, "faulty" if missing else "done", missing, on)


@dataclass(frozen=True)
class Difference:
    """A field that changed between two submissions, as text: both sides, either may be empty."""

    section: str
    label: str
    before: str
    after: str


def differences(
    form: CaseForm, before: Answers, after: Answers, files: Mapping[str, StoredFile], known: tuple[Any, Any] = (None, None)
) -> list[Difference]:
    """Field by field, in the order of the form; ``known``: what the platform knew at either submission."""
    found = []
    earlier, later = shown_sections(form, before, files, known[0]), shown_sections(form, after, files, known[1])
    for one, other in zip(earlier, later, strict=True):
        for was, now in zip(one.fields, other.fields, strict=True):
            if was.value != now.value or was.raw != now.raw:
                found.append(Difference(one.title, was.label, was.as_text, now.as_text))
        found += _known_differences(one, other)
    return found


def _known_differences(one: ShownSection, other: ShownSection) -> list[Difference]:
    was, now = ({(each.title, line.label): line.value for each in side.known for line in each.lines} for side in (one, other))
    return [
        Difference(one.title, f"{title} · {label}", was.get((title, label), ""), now.get((title, label), ""))
        for title, label in dict.fromkeys([*was, *now])
        if was.get((title, label)) != now.get((title, label))
    ]
