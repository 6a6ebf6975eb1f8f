"""What an application form asks that Django's own fields don't: a table of rows, and files.

Both keep what was typed or handed in as plain JSON, as the draft keeps it: rows as ``[{column key: text}]``, files as the
public ids of stored files. A form is bound to a draft's answers as it is to a request: ``form_class(answers)``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.rules import EXTENSIONS
from denggao.foundation.sheets.kinds import Cell, Column, Fault

MOST_ROWS = 500
MOST_FILES = 20
FILE_LIMIT = 20 * 1024 * 1024
LARGE_LIMIT = 2 * 1024 * 1024 * 1024
# Blank rows that stand ready below those filled in; the button below adds more, with or without a script.
READY_ROWS = 1


class RowsWidget(forms.Widget):
    """A table to type into. A row left blank, or marked to go, is none."""

    template_name = "cases/widgets/rows.html"

    def __init__(self, columns: Sequence[Column] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = columns
        self.sheet_url = ""
        self.faults: Mapping[tuple[int, str], str] = {}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]] | None:
        """The rows that hold something; None where the table was not sent at all."""
        kept = data.get(name)
        if isinstance(kept, list):
            return kept
        if f"{name}-total" not in data:
            return None
        try:
            total = min(int(data[f"{name}-total"]), 4 * MOST_ROWS)
        except ValueError:
            total = 0
        rows = []
        for number in range(total):
            if data.get(f"{name}-{number}-remove"):
                continue
            row = {column.key: str(data.get(f"{name}-{number}-{column.key}", "")).strip() for column in self.columns}
            if any(row.values()):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}-total" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        language = get_language() or ""
        rows = [row for row in value or [] if isinstance(row, dict)]
        shown = [*rows, *({} for _ready in range(READY_ROWS))]
        context["widget"] |= {
            "titles": [(column.key, column.title(language), column.required) for column in self.columns],
            "rows": [self._row(name, number, row, language) for number, row in enumerate(shown)],
            "blank": self._row(name, "__row__", {}, language),
            "filled": len(rows),
            "total": len(shown),
            "sheet_url": self.sheet_url,
        }
        return context

    def _row(self, name: str, number: int | str, row: Mapping[str, str], language: str) -> dict[str, Any]:
        return {
            "number": number,
            "shown": number + 1 if isinstance(number, int) else "",
            "remove": f"{name}-{number}-remove",
            "cells": [
                {
                    "name": f"{name}-{number}-{column.key}",
                    "title": column.title(language),
                    "value": row.get(column.key, ""),
                    "example": column.example,
                    "fault": self.faults.get((number, column.key), "") if isinstance(number, int) else "",
                }
                for column in self.columns
            ],
        }


class RowsField(forms.Field):
    """A table of rows, typed by hand or taken from a sheet with the same columns (``foundation/sheets``), each cell read as
    the sheet reads it. ``least`` rows are asked for, where the field is required at least one."""

    widget: Any = RowsWidget

    def __init__(self, *, columns: Sequence[Column], least: int = 1, most: int = MOST_ROWS, **given: Any) -> None:
        self.columns, self.least, self.most = tuple(columns), least, most
        super().__init__(widget=RowsWidget(self.columns), **given)

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsField:
        copied: RowsField = super().__deepcopy__(memo)
        copied.widget.columns = self.columns
        return copied

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Rows by column key; None where a cell is blank. Raises ValidationError, a sentence for each fault."""
        rows = [row for row in value or [] if isinstance(row, dict)]
        if self.required and len(rows) < max(self.least, 1):
            least = max(self.least, 1)
            raise ValidationError(
                ngettext("Enter at least %(least)s row.", "Enter at least %(least)s rows.", least) % {"least": least}
            )
        if len(rows) > self.most:
            raise ValidationError(
                _("At most %(most)s rows can be taken; there are %(count)s.") % {"most": self.most, "count": len(rows)}
            )
        read, faults = read_rows(self.columns, rows)
        if faults:
            self.widget.faults = faults
            raise ValidationError([_row_fault(number, faults[number, key]) for number, key in sorted(faults)])
        return read


def _row_fault(number: int, sentence: str) -> str:
    return _("Row %(row)s: %(fault)s") % {"row": number + 1, "fault": sentence}


