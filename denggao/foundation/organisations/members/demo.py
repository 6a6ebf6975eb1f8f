"""The accounts of the demo region: one a role, with readable addresses and one password everybody may know.

They can't sign in outside demo mode, and a database that holds them does not start there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.members.policies import is_operator
from denggao.foundation.organisations.members.rules import WITHOUT_A_BODY
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.ui.templatetags.dg import role_label

DEMO_PASSWORD = "denggao-demo-2022"
DEMO_HOST = "demo.denggao.example"
MEMBER_SINCE = dt.date(2020, 1, 1)

_Kind = Organisation.Kind
# Where each role within a body is held: in the employer that is given, or in the first body of one of these kinds.
_BODIES: dict[Role, tuple[str, ...]] = {
    Role.HR: (),
    Role.WORKER: (),
    Role.AUTHORITY: (_Kind.AUTHORITY, _Kind.UNION),
    Role.BASE_MANAGER: (_Kind.PROVIDER, _Kind.SCHOOL),
    Role.TEACHER: (_Kind.SCHOOL, _Kind.PROVIDER),
    Role.EXPERT: (_Kind.SCHOOL, _Kind.PROVIDER),
}


# Further accounts people are told of where they are there, by the part of the address before the @.
_FURTHER = {
    "dean": (Role.TEACHER, _("dean of a school")),
    "craftsman": (Role.WORKER, _("craftsman, named")),
    "nominee": (Role.WORKER, _("worker who is nominated and asked to agree")),
}


@dataclass(frozen=True)
class DemoAccount:
    """``body`` is empty for office roles; ``called`` says what the account is where the role does not. The password is the same
    for all."""

    role: Role
    email: str
    body: str
    called: str | Promise = ""
    password: str = DEMO_PASSWORD

    @property
    def label(self) -> str:
        """What the account is, in the active language."""
        return str(self.called) or role_label(self.role)


def email_for(role: Role) -> str:
    return f"{role.replace('_', '-')}@{DEMO_HOST}"


@cache
def _password() -> str:
    """Hashed once: everybody knows it, and hashing is what opening an account costs."""
    return make_password(DEMO_PASSWORD)


@action("demo.make_accounts", requires=is_operator, batch=True)
def make_demo_accounts(
    *, actor: Actor, now: dt.datetime, employer: Organisation, worker: Person | None = None
) -> list[DemoAccount]:
    """One account a role, in the order of the roles; ``employer`` is where HR and worker belong. What is there already
    stays. The worker is tied to ``worker``, or to a person employed there who has no account yet, where there is one.

    Raises Refused outside demo mode.
    """
    if not settings.DEMO:
        raise Refused(_("Demo accounts are made in demo mode only."))
    there = set(EmailAddress.objects.filter(email__endswith=f"@{DEMO_HOST}").values_list("email", flat=True))
    wanted = [role for role in Role if email_for(role) not in there]
    users = {role: User(password=_password(), is_demo=True) for role in wanted}
    User.objects.bulk_create(users.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=email_for(role), verified=True, primary=True) for role, user in users.items()
    )
    body_of = _finder(employer)
    memberships = [
        Membership(account=user, role=role, organisation=body_of(role), from_on=MEMBER_SINCE)
        for role, user in users.items()
        if role is not Role.WORKER
    ]
    Membership.objects.bulk_create(memberships)
    if Role.WORKER in users:
        _tie_worker(users[Role.WORKER], employer, worker)
    note(Line.about("accounts.open_account", user, after=snapshot(user)) for user in users.values())
    note(Line.about("organisations.begin_membership", one, after=snapshot(one)) for one in memberships)
    return demo_accounts()


@action("demo.make_account", requires=is_operator, batch=True)
def make_demo_account(
    local: str, role: Role | None, body: Organisation | None, *, person: Person | None = None, actor: Actor, now: dt.datetime
) -> User:
    """One further account, ``local@…``; what is there already is returned, its role then held in this body. Without a role: a
    register says what ``person``, whose account it is, may do. Raises Refused outside demo mode."""
    if not settings.DEMO:
        raise Refused(_("Demo accounts are made in demo mode only."))
    email = f"{local}@{DEMO_HOST}"
    known = EmailAddress.objects.filter(email=email).select_related("user").first()
    user = known.user if known else User.objects.create(password=_password(), is_demo=True)
    if known is None:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if role is None:
        Membership.objects.filter(account=user).delete()
    else:
        Membership.objects.filter(account=user, role=role).exclude(organisation=body).delete()
        Membership.objects.get_or_create(account=user, role=role, organisation=body, defaults={"from_on": MEMBER_SINCE})
    if person is not None:
        Person.objects.filter(pk=person.pk).update(account=user)
    note([Line.about("demo.make_account", user, after=snapshot(user) | {"role": role, "body": body.pk if body else None})])
    return user


def demo_accounts() -> list[DemoAccount]:
    """The demo accounts of this database people are told of, in the order of the roles; empty without a demo region."""
    emails = dict(EmailAddress.objects.filter(user__is_demo=True, email__endswith=f"@{DEMO_HOST}").values_list("email", "user_id"))
    bodies = dict(
        Membership.objects.filter(account__in=emails.values(), organisation__isnull=False).values_list(
            "account_id", "organisation__name_zh"
        )
    )
    told: list[tuple[Role, str, str | Promise]] = [(role, email_for(role), "") for role in Role]
    told += [(role, f"{local}@{DEMO_HOST}", called) for local, (role, called) in _FURTHER.items()]
    told.sort(key=lambda one: list(Role).index(one[0]))
    return [DemoAccount(role, email, bodies.get(emails[email], ""), called) for role, email, called in told if email in emails]


def _finder(employer: Organisation) -> Callable[[Role], Organisation | None]:
    firsts: dict[str, Organisation] = {}
    for body in Organisation.objects.filter(kind__in=set().union(*_BODIES.values())).order_by("-pk"):
        firsts[body.kind] = body

    def body_of(role: Role) -> Organisation | None:
        if role in WITHOUT_A_BODY:
            return None
        return next((firsts[kind] for kind in _BODIES[role] if kind in firsts), employer)

    return body_of


def _tie_worker(user: User, employer: Organisation, worker: Person | None) -> None:
    there = Person.objects.filter(employments__employer=employer, employments__left_on=None, account=None)
    person = worker or there.order_by("pk").first()
    if person is not None:
        person.account = user
        person.save(update_fields=["account"])
