"""How a list of employers lets them join a plan: what the room of organisations asks of this one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.hooks import Span, heads_changed
from denggao.foundation.organisations.models import Employment
from denggao.foundation.plans.actions import ParticipationRefused
from denggao.foundation.plans.models import Participation, Plan


class PlanJoining:
    """See ``organisations.hooks.Joining``; what is joined is a plan, named by its code."""

    def find(self, code: str) -> Plan:
        plan = Plan.objects.filter(code=code).first()
        if plan is None:
            known = ", ".join(Plan.objects.order_by("code").values_list("code", flat=True)) or "–"
            raise ParticipationRefused(_("There is no plan “%(code)s”. Known: %(known)s.") % {"code": code, "known": known})
        return plan

    def spans(self, plan: Plan, organisation_ids: Collection[int]) -> dict[int, Span]:
        rows = Participation.objects.filter(plan=plan, organisation_id__in=organisation_ids)
        return {organisation: (start, end) for organisation, start, end in rows.values_list("organisation_id", "from_on", "to_on")}

    def join(self, plan: Plan, spans: Mapping[int, Span], *, actor: Actor, now: dt.datetime) -> None:
        """Runs inside the act under way: notes a line for each employer, and tells whose staff may count otherwise."""
        known = {item.organisation_id: item for item in Participation.objects.filter(plan=plan, organisation_id__in=spans)}
        for organisation_id in sorted(spans):
            item = known.get(organisation_id) or Participation(plan=plan, organisation_id=organisation_id)
            before = snapshot(item) if item.pk else None
            item.from_on, item.to_on = spans[organisation_id]
            item.save()
            note([Line.about("plans.participation.join", item, before=before, after=snapshot(item))])
        people = set(Employment.objects.filter(employer_id__in=spans).values_list("person_id", flat=True))
        if people:
            heads_changed(people, actor=actor, now=now)

    def texts(self, organisation_ids: Collection[int]) -> dict[int, list[tuple[str, Span]]]:
        found: dict[int, list[tuple[str, Span]]] = defaultdict(list)
        rows = (
            Participation.objects.filter(organisation_id__in=organisation_ids).select_related("plan").order_by("plan__first_year")
        )
        for item in rows:
            found[item.organisation_id].append((item.plan.name, (item.from_on, item.to_on)))
        return dict(found)
