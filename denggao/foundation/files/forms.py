from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReadingForm(forms.Form):
    purpose = forms.CharField(label=_("What you need it for"), max_length=300, help_text=_("It is recorded with your name."))
