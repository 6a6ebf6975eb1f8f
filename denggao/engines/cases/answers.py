"""From what was typed to what is submitted: cleaning by the section's own form, canonical JSON, its hash, and what differs
between two submissions. Pure but for looking up the files named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from denggao.engines.cases.procedures import CaseForm, Section
from denggao.foundation.audit.records import canonical, plain
from denggao.foundation.files.models import StoredFile

Answers = dict[str, Any]
Sections = dict[str, Answers]


def bound(section: Section, answers: Mapping[str, Any]) -> forms.Form:
    """The section's form over what a draft or a snapshot holds."""
    return section.form_class(dict(answers))


def clean(form: CaseForm, drafts: Mapping[str, Mapping[str, Any]]) -> tuple[Sections, list[tuple[str, str, str]]]:
    """The answers of all sections as plain JSON, and the faults as (section, field, sentence)."""
    cleaned: Sections = {}
    faults: list[tuple[str, str, str]] = []
    for section in form.sections:
        filled = bound(section, drafts.get(section.code, {}))
        if filled.is_valid():
            cleaned[section.code] = plain(filled.cleaned_data)
        for name, errors in filled.errors.items():
            faults += [(section.code, "" if name == "__all__" else name, str(error)) for error in errors]
    return cleaned, faults


def file_ids(form: CaseForm, answers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Public ids of the files among the answers, in the order of the form."""
    return [
        str(each)
        for section in form.sections
        for name, field in section.fields().items()
        if hasattr(field, "taken")
        for each in answers.get(section.code, {}).get(name) or ()
    ]


def files_named(ids: Iterable[str]) -> list[dict[str, Any]]:
    """What is kept of the files: ``[{id, name, sha256, size}]``, sorted by id."""
    found = StoredFile.objects.filter(public_id__in=list(ids), erased_at__isnull=True).order_by("public_id")
    return [{"id": str(each.public_id), "name": each.name, "sha256": each.sha256, "size": each.size} for each in found]


def content_hash(case_id: str, number: int, form_version: int, answers: Any, files: Any, known: Any = None) -> str:
    """SHA-256 over the canonical content of a snapshot. What the platform knew belongs to it where it knew anything."""
    content = [case_id, number, form_version, plain(answers), plain(files)]
    return hashlib.sha256(canonical([*content, plain(known)] if known else content)).hexdigest()


@dataclass(frozen=True)
class Change:
    """One field that differs. ``before``/``after`` are the plain values, None where there was none. For a table, ``rows``
    are (number from 1 or 0 where it is gone or new, before, after) of the rows that differ."""

    section: str
    field: str
    before: Any
    after: Any
    rows: tuple[tuple[int, Any, Any], ...] = ()

    @property
    def kind(self) -> str:
        return "added" if self.before in _NOTHING else "removed" if self.after in _NOTHING else "changed"


_NOTHING: tuple[Any, ...] = (None, "", [], {})


def diff(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[Change]:
    """What differs between two submissions' answers, in the order of the newer; pure. Nothing and empty are the same."""
    changes = []
    for section in _keys(after, before):
        old, new = before.get(section, {}), after.get(section, {})
        for name in _keys(new, old):
            first, second = old.get(name), new.get(name)
            if first != second and not (first in _NOTHING and second in _NOTHING):
                changes.append(Change(section, name, first, second, _rows(first, second)))
    return changes


def _keys(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def _rows(before: Any, after: Any) -> tuple[tuple[int, Any, Any], ...]:
    sides = (before, after)
    if not any(map(_is_table, sides)) or not all(side in _NOTHING or _is_table(side) for side in sides):
        return ()
    old: list[Any] = list(before or [])
    new: list[Any] = list(after or [])
    # Rows that stand unchanged anywhere are no difference; the rest are paired in their order.
    kept = list(old)
    fresh: list[tuple[int, Any]] = []
    for number, row in enumerate(new, 1):
        if row in kept:
            kept.remove(row)
        else:
            fresh.append((number, row))
    paired = [
        (fresh[at][0] if at < len(fresh) else 0, kept[at] if at < len(kept) else None, fresh[at][1] if at < len(fresh) else None)
        for at in range(max(len(fresh), len(kept)))
    ]
    return tuple(paired)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


# Two who write in one section at the same time


@dataclass(frozen=True)
class Merged:
    """What follows when a save meets another: the section as it stands now, and the fields in which both wrote differently
    (there the text that stands already stays)."""

    answers: Answers
    clashing: list[str]
    changed: bool


def merge(base: Mapping[str, Any], standing: Mapping[str, Any], sent: Mapping[str, Any]) -> Merged:
    """Three-way, field by field: what the writer changed since ``base`` goes into ``standing``, unless another changed the
    same field to something else meanwhile. Pure."""
    merged, clashing = dict(standing), []
    for name in sent:
        if sent[name] == base.get(name) or sent[name] == standing.get(name):
            continue
        if standing.get(name) == base.get(name):
            merged[name] = sent[name]
        else:
            clashing.append(name)
    return Merged(merged, clashing, merged != dict(standing))


def labels(section: Section) -> dict[str, str]:
    """What each field is called, in the active language."""
    return {name: str(field.label or name.replace("_", " ")) for name, field in section.fields().items()}


def in_words(section: Section, name: str, value: Any) -> str | list[Any]:
    """A value as it is shown: the label of a choice, yes or no, the rows of a table as they are."""
    field = section.fields().get(name)
    if value in _NOTHING:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, forms.ChoiceField):
        known = {str(key): str(label) for key, label in _flat(field.choices)}
        return [known.get(str(one), str(one)) for one in value] if isinstance(value, list) else known.get(str(value), str(value))
    return value if isinstance(value, list) else str(value)


def _flat(choices: Any) -> Sequence[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(key, label)]
    return found
