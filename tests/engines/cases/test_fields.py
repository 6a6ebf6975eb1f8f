"""What a form asks that Django's own fields don't: a table of rows, and files."""

from __future__ import annotations

import uuid

from django import forms
from django.http import QueryDict
from django.utils import translation

from denggao.engines.cases.fields import FilesField, RowsField, answers_of
from denggao.foundation.sheets.cells import text
from denggao.foundation.sheets.kinds import Cell, Column, Fault


def _whole(cell: Cell) -> int | Fault:
    return int(cell.text) if cell.text.isdigit() else Fault("", "%(column)s: write a whole number.")


COLUMNS = (Column("name", "设备名称", "Equipment", text, required=True), Column("count", "数量", "Number", _whole))


class Form(forms.Form):
    title = forms.CharField()
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    agreed = forms.BooleanField(required=False)
    equipment = RowsField(columns=COLUMNS)
    papers = FilesField(required=False)


def test_what_was_sent_is_kept_as_plain_json_and_binds_the_form_again():
    file = str(uuid.uuid4())
    sent = QueryDict(
        "title=x&kinds=a&kinds=b&agreed=on&equipment-total=3&equipment-0-name=车床&equipment-0-count=3"
        f"&equipment-1-name=&equipment-2-name=磨床&equipment-2-count=&papers-sent=1&papers={file}"
    )

    kept = answers_of(Form(), sent)
    form = Form(kept)

    assert kept == {
        "title": "x",
        "kinds": ["a", "b"],
        "agreed": True,
        "equipment": [{"name": "车床", "count": "3"}, {"name": "磨床", "count": ""}],
        "papers": [file],
    }
    assert form.is_valid(), form.errors
    assert form.cleaned_data["equipment"] == [{"name": "车床", "count": 3}, {"name": "磨床", "count": None}]
    assert form.cleaned_data["papers"] == [file]


def test_a_table_and_files_that_were_not_sent_are_left_out():
    assert answers_of(Form(), QueryDict("title=x")) == {"title": "x", "kinds": [], "agreed": False}


def test_rows_and_files_marked_to_go_are_gone():
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    sent = QueryDict(
        "equipment-total=2&equipment-0-name=a&equipment-0-remove=1&equipment-1-name=b"
        f"&papers-sent=1&papers={one}&papers={other}&papers-remove={one}"
    )

    kept = answers_of(Form(), sent)

    assert kept["equipment"] == [{"name": "b", "count": ""}]
    assert kept["papers"] == [other]


def test_each_fault_of_a_row_names_row_column_and_fix():
    form = Form({"title": "x", "equipment": [{"name": "", "count": "3"}, {"name": "b", "count": "many"}]})

    with translation.override("en"):
        faults = form.errors["equipment"]

    assert faults == ["Row 1: Equipment is missing.", "Row 2: Number: write a whole number."]


def test_a_required_table_without_rows_is_a_fault_and_so_are_too_many():
    class Small(forms.Form):
        rows = RowsField(columns=COLUMNS, most=1)

    assert Small({"rows": []}).errors["rows"]
    assert Small({"rows": [{"name": "a"}, {"name": "b"}]}).errors["rows"]
    assert not Small({"rows": [{"name": "a"}]}).errors


def test_a_file_that_is_no_id_is_not_taken():
    class Papers(forms.Form):
        papers = FilesField()

    assert Papers({"papers": ["../../etc/passwd"]}).errors["papers"]


def test_the_table_is_drawn_with_its_rows_its_faults_and_blank_ones():
    form = Form({"title": "x", "equipment": [{"name": "车床", "count": "many"}]})

    drawn = str(form["equipment"])

    assert 'name="equipment-0-name" value="车床"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'name="equipment-__row__-name"' in drawn
