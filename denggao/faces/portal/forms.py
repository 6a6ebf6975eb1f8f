"""What a visitor types."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    number = forms.CharField(
        label=_("Certificate number"),
        help_text=_("As printed on the certificate, the plaque or the letter: letters and digits."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the number that is printed on the certificate.")},
    )
    name = forms.CharField(
        label=_("Name of the holder"),
        help_text=_("The whole name, as on the certificate. For a plaque, the name of the body."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the whole name that stands on the certificate.")},
    )
