"""For what a person's hours can be put right, and whose they are."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from denggao.engines.hours import policies
from denggao.engines.hours.models import HourEntry, Sitting
from denggao.engines.hours.policies import JUDGES
from denggao.engines.hours.registry import context_kinds, context_titles
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person


def contexts_to_fix(actor: Actor, person: Person) -> list[tuple[str, str]]:
    """``kind:id`` and title: what the person has, or has hours for; a teacher's are those of the own school."""
    found: dict[tuple[str, UUID], None] = {}
    for kind, context in context_kinds().items():
        found.update(dict.fromkeys((kind, public_id) for public_id in context.of_person(person)))
    for rows in (policies.visible_entries(actor), policies.visible_sittings(actor)):
        found.update(dict.fromkeys(rows.filter(person=person).order_by().values_list("context_kind", "context_id").distinct()))
    titles = context_titles(set(found))
    if not actor.has(*JUDGES):
        own = actor.organisations_as(Role.TEACHER)
        known = {ref: body for ref in found if (body := body_of(person, ref)) is not None}
        found = {ref: None for ref in found if ref in known and known[ref].pk in own}
    named = [
        (f"{kind}:{public_id}", titles[kind, public_id].title if (kind, public_id) in titles else "") for kind, public_id in found
    ]
    return [(value, title or _("without a name")) for value, title in named]


def body_of(person: Person, context: tuple[str, UUID]) -> Organisation | None:
    """Whose a context is: as its room tells, else as the hours in it say."""
    titled = context_titles({context}).get(context)
    if titled is not None and titled.organisation_id is not None:
        return Organisation.objects.filter(pk=titled.organisation_id).first()
    for model in (HourEntry, Sitting):
        found = model.objects.filter(person=person, context_kind=context[0], context_id=context[1], organisation__isnull=False)
        row = found.select_related("organisation").first()
        if row is not None:
            return row.organisation
    return None
