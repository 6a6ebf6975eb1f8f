"""What only the demo does: the rest goes through everybody's actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.models import Organisation, OrganisationLink
from denggao.foundation.people.models import Person


def _is_operator(actor: Actor, subject: object) -> bool:
    return actor.is_operator


@action("demo.mark", requires=_is_operator, batch=True)
def mark_as_demo(*, actor: Actor, now: dt.datetime) -> int:
    """Mark every body as made up, and every person that no marked employer brought. Returns how many bodies."""
    marked = Organisation.objects.filter(is_demo=False).update(is_demo=True)
    Person.objects.filter(is_demo=False).update(is_demo=True)
    note([Line(action="demo.mark", after={"bodies": marked})])
    return marked


@action("demo.link_bodies", requires=_is_operator, batch=True)
def link_bodies(pairs: Collection[tuple[int, int]], *, actor: Actor, now: dt.datetime) -> int:
    """Say who supplies whom, by ids of supplier and supplied. Links that stand already stay. Returns how many are new."""
    known = set(OrganisationLink.objects.values_list("upstream_id", "downstream_id"))
    links = [
        OrganisationLink(upstream_id=upstream, downstream_id=downstream) for upstream, downstream in sorted(set(pairs) - known)
    ]
    OrganisationLink.objects.bulk_create(links)
    note(Line.about("demo.link_bodies", link, after=snapshot(link)) for link in links)
    return len(links)
