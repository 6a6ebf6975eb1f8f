from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from denggao.foundation.calendar.rules import FIRST_YEAR, LAST_YEAR


class ArrangementForm(forms.Form):
    """A year's arrangement as the State Council's notice tells it."""

    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    document = forms.CharField(
        label=_("Document and its number"),
        max_length=200,
        help_text=_("Such as 国务院办公厅关于2027年部分节假日安排的通知 国办发明电〔2026〕9号."),
    )
    document_on = forms.DateField(label=_("Day of the document"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    lines = forms.CharField(
        label=_("Days off and make-up days"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 14, "class": "dg-mono", "spellcheck": "false"}),
        help_text=_("A day or a span a line: 2027-02-06..2027-02-12 春节 for days off, 2027-01-31 补班 for a make-up day."),
    )
