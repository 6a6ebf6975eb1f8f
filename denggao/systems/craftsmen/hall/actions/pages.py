"""What a craftsman does with the own page, and the one thing the office may do: hide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.actions import erase_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.actions import convert, kind_for
from denggao.systems.craftsmen.hall import policies
from denggao.systems.craftsmen.hall.models import Drawing, Film, Part, Profile, Work
from denggao.systems.craftsmen.hall.rules import drawing_for, drawing_of_work
from denggao.systems.craftsmen.hall.telling import tell_hidden, tell_released
from denggao.systems.craftsmen.models import Craftsman, Deed

MOST_WORKS = 12


class PageRefused(Refused):
    """This can't be kept, or shown, so; the sentence names the field and the fix."""


@action("craftsmen.page.begin", requires=policies.can_begin)
def begin_page(craftsman: Craftsman, *, actor: Actor, now: dt.datetime) -> Profile:
    """The page of a craftsman as a draft, filled from the nomination: motto, story, works. Nothing of it is public. A title
    that was given back begins with the words of the page before. Done again it changes nothing."""
    known = Profile.objects.filter(craftsman=craftsman).first()
    if known is not None:
        return known
    nomination, before = craftsman.nomination, _before(craftsman)
    profile = Profile(
        craftsman=craftsman,
        trade=(before.trade if before else nomination.occupation)[:60],
        headline=before.headline if before else "",
        motto=before.motto if before else nomination.motto,
        story=before.story if before else nomination.story,
        drawing=before.drawing if before else drawing_for(craftsman.industry.code),
        created_at=now,
        changed_at=now,
    )
    try:
        with transaction.atomic():
            profile.save(force_insert=True)
    except IntegrityError:
        return Profile.objects.get(craftsman=craftsman)
    works = nomination.deeds.filter(kind=Deed.Kind.WORK).order_by("position")[:MOST_WORKS]
    Work.objects.bulk_create(
        Work(
            profile=profile, position=place, title=deed.title, line=deed.detail[:200], year=deed.year,
            drawing=drawing_of_work(profile.drawing, place),
        )
        for place, deed in enumerate(works)
    )  # fmt: skip
    return profile


def _before(craftsman: Craftsman) -> Profile | None:
    return Profile.objects.filter(craftsman=craftsman.before).first() if craftsman.before_id else None


@action("craftsmen.page.write", requires=policies.can_keep)
def write_words(
    profile: Profile, *, trade: str, headline: str, motto: str, story: str, drawing: str, actor: Actor, now: dt.datetime
) -> Profile:
    """Keep what the page says. What is shown already changes at once."""
    profile.trade, profile.headline, profile.motto = " ".join(trade.split()), " ".join(headline.split()), " ".join(motto.split())
    profile.story, profile.drawing, profile.changed_at = story.strip(), drawing, now
    profile.save(update_fields=["trade", "headline", "motto", "story", "drawing", "changed_at"])
    return profile


@action("craftsmen.page.portrait", requires=policies.can_keep)
def keep_portrait(profile: Profile, stored: StoredFile | None, *, actor: Actor, now: dt.datetime) -> Profile:
    """Another portrait, or none. The one before is erased for good."""
    old, profile.portrait, profile.changed_at = profile.portrait, stored, now
    profile.save(update_fields=["portrait", "changed_at"])
    _erase(old, but=stored, actor=actor, now=now)
    return profile


def _erase(old: StoredFile | None, *, but: StoredFile | None = None, actor: Actor, now: dt.datetime) -> None:
    if old is not None and old != but:
        erase_file(old, actor=actor, now=now)


# Works


@action("craftsmen.page.add_work", requires=policies.can_keep)
def add_work(profile: Profile, *, picture: StoredFile | None = None, actor: Actor, now: dt.datetime, **given: Any) -> Work:
    """Another work, at the end. ``given``: title, line, note, year, kind, drawing, shown. Raises PageRefused past the most."""
    places = list(Profile.objects.select_for_update().get(pk=profile.pk).works.values_list("position", flat=True))
    if len(places) >= MOST_WORKS:
        raise PageRefused(_("Works: at most %(most)s. Take one away first.") % {"most": MOST_WORKS})
    _touch(profile, now)
    return Work.objects.create(profile=profile, position=max(places, default=-1) + 1, picture=picture, **given)


@action("craftsmen.page.change_work", requires=policies.can_keep)
def change_work(
    work: Work, *, picture: StoredFile | None = None, without_picture: bool = False, actor: Actor, now: dt.datetime, **given: Any
) -> Work:
    """``picture`` takes the place of the one before, which is erased; ``without_picture`` takes it away for the drawing."""
    old = work.picture
    for name, value in given.items():
        setattr(work, name, value)
    if picture is not None or without_picture:
        work.picture = picture
    work.save()
    _touch(work.profile, now)
    _erase(old, but=work.picture, actor=actor, now=now)
    return work


@action("craftsmen.page.move_work", requires=policies.can_keep)
def move_work(work: Work, *, actor: Actor, now: dt.datetime) -> Work:
    """One place further to the front. The first stays where it is."""
    works = list(work.profile.works.select_for_update().order_by("position", "id"))
    at = next(place for place, each in enumerate(works) if each.pk == work.pk)
    if at:
        works[at - 1], works[at] = works[at], works[at - 1]
    for place, each in enumerate(works):
        each.position = place
    Work.objects.bulk_update(works, ["position"])
    _touch(work.profile, now)
    work.refresh_from_db()
    return work


