from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.sheets.kinds import Kind, all_kinds, options_of, title_of
from denggao.foundation.sheets.models import Import
from denggao.foundation.sheets.queries import choices_of
from denggao.foundation.sheets.safety import SheetRefused, refuse_larger_than_limit


class UploadForm(forms.Form):
    """The file, what the kind asks beside it, and the date of the list."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx, .xls or .csv file, as you keep it. Title rows, merged cells and further columns do no harm."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    as_of = forms.DateField(
        label=_("Date of the list"),
        help_text=_("The day on which the list was right."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, kind: Kind, actor: Actor, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        language = get_language() or "zh"
        self.fields["as_of"].initial = today
        for option in options_of(kind):
            choices = list(option.choices(actor))
            one = option.required and len(choices) == 1
            self.fields[option.key] = forms.ChoiceField(
                label=option.title(language),
                help_text=option.help(language),
                required=option.required,
                choices=choices if one else [("", _("Please choose") if option.required else "—"), *choices],
            )
        self.order_fields(["file", *(option.key for option in options_of(kind)), "as_of"])

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            refuse_larger_than_limit(file.size or 0)
        except SheetRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file

    def clean_as_of(self) -> dt.date:
        as_of: dt.date = self.cleaned_data["as_of"]
        if as_of > self.today:
            raise forms.ValidationError(_("The date of the list must not lie in the future."))
        return as_of

    @property
    def options(self) -> dict[str, str]:
        return {option.key: self.cleaned_data.get(option.key, "") for option in options_of(self.kind)}


class ColumnsForm(forms.Form):
    """Which column means what: one choice for each heading of each sheet."""

    def __init__(self, *args: Any, kind: Kind, handed_in: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handed_in = handed_in
        for number, sheet in enumerate(handed_in.mapping):
            for column in sheet["columns"]:
                self.fields[f"c{number}-{column['letters']}"] = forms.ChoiceField(
                    label=column["title"], choices=choices_of(kind), required=False, initial=column["key"]
                )

    @property
    def sheets(self) -> list[dict[str, Any]]:
        """For the page: each sheet's name and its columns with their fields."""
        return [
            {
                "name": sheet["sheet"],
                "row": sheet["row"] + sheet["depth"] - 1,
                "columns": [
                    {"letters": column["letters"], "title": column["title"], "field": self[f"c{number}-{column['letters']}"]}
                    for column in sheet["columns"]
                ],
            }
            for number, sheet in enumerate(self.handed_in.mapping)
        ]

    @property
    def columns(self) -> dict[str, dict[str, str]]:
        """Column key by letters, by sheet. What was not sent stays as it is."""
        return {
            sheet["sheet"]: {
                column["letters"]: self.cleaned_data[name] if name in self.data else column["key"]
                for column in sheet["columns"]
                for name in [f"c{number}-{column['letters']}"]
            }
            for number, sheet in enumerate(self.handed_in.mapping)
        }


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, title_of(kind, get_language() or "zh")) for kind in all_kinds()]


STATE_LABELS = {
    Import.State.UPLOADED: _("Waiting"),
    Import.State.CHECKING: _("Being checked"),
    Import.State.CHECKED: _("To be decided"),
    Import.State.APPLYING: _("Being applied"),
    Import.State.APPLIED: _("Applied"),
    Import.State.CANCELLED: _("Called off"),
    Import.State.FAILED: _("Not taken"),
}


class ImportFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=_kind_choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(STATE_LABELS.items()), empty_label=_("All"))
    mine = django_filters.ChoiceFilter(
        label=_("Handed in by"), choices=[("yes", _("Me"))], method="only_mine", empty_label=_("Anyone")
    )

    class Meta:
        model = Import
        fields = ("kind", "state")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def only_mine(self, rows: QuerySet[Import], name: str, value: str) -> QuerySet[Import]:
        return rows.filter(created_by=self.actor.id) if value == "yes" else rows
