"""What a signatory fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denggao.foundation.people.signin.proofs import Factor


class SpeakForm(forms.Form):
    """For which body, and over which text: both as they stood on the page."""

    organisation = forms.UUIDField(widget=forms.HiddenInput())
    shown_hash = forms.CharField(max_length=64, widget=forms.HiddenInput())


class SignForm(SpeakForm):
    read = forms.BooleanField(label=_("I have read the text above and sign it for this body."))

    def __init__(self, *args: Any, factor: Factor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"] = _password() if factor is Factor.PASSWORD else _code()


class RefuseForm(SpeakForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept with the text and shown to the office and to the other signers."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CodeInput(forms.PasswordInput):
    """Shown while it is typed, and never given back."""

    input_type = "text"


def _code() -> forms.CharField:
    return forms.CharField(
        label=_("Code of your authenticator app"),
        max_length=20,
        help_text=_("The six digits it shows now, or a recovery code. Each works once."),
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _password() -> forms.CharField:
    return forms.CharField(
        label=_("Your password, again"),
        strip=False,
        max_length=200,
        help_text=_("Demonstration: here the password stands for the authenticator app, and the signature says so."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
