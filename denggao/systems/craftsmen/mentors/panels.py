"""What this room shows on the page of a craftsman, and of a person: appointments with what was done, learners and what became of
them."""

from __future__ import annotations

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person
from denggao.foundation.people.panels import Panel as PersonPanel
from denggao.systems.craftsmen.mentors import policies, queries
from denggao.systems.craftsmen.mentors.models import MentorDuty
from denggao.systems.craftsmen.mentors.views.duties import rows_of
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.panels import Panel


def craftsman_panel(actor: Actor, craftsman: Craftsman) -> Panel | None:
    """PRIVACY: learners are named masked; a reader without a say in a mentorship reads no more than the name so."""
    today = localdate()
    duties = policies.visible_duties(actor).filter(craftsman=craftsman)
    learners = queries.learners_of(craftsman.person_id, today)
    return Panel(
        "craftsmen_mentors/panel.html",
        {
            "rows": rows_of(actor, duties, today),
            "learners": learners,
            "count": queries.counted(learners),
            "others": queries.others_going_on(craftsman.person_id, today) if not craftsman.is_in_force else 0,
            "gaps": queries.open_gaps(policies.visible_gaps(actor).filter(duty__craftsman=craftsman)).count(),
            "in_force": craftsman.is_in_force,
            "may_propose": policies.can_propose(actor) and craftsman.is_in_force,
            "number": craftsman.certificate.number if craftsman.certificate else "",
        },
    )


def person_panel(actor: Actor, person: Person) -> PersonPanel | None:
    duties = (
        policies.visible_duties(actor)
        .filter(craftsman__person=person)
        .exclude(state__in=[MentorDuty.State.DECLINED, MentorDuty.State.DISMISSED])
    )
    rows = rows_of(actor, duties, localdate())
    return PersonPanel(_("Special mentor at bases"), "craftsmen_mentors/person_panel.html", {"rows": rows}) if rows else None