@action("craftsmen.page.remove_work", requires=policies.can_keep)
def remove_work(work: Work, *, actor: Actor, now: dt.datetime) -> Work:
    """Taken away for good, with its picture."""
    picture = work.picture
    _touch(work.profile, now)
    work.delete()
    _erase(picture, actor=actor, now=now)
    return work


def _touch(profile: Profile, now: dt.datetime) -> None:
    Profile.objects.filter(pk=profile.pk).update(changed_at=now)


# The film


@action("craftsmen.page.film", requires=policies.can_keep)
def keep_film(
    profile: Profile,
    *,
    file: StoredFile | None = None,
    poster: StoredFile | None = None,
    captions: StoredFile | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Film:
    """The film, or another poster or captions for it; a new film takes the old one's place and is made ready to be played. Raises
    PageRefused where there is no film yet and none is given."""
    film = Film.objects.filter(profile=profile).first()
    if film is None and file is None:
        raise PageRefused(_("Film: choose the file."))
    film = film or Film(profile=profile)
    for name, stored in (("file", file), ("poster", poster), ("captions", captions)):
        if stored is not None:
            if film.pk is not None:
                _after(getattr(film, name), stored, actor=actor, now=now)
            setattr(film, name, stored)
    film.added_at = now
    film.save()
    if file is not None and (kind := kind_for(file)):
        convert(file, kind=kind, actor=actor, now=now)
    _touch(profile, now)
    return film


def _after(old: StoredFile | None, new: StoredFile, *, actor: Actor, now: dt.datetime) -> None:
    _erase(old, but=new, actor=actor, now=now)


@action("craftsmen.page.remove_film", requires=policies.can_keep)
def remove_film(film: Film, *, actor: Actor, now: dt.datetime) -> Film:
    """Taken away for good, with poster and captions."""
    files = [film.file, film.poster, film.captions]
    _touch(film.profile, now)
    film.delete()
    for stored in files:
        _erase(stored, actor=actor, now=now)
    return film


# What is shown


@action("craftsmen.page.agree", requires=policies.can_keep)
def agree(profile: Profile, parts: Collection[str], *, actor: Actor, now: dt.datetime) -> Profile:
    """To what of the page the craftsman says yes, from now on; what is not among ``parts`` is gone from the public at once, and
    without the name the whole page is. A yes that stood keeps its moment."""
    for part in Part:
        stood = getattr(profile, f"{part}_yes_at")
        setattr(profile, f"{part}_yes_at", (stood or now) if part in parts else None)
    if not profile.said_yes(Part.NAME) and profile.state == Profile.State.SHOWN:
        profile.state = Profile.State.DRAFT
    profile.changed_at = now
    profile.save(update_fields=["state", "changed_at", *(f"{part}_yes_at" for part in Part)])
    return profile


@action("craftsmen.page.show", requires=policies.can_keep)
def show_page(profile: Profile, *, actor: Actor, now: dt.datetime) -> Profile:
    """Let everybody see it. Raises PageRefused without a yes to the name, when the title no longer holds, or while
    the office hides it."""
    if not profile.craftsman.is_in_force:
        raise PageRefused(_("The title no longer holds: the page can’t be shown."))
    if not profile.said_yes(Part.NAME):
        raise PageRefused(_("Name, employer, post and title: without a yes to these nothing can be shown. Say yes to them first."))
    shown = Profile.objects.filter(pk=profile.pk, state=Profile.State.DRAFT, name_yes_at__isnull=False).update(
        state=Profile.State.SHOWN, first_shown_at=profile.first_shown_at or now, changed_at=now
    )
    profile.refresh_from_db()
    if not shown and profile.state == Profile.State.HIDDEN:
        raise PageRefused(_("The office has hidden the page. Mend what it names, then ask the office to release it."))
    return profile


@action("craftsmen.page.take_down", requires=policies.can_keep)
def take_down(profile: Profile, *, actor: Actor, now: dt.datetime) -> Profile:
    """Gone from the public at once. Every yes stays as it was said."""
    Profile.objects.filter(pk=profile.pk, state=Profile.State.SHOWN).update(state=Profile.State.DRAFT, changed_at=now)
    profile.refresh_from_db()
    return profile


@action("craftsmen.page.hide", requires=policies.can_hide)
def hide_page(profile: Profile, *, reason: str, actor: Actor, now: dt.datetime) -> Profile:
    """The office takes a page from the public; the craftsman is told why. Raises PageRefused without a reason, or when it is
    hidden already."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise PageRefused(_("Reason: say what has to be changed. The craftsman reads it."))
    hidden = (
        Profile.objects.filter(pk=profile.pk)
        .exclude(state=Profile.State.HIDDEN)
        .update(state=Profile.State.HIDDEN, hidden_reason=reason, changed_at=now)
    )
    if not hidden:
        raise PageRefused(_("The page is hidden already."))
    profile.refresh_from_db()
    tell_hidden(profile, now=now)
    return profile


@action("craftsmen.page.release", requires=policies.can_hide)
def release_page(profile: Profile, *, actor: Actor, now: dt.datetime) -> Profile:
    """The office lets go of it: a draft again, which its craftsman may show. The office itself shows none."""
    done = Profile.objects.filter(pk=profile.pk, state=Profile.State.HIDDEN).update(
        state=Profile.State.DRAFT, hidden_reason="", changed_at=now
    )
    profile.refresh_from_db()
    if done:
        tell_released(profile, now=now)
    return profile


def usual_drawing(profile: Profile) -> str:
    return drawing_of_work(profile.drawing, profile.works.count()) or Drawing.FIXTURE
