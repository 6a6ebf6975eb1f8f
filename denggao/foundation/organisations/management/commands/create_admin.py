"""``denggao create_admin E-MAIL``: the first administrator of a new installation, or a lost one's way back."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse
from denggao.foundation.organisations.actions.memberships import create_administrator, renew_administrator
from denggao.foundation.organisations.members.policies import is_administrator
from denggao.foundation.people.signin.queries import find_account
from denggao.foundation.people.signin.rules import AddressKind, read_address

PASSWORD_VARIABLE = "DENGGAO_ADMIN_PASSWORD"


class Command(ProductCommand):
    help = gettext_lazy("Make an account that may do everything an administrator may, or renew one that lost its way in.")  # type: ignore[assignment]  # translated when shown

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="E-MAIL", help=_("The address to sign in with."))
        parser.add_argument(
            "--renew",
            action="store_true",
            help=_("For an administrator who lost password or second factor: a new password, and the second factor off."),
        )

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        address = read_address(options["email"])
        if address is None or address.kind is not AddressKind.EMAIL:
            raise WrongUse(_("“%(text)s” is not an e-mail address.") % {"text": options["email"]})
        known = find_account(address)
        if options["renew"] and (known is None or not is_administrator(known, now)):
            raise WrongUse(_("No administrator signs in with %(email)s.") % {"email": address.value})
        password = _password()
        if options["renew"]:
            assert known is not None
            account = renew_administrator(known, password=password, actor=actor, now=now)
            line = _("%(email)s has a new password. The second factor is off and is set up at the next sign-in.")
        else:
            account = create_administrator(email=address.value, password=password, actor=actor, now=now)
            line = _("%(email)s is an administrator.")
        return Outcome({"account": str(account.public_id), "email": address.value}, [line % {"email": address.value}])


def _password() -> str:
    """From the environment, or typed twice without an echo. Raises WrongUse when it breaks a password rule."""
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        return _checked(given)
    if not sys.stdin.isatty():
        raise WrongUse(_("There is no terminal to ask for the password: give it in %(name)s.") % {"name": PASSWORD_VARIABLE})
    password = getpass.getpass(_("Password: "))
    if getpass.getpass(_("Password, again: ")) != password:
        raise WrongUse(_("The two passwords differ."))
    return _checked(password)


def _checked(password: str) -> str:
    try:
        validate_password(password)
    except ValidationError as error:
        raise WrongUse(" ".join(error.messages)) from None
    return password
