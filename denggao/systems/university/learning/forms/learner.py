from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WORK_TYPES = ("pdf", "png", "jpeg", "xlsx", "zip", "csv")
WORK_LIMIT = 20 * 1024 * 1024
MOST_FILES = 5


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; ``cleaned_data`` holds a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)s files at a time. Put more into one ZIP."), params={"most": MOST_FILES})
        return [super(FilesField, self).clean(item, initial) for item in given if item]


class HandInForm(forms.Form):
    text = forms.CharField(label=_("Your text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    files = FilesField(  # type: ignore[assignment]  # a field, as forms are written; the form's own ``files`` are set at its making
        label=_("Files"), required=False, help_text=_("PDF, pictures, Excel, CSV or ZIP; five at most, 20 MB each.")
    )

    def __init__(self, *args: Any, takes_files: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not takes_files:
            del self.fields["files"]


class AskForm(forms.Form):
    title = forms.CharField(label=_("Your question, in one line"), max_length=120)
    text = forms.CharField(label=_("More about it"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class LeaveForm(forms.Form):
    reason = forms.CharField(label=_("Why, if you want to say"), required=False, max_length=300)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
