"""One cast of people for every test: who they are, and the bodies they belong to."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import time
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.test import Client

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import OFFICE_ROLES, Actor, Grant, Role, account, visitor
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import Person

PASSWORD = "Climb-the-ladder-2022"
ORIGIN = "web:127.0.0.1"
BACKEND = "denggao.foundation.people.signin.backends.Backend"
MEMBER_SINCE = dt.date(2020, 1, 1)

EMPLOYER, OTHER_EMPLOYER, BASE, AUTHORITY = "employer", "other_employer", "base", "authority"

# Who is who: the role, and the body it is held in. A worker holds no role: being a person with an account is enough.
PARTS: dict[str, tuple[Role | None, str | None]] = {
    "worker": (None, None),
    "hr": (Role.HR, EMPLOYER),
    "other_hr": (Role.HR, OTHER_EMPLOYER),
    "base_manager": (Role.BASE_MANAGER, BASE),
    "expert": (Role.EXPERT, BASE),
    "clerk": (Role.CLERK, None),
    "reviewer": (Role.REVIEWER, None),
    "approver": (Role.APPROVER, None),
    "finance": (Role.FINANCE, None),
    "auditor": (Role.AUDITOR, None),
    "authority": (Role.AUTHORITY, AUTHORITY),
    "administrator": (Role.ADMINISTRATOR, None),
}
VISITOR = "visitor"


@dataclass(frozen=True)
class Cast:
    """Actors by their part (``cast.clerk``), the bodies they belong to, and a browser for each (``client_of``)."""

    employer: Organisation
    other_employer: Organisation
    base: Organisation
    authority_body: Organisation
    worker_person: Person
    worker: Actor
    hr: Actor
    other_hr: Actor
    base_manager: Actor
    expert: Actor
    clerk: Actor
    reviewer: Actor
    approver: Actor
    finance: Actor
    auditor: Actor
    authority: Actor
    administrator: Actor
    visitor: Actor = field(default_factory=lambda: visitor(ORIGIN))

    def user(self, part: str) -> User:
        user = getattr(self, part).user
        assert isinstance(user, User)
        return user

    def client_of(self, part: str) -> Client:
        """A browser in which this part has signed in just now; office roles have passed their second factor."""
        if part == VISITOR:
            return Client()
        return browser_of(self.user(part), ["password", "mfa"] if PARTS[part][0] in OFFICE_ROLES else ["password"])

    def email(self, part: str) -> str:
        return f"{part}@cast.denggao.example"


def browser_of(user: User, steps: list[str]) -> Client:
    """A browser in which this account has signed in just now, by these steps."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": step, "at": time.time()} for step in steps]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@functools.cache
def _password() -> str:
    return make_password(PASSWORD)


def make_cast(now: dt.datetime) -> Cast:
    """Every part with an account, an e-mail address, the common PASSWORD and (the worker apart) one role."""
    kinds = Organisation.Kind
    bodies = {
        EMPLOYER: Organisation(name_zh="登高精密制造有限公司", name_en="Denggao Precision Works", kind=kinds.EMPLOYER),
        OTHER_EMPLOYER: Organisation(name_zh="望潮航空部件有限公司", name_en="Wangchao Aero Parts", kind=kinds.EMPLOYER),
        BASE: Organisation(name_zh="滴水湖实训基地", name_en="Dishui Lake Training Base", kind=kinds.PROVIDER),
        AUTHORITY: Organisation(name_zh="示范区总工会", name_en="Demo Region Federation of Unions", kind=kinds.AUTHORITY),
    }
    for body in bodies.values():
        body.name_key, body.created_at = body.name_zh, now
    Organisation.objects.bulk_create(bodies.values())

    users = {part: User(password=_password()) for part in PARTS}
    User.objects.bulk_create(users.values())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=f"{part}@cast.denggao.example", verified=True, primary=True) for part, user in users.items()
    )
    Membership.objects.bulk_create(
        Membership(account=users[part], role=role, organisation=bodies[body] if body else None, from_on=MEMBER_SINCE)
        for part, (role, body) in PARTS.items()
        if role
    )
    person = Person.objects.create(name="周小登", name_key="周小登", account=users["worker"], created_at=now)

    def actor_of(part: str) -> Actor:
        role, body = PARTS[part]
        return account(users[part], [Grant(role, bodies[body].pk if body else None)] if role else [], ORIGIN)

    return Cast(
        employer=bodies[EMPLOYER],
        other_employer=bodies[OTHER_EMPLOYER],
        base=bodies[BASE],
        authority_body=bodies[AUTHORITY],
        worker_person=person,
        **{part: actor_of(part) for part in PARTS},
    )


def parts() -> list[str]:
    """Every part and the visitor, in the order of the tables."""
    return [VISITOR, *(item.name for item in dataclasses.fields(Cast) if item.name in PARTS)]
