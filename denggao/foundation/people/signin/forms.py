"""What is asked for at the door and on one's own account pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.people.signin.rules import AddressKind, read_address, read_phone

# Each in itself: who can't read the page must find the own one.
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = _password(_("Password"), "current-password")


class CodeForm(forms.Form):
    """A code of the authenticator app, or (where ``recovery`` says so) one of the recovery codes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "").replace("-", "")


class PasswordForm(forms.Form):
    """The password again, before something that should not happen on an unattended screen."""

    password = _password(_("Password"), "current-password")


class NewPasswordForm(forms.Form):
    new_password = _password(
        _("New password"), "new-password", _("At least ten characters, not digits alone, and none that everybody uses.")
    )
    repeated = _password(_("New password, again"), "new-password")

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("new_password") and given.get("repeated") and given["new_password"] != given["repeated"]:
            self.add_error("repeated", _("The two passwords differ. Type the same one twice."))
        return given


class ChangePasswordForm(NewPasswordForm):
    old_password = _password(_("Present password"), "current-password")
    field_order = ("old_password", "new_password", "repeated")

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        if self.user is None or not self.user.check_password(password):
            raise ValidationError(gettext("This is not the present password of your account."))
        return password


class EmailForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"})
    )

    def clean_email(self) -> str:
        address = read_address(self.cleaned_data["email"])
        if address is None or address.kind is not AddressKind.EMAIL:
            raise ValidationError(gettext("This is not an e-mail address. It looks like name@company.cn."))
        return address.value


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("11 digits; numbers of other places with + and the country code. Empty: sign in by e-mail alone."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"]).strip()
        phone = read_phone(typed)
        if typed and not phone:
            raise ValidationError(gettext("This is not a mobile number. It has 11 digits and begins with 13 to 19."))
        return phone


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
