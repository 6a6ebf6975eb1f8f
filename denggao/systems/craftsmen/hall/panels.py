"""The page in the hall, on the office's file of a craftsman and on the craftsman's own; the tree, beside one's mentorships."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from denggao.engines.agreements.registry import Beside
from denggao.foundation.audit.actors import Actor
from denggao.systems.craftsmen.hall.models import Part, Profile
from denggao.systems.craftsmen.hall.policies import can_hide, own_mentorships
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.panels import Panel
from denggao.systems.craftsmen.policies import is_holder

TONES = {Profile.State.DRAFT: "draft", Profile.State.SHOWN: "jade", Profile.State.HIDDEN: "crimson"}


def page_panel(actor: Actor, craftsman: Craftsman) -> Panel | None:
    own = is_holder(actor, craftsman)
    if not own and not actor.is_office:
        return None
    profile = Profile.objects.filter(craftsman=craftsman).first()
    public = profile is not None and profile.state == Profile.State.SHOWN and craftsman.is_in_force
    return Panel(
        "hall/panel.html",
        {
            "profile": profile,
            "craftsman": craftsman,
            "own": own and craftsman.is_in_force,
            "public": public,
            "tone": TONES[Profile.State(profile.state)] if profile else "",
            "agreed": [part.label for part in Part if profile is not None and profile.said_yes(part)],
            "may_hide": profile is not None and craftsman.is_in_force and can_hide(actor),
        },
    )


def shown_page(craftsman: Craftsman) -> str:
    """The address of the page of a craftsman, empty while it is not shown."""
    shown = Profile.objects.public().filter(craftsman=craftsman).exists()
    return reverse("hall:page", args=[craftsman.public_id]) if shown else ""


def name_in_tree(actor: Actor) -> Beside | None:
    """For those whose mentorships stand in the tree of a craftsman."""
    if not own_mentorships(actor).exists():
        return None
    return Beside(
        _("My name in a craftsman’s tree"),
        _("Only you decide whether your name stands there"),
        reverse("craftsmen_hall:lineage"),
        "sitemap",
    )
