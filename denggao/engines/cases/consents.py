"""Who is asked to agree to an application, and what of it they see.

Whoever is or was asked reads the case and its file from its submission on, and is on the applicant's side: such an account never
checks, judges, ranks or decides it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.engines.cases import procedures
from denggao.engines.cases.models import Case, Consent
from denggao.engines.reviews.parties import Parties
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.organisations.models import Membership
from denggao.foundation.people.models import Person


def asks_consent(case: Case) -> bool:
    """Whether its procedure has a stage in which somebody agrees. No query."""
    try:
        return case.declared.asks_consent
    except KeyError:
        return False


def _ever_asked() -> bool:
    """Whether any kind of application asks for consent at all: without one, no page looks for any."""
    return any(each.asks_consent for each in procedures.every_version())


def asked_of(actor: Actor) -> Q:
    """The consents this account may answer: asked of its person, or of a body in which it holds one of the roles."""
    if actor.kind != ActorKind.ACCOUNT or actor.user is None:
        return Q(pk__in=())
    found = Q(person__account_id=actor.user.pk)
    for role in {grant.role for grant in actor.grants if grant.organisation_id is not None}:
        found |= Q(body_id__in=actor.organisations_as(role), roles__contains=f"|{role.value}|")
    return found


def concerns(actor: Actor) -> Q:
    """Those, and those it answered itself, whatever its roles are now."""
    return asked_of(actor) | Q(answered_by=actor.id)


def may_answer(actor: Actor, subject: object) -> bool:
    """The person asked, or who holds one of the roles in the body asked."""
    if not isinstance(subject, Consent) or actor.kind != ActorKind.ACCOUNT or actor.user is None:
        return False
    if subject.person is not None:
        return subject.person.account_id == actor.user.pk
    return any(grant.organisation_id == subject.body_id and f"|{grant.role.value}|" in subject.roles for grant in actor.grants)


def visible_consents(actor: Actor) -> QuerySet[Consent]:
    """Those asked of the actor's person or body, and those it answered."""
    if actor.kind != ActorKind.ACCOUNT:
        return Consent.objects.none()
    return Consent.objects.filter(concerns(actor)).select_related("case__body", "case__person", "case__round", "person", "body")


def get_consent_for(actor: Actor, public_id: uuid.UUID) -> Consent:
    """Raises Http404."""
    found = visible_consents(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def consents_to_answer(actor: Actor) -> QuerySet[Consent]:
    """What waits for this account's word."""
    return visible_consents(actor).filter(state=Consent.State.ASKED)


def consenting(actor: Actor) -> Collection[uuid.UUID]:
    """Public ids of the cases to which somebody the actor speaks for was asked to agree. One query, none
    where no kind of application asks."""
    if actor.kind != ActorKind.ACCOUNT or not _ever_asked():
        return ()
    return actor.once("cases.consenting", lambda: set(_cases_of(actor)))


def _cases_of(actor: Actor) -> QuerySet[Consent, uuid.UUID]:
    return Consent.objects.filter(concerns(actor)).order_by().values_list("case__public_id", flat=True).distinct()


def has_part(actor: Actor, case: Case) -> bool:
    """Whether the actor was asked to agree to this case, or answered. One query where its procedure asks, else none."""
    return has_part_in_any(actor, [case])


def has_part_in_any(actor: Actor, cases: Iterable[Case]) -> bool:
    """The same for many, in one query."""
    asking = [case for case in cases if asks_consent(case)] if actor.kind == ActorKind.ACCOUNT else []
    return bool(asking) and Consent.objects.filter(concerns(actor), case__in=asking).exists()


def parties_of(case: Case) -> Parties:
    """Whom the case is about: as its system has it, and whoever was asked to agree or did."""
    return with_consenting([case], {case.public_id: case.declared.system.parties(case)})[case.public_id]


def with_consenting(cases: Sequence[Case], found: Mapping[uuid.UUID, Parties]) -> dict[uuid.UUID, Parties]:
    """The parties of cases, by public id, with whoever was asked to agree or did. Two queries, none where no procedure asks."""
    asking = [case.pk for case in cases if asks_consent(case)]
    joined = dict(found)
    if not asking:
        return joined
    rows = Consent.objects.filter(case__in=asking).values_list("case__public_id", "person_id", "body_id", "answered_by")
    asked = list(rows)
    accounts = Person.objects.filter(account__public_id__in={who for *_asked, who in asked if who})
    person_of = {str(account): pk for pk, account in accounts.values_list("pk", "account__public_id")}
    for public_id, person, body, who in asked:
        persons = {each for each in (person, person_of.get(who)) if each is not None}
        joined[public_id] = joined[public_id].joined(Parties.of(organisations=[body] if body is not None else [], persons=persons))
    return joined


def accounts_of(consents: Iterable[Consent], on: dt.date) -> list[tuple[User, Consent]]:
    """The accounts that may answer each on a day; none for a person without one. Two queries."""
    consents = list(consents)
    asked = User.objects.filter(person__in=[each.person_id for each in consents if each.person_id], is_active=True)
    people = {user.person.pk: user for user in asked.select_related("person")}
    held = Membership.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on), from_on__lte=on, account__is_active=True,
        organisation_id__in=[each.body_id for each in consents if each.body_id],
    ).select_related("account").order_by("account_id")  # fmt: skip
    members = list(held)
    found: list[tuple[User, Consent]] = []
    for each in consents:
        if each.person_id is not None:
            found += [(people[each.person_id], each)] if each.person_id in people else []
            continue
        fitting = {
            member.account_id: member.account
            for member in members
            if member.organisation_id == each.body_id and f"|{Role(member.role).value}|" in each.roles
        }
        found += [(account, each) for account in fitting.values()]
    return found


def consents_of(case: Case) -> list[Consent]:
    """All that were ever asked about a case, in order. One query."""
    return list(Consent.objects.filter(case=case).select_related("person", "body").order_by("pk"))