def read_rows(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str]]
) -> tuple[list[dict[str, Any]], dict[tuple[int, str], str]]:
    """Rows of texts as values, and the faults by (row from 0, column key)."""
    language = get_language() or ""
    read: list[dict[str, Any]] = []
    faults: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows):
        values: dict[str, Any] = {}
        for column in columns:
            text = str(row.get(column.key, "") or "").strip()
            value = column.parse(Cell(text, text)) if text else None
            if isinstance(value, Fault):
                faults[number, column.key] = sentence_of(value, column, language)
                value = None
            elif value is None and column.required:
                faults[number, column.key] = _("%(column)s is missing.") % {"column": column.title(language)}
            values[column.key] = value
        read.append(values)
    return read, faults


def sentence_of(fault: Fault, column: Column, language: str) -> str:
    return str(fault.text) % {"column": column.title(language), **fault.values}


class FilesWidget(forms.Widget):
    """The files handed in so far, each to open or to take out, and one input for more."""

    template_name = "cases/widgets/files.html"
    needs_multipart_form = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.stored: Mapping[str, StoredFile] = {}
        self.taken: Sequence[str] = ()
        self.several = True
        self.limit = FILE_LIMIT
        self.in_pieces = False
        self.begin_url = ""
        self.place = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str] | None:
        """Ids of the files that stay; the view adds those handed in just now (``<name>-new``)."""
        kept = data.get(name)
        if isinstance(kept, list):
            return kept
        if f"{name}-sent" not in data:
            return None
        gone = set(data.getlist(f"{name}-remove"))
        return [each for each in data.getlist(name) if each not in gone]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}-sent" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        ids = [each for each in value or [] if isinstance(each, str)]
        context["widget"] |= {
            "files": [(each, self.stored.get(each)) for each in ids],
            "accept": ",".join(f".{ending}" for ending in endings_of(self.taken)),
            "several": self.several,
            "megabytes": max(min(self.limit, FILE_LIMIT) // 1024 // 1024, 1),
            "begin_url": self.begin_url if self.in_pieces else "",
            "place": self.place,
            "gigabytes": f"{self.limit / 1024**3:.1f}".removesuffix(".0"),
        }
        return context


def endings_of(taken: Sequence[str]) -> list[str]:
    """How the names of files of these types end."""
    return [ending for kind in taken for ending in EXTENSIONS.get(kind, (kind,))]


class FilesField(forms.Field):
    """Files of the types ``taken`` (as ``files.store_file`` names them), each up to ``limit`` bytes; ``most`` of them.
    ``in_pieces``: large ones, sent piece by piece, so that a broken line loses nothing; without a script as others are."""

    widget: Any = FilesWidget

    def __init__(
        self,
        *,
        taken: Sequence[str] = ("pdf", "png", "jpeg"),
        limit: int | None = None,
        most: int = MOST_FILES,
        in_pieces: bool = False,
        **given: Any,
    ) -> None:
        self.taken, self.most, self.in_pieces = tuple(taken), most, in_pieces
        self.limit = limit if limit is not None else LARGE_LIMIT if in_pieces else FILE_LIMIT
        super().__init__(**given)
        self._tell_widget()

    def _tell_widget(self) -> None:
        self.widget.taken, self.widget.limit, self.widget.several = self.taken, self.limit, self.most > 1
        self.widget.in_pieces = self.in_pieces

    def __deepcopy__(self, memo: dict[int, Any]) -> FilesField:
        copied: FilesField = super().__deepcopy__(memo)
        copied._tell_widget()
        return copied

    def clean(self, value: Any) -> list[str]:
        """The public ids, as texts."""
        ids = [str(each) for each in value or [] if _is_id(each)]
        if self.required and not ids:
            raise ValidationError(_("A file is missing here: hand in %(kinds)s.") % {"kinds": self.kinds_in_words()})
        if len(ids) > self.most:
            raise ValidationError(
                ngettext("At most %(most)s file can be handed in here.", "At most %(most)s files can be handed in here.", self.most)
                % {"most": self.most}
            )
        return ids

    def kinds_in_words(self) -> str:
        return ", ".join(f".{ending}" for ending in endings_of(self.taken))


def _is_id(value: object) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def answers_of(form: forms.Form, data: Any, files: Any = None) -> dict[str, Any]:
    """What a form was sent, by field, as a draft keeps it: texts, lists of texts, rows, ids of files. A field that was
    not sent is left out (a box not ticked, of which nothing is ever sent, is False)."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        widget = field.widget
        if widget.value_omitted_from_data(data, files or {}, form.add_prefix(name)):
            continue
        value = widget.value_from_datadict(data, files or {}, form.add_prefix(name))
        if value is not None:
            found[name] = str(value) if isinstance(value, Promise) else value
    return found
