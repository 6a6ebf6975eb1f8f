"""Who may see pages of the hall and what belongs to them, and who may change them. A page is shown by its craftsman alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from denggao.engines.agreements.models import Mentorship
from denggao.engines.agreements.policies import is_party
from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.hall.models import Film, Profile, ProfileQuerySet, Work
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.policies import is_holder, visible_craftsmen

PICTURE = "craftsmen_hall.picture"
FILM = "craftsmen_hall.film"
CAPTIONS = "craftsmen_hall.captions"
_WITH = (
    "craftsman__person", "craftsman__employer", "craftsman__industry", "craftsman__order", "craftsman__certificate",
    "craftsman__nomination__round", "craftsman__plan", "portrait", "film__file", "film__poster", "film__captions",
)  # fmt: skip


def is_craftsman(actor: Actor, _subject: Any = None) -> bool:
    """Whether the account is a craftsman's whose title holds."""
    return actor.user is not None and Craftsman.objects.in_force().filter(person__account=actor.user).exists()


def can_begin(actor: Actor, craftsman: Any) -> bool:
    """The holder; and whoever names, by whose act the draft comes to be."""
    return actor.is_office or actor.is_operator or is_holder(actor, craftsman)


def can_keep(actor: Actor, profile: Any) -> bool:
    """The craftsman alone: not the office, and not the employer."""
    if isinstance(profile, Work | Film):
        profile = profile.profile
    return isinstance(profile, Profile) and is_holder(actor, profile.craftsman)


def can_hide(actor: Actor, _profile: Any = None) -> bool:
    return actor.has(Role.CLERK, Role.REVIEWER, Role.APPROVER)


def can_say_yes(actor: Actor, mentorship: Any) -> bool:
    return is_party(actor, mentorship)


def with_all(profiles: ProfileQuerySet) -> ProfileQuerySet:
    return profiles.select_related(*_WITH)


_OF_A_CARD = (
    "public_id", "state", "trade", "drawing", "portrait_yes_at", "portrait__public_id",
    "craftsman__public_id", "craftsman__state", "craftsman__named_on", "craftsman__post",
    "craftsman__person__name", "craftsman__order__number",
    "craftsman__employer__name_zh", "craftsman__employer__name_en",
    "craftsman__industry__code", "craftsman__industry__name_zh", "craftsman__industry__name_en",
)  # fmt: skip


def public_profiles() -> ProfileQuerySet:
    return with_all(Profile.objects.public())


def public_in_list() -> ProfileQuerySet:
    """The same with no more of each than its card, or its line of a sheet, tells."""
    shown = Profile.objects.public()
    return shown.select_related(*{path.rpartition("__")[0] for path in _OF_A_CARD} - {""}).only(*_OF_A_CARD)


def get_shown(public_id: UUID) -> Profile:
    """The page of a craftsman (by the craftsman's id) as everybody sees it. Raises Http404."""
    found = public_profiles().filter(craftsman__public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def ended_in_public(public_id: UUID) -> Craftsman | None:
    """A craftsman whose page the public once saw and whose title was revoked since."""
    seen = Craftsman.objects.filter(public_id=public_id, state=Craftsman.State.REVOKED, profile__first_shown_at__isnull=False)
    return seen.select_related("plan").first()


def own_craftsman(actor: Actor) -> Craftsman | None:
    """One's own title in force; of several the newest."""
    if actor.user is None:
        return None
    held = Craftsman.objects.in_force().filter(person__account=actor.user)
    return held.select_related("person", "nomination", "plan", "industry").order_by("-named_on", "-pk").first()


def get_own_profile(actor: Actor) -> Profile:
    """Raises Http404 for who has none."""
    craftsman = own_craftsman(actor)
    found = with_all(Profile.objects.filter(craftsman=craftsman)).first() if craftsman is not None else None
    if found is None:
        raise Http404
    return found


def get_own_work(profile: Profile, public_id: UUID) -> Work:
    """Raises Http404."""
    found = profile.works.select_related("picture", "profile__craftsman__person").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_profile_for_office(actor: Actor, public_id: UUID) -> Profile:
    """By the craftsman's id. Raises Http404."""
    visible = visible_craftsmen(actor).filter(public_id=public_id) if actor.is_office else Craftsman.objects.none()
    found = with_all(Profile.objects.filter(craftsman__in=visible.values("pk"))).first()
    if found is None:
        raise Http404
    return found


def get_own_mentorship(actor: Actor, public_id: UUID) -> Mentorship:
    """A mentorship in force or over of which the actor is one. Raises Http404."""
    found = own_mentorships(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def own_mentorships(actor: Actor) -> QuerySet[Mentorship]:
    """Confirmed by both, in which the actor is one of the two, and which stand in the tree of a craftsman: the mentor is one, or
    was taught by one, or teaches one."""
    if actor.user is None:
        return Mentorship.objects.none()
    craftsmen = Craftsman.objects.in_force()
    taught = Mentorship.objects.filter(learner=OuterRef("mentor"), mentor__in=craftsmen.values("person_id"))
    near = (
        Q(mentor__in=craftsmen.values("person_id")) | Q(learner__in=craftsmen.values("person_id")) | Exists(taught)
    )  # fmt: skip
    mine = Q(mentor__account=actor.user) | Q(learner__account=actor.user)
    confirmed = Mentorship.objects.filter(confirmed_by_mentor_at__isnull=False, confirmed_by_learner_at__isnull=False)
    return confirmed.filter(mine, near).select_related("mentor", "learner", "organisation")


# Files


def can_read_picture(actor: Actor, stored: StoredFile) -> bool:
    """A portrait, a work's picture, a film's poster: everybody while it is shown; before, the craftsman and the office."""
    return _is_shown(stored) or _looks_after(actor, stored)


def can_read_film(actor: Actor, stored: StoredFile) -> bool:
    return _is_shown(stored) or _looks_after(actor, stored)


def _is_shown(stored: StoredFile) -> bool:
    public = Profile.objects.public()
    return (
        public.filter(portrait=stored, portrait_yes_at__isnull=False).exists()
        or Work.objects.filter(picture=stored, shown=True, profile__in=public.filter(works_yes_at__isnull=False)).exists()
        or Film.objects.filter(
            Q(file=stored) | Q(poster=stored) | Q(captions=stored), profile__in=public.filter(film_yes_at__isnull=False)
        ).exists()
    )


def _looks_after(actor: Actor, stored: StoredFile) -> bool:
    """Of a page the actor keeps, or that the office sees."""
    profiles = Profile.objects.filter(
        Q(portrait=stored) | Q(works__picture=stored) | Q(film__file=stored) | Q(film__poster=stored) | Q(film__captions=stored)
    )
    if actor.is_office:
        return profiles.filter(craftsman__in=visible_craftsmen(actor).values("pk")).exists()
    return actor.user is not None and profiles.filter(craftsman__person__account=actor.user).exists()
