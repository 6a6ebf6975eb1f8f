"""Who acts. Every action takes an actor as an explicit keyword; nothing fetches one from a request."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from django.http import HttpRequest

    from denggao.foundation.accounts.models import User


class Role(StrEnum):
    """What an account may be. The office roles hold for the whole installation, the others within one body."""

    ADMINISTRATOR = "administrator"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    FINANCE = "finance"
    AUDITOR = "auditor"
    AUTHORITY = "authority"
    HR = "hr"
    BASE_MANAGER = "base_manager"
    TEACHER = "teacher"
    EXPERT = "expert"
    WORKER = "worker"


OFFICE_ROLES = frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.FINANCE, Role.AUDITOR})


class ActorKind(StrEnum):
    ACCOUNT = "account"
    OPERATOR = "operator"
    TOKEN = "token"
    SYSTEM = "system"
    VISITOR = "visitor"


@dataclass(frozen=True)
class Grant:
    """A role held today; ``organisation_id`` is the body it is held in, None for the whole installation."""

    role: Role
    organisation_id: int | None = None


Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Actor:
    """``answers`` remembers what was asked of this actor, for as long as one page is read; None where things may change
    between two questions."""

    kind: ActorKind
    id: str
    text: str
    origin: str = ""
    user: User | None = field(default=None, compare=False, repr=False)
    grants: frozenset[Grant] = frozenset()
    scopes: frozenset[str] = frozenset()
    answers: dict[Hashable, Any] | None = field(default=None, compare=False, repr=False)

    def once(self, question: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to a question about this actor that a page would put many times. Not to be changed by who gets it."""
        if self.answers is None:
            return ask()
        if question not in self.answers:
            self.answers[question] = ask()
        answer: Answer = self.answers[question]
        return answer

    @property
    def holder(self) -> User:
        """The account that acts: behind a page that asks for one. Raises LookupError where none does."""
        if self.user is None:
            raise LookupError(f"{self.kind} is no account.")
        return self.user

    @property
    def is_operator(self) -> bool:
        """The machine's own operator (commands) and the product's own scheduled work may do what any role may."""
        return self.kind in {ActorKind.OPERATOR, ActorKind.SYSTEM}

    def has(self, *roles: Role, organisation_id: int | None = None) -> bool:
        """Whether the actor holds one of the roles, for the whole installation or in this body."""
        if self.is_operator:
            return True
        return any(
            grant.role in roles and (grant.organisation_id is None or grant.organisation_id == organisation_id)
            for grant in self.grants
        )

    def organisations_as(self, *roles: Role) -> set[int]:
        """Ids of the bodies in which one of the roles is held."""
        return {grant.organisation_id for grant in self.grants if grant.role in roles and grant.organisation_id is not None}

    @property
    def is_office(self) -> bool:
        return self.has(*OFFICE_ROLES)


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as the middleware found out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # put there by ActorMiddleware, or by the API's token
    # Itself, not the stand-in that looks it up: it is asked hundreds of times for one page.
    return getattr(actor, "_wrapped", actor) if actor.kind else actor


def operator(command: str) -> Actor:
    return Actor(ActorKind.OPERATOR, "operator", "operator", origin=f"command:{command}")


def system(job: str) -> Actor:
    return Actor(ActorKind.SYSTEM, "system", "system", origin=f"job:{job}")


def visitor(origin: str = "") -> Actor:
    return Actor(ActorKind.VISITOR, "visitor", "visitor", origin=origin)


def account(user: User, grants: Iterable[Grant], origin: str = "") -> Actor:
    return Actor(ActorKind.ACCOUNT, str(user.public_id), user.audit_text, origin=origin, user=user, grants=frozenset(grants))
