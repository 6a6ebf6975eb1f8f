"""Forms of the cases' pages. They read; what may be is decided by actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases.sheets import SHEET_LIMIT


def _reason(help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=2000, help_text=help_text, required=required, widget=forms.Textarea(attrs={"rows": 4})
    )


class SeenForm(forms.Form):
    """Every act says which state of the case its page showed."""

    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(SeenForm):
    reason = _reason(_("The applicant reads it."))


class RemarkForm(SeenForm):
    reason = _reason(_("Kept with the step; the applicant reads it."), required=False)


class AnswerForm(forms.Form):
    """Whoever agrees, or does not, says which submission the page showed."""

    hash_seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AnswerWhyForm(AnswerForm):
    reason = _reason(_("The applicant reads it, and so does the office."))


class ReturnForm(SeenForm):
    reason = _reason(_("What is to be done, in a sentence or two. The applicant reads it."))
    days = forms.IntegerField(
        label=_("Working days to correct it"), required=False, min_value=1, max_value=250, help_text=_("Empty: as the rules say.")
    )


class HandOverForm(SeenForm):
    """``choices``: public id and name of the colleagues who may work on it."""

    to = forms.ChoiceField(label=_("Hand over to"))
    reason = _reason(_("Your colleague reads it."))

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["to"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]  # the mapping gives plain fields


class NoticeForm(forms.Form):
    """One public notice for several cases."""

    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=120, required=False, help_text=_("Empty: the call’s."))
    title_en = forms.CharField(label=_("Title (English)"), max_length=160, required=False)
    body_zh = forms.CharField(label=_("Text (Chinese)"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    body_en = forms.CharField(label=_("Text (English)"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    days = forms.IntegerField(
        label=_("Working days"), required=False, min_value=1, max_value=60, help_text=_("Empty: as the rules say.")
    )


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("Excel or CSV"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"})
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > SHEET_LIMIT:
            limit = SHEET_LIMIT // 1024 // 1024
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Divide it, or remove pictures from it.") % {"limit": limit}
            )
        return file
