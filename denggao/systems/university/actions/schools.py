"""A school and its people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.plans.models import Plan
from denggao.systems.university import policies
from denggao.systems.university.cleaning import clean_html
from denggao.systems.university.hooks import school_changed
from denggao.systems.university.models import School, SchoolMember


class SchoolRefused(Refused):
    """The school, or who belongs to it, can't be kept so."""


@dataclass(frozen=True)
class Brand:
    """How a school shows itself. ``about`` is HTML as it was written; it is cleaned."""

    name_zh: str
    name_en: str = ""
    about: str = ""
    colour: str = "lake"


@action("university.school.open", requires=policies.can_open_schools)
def open_school(
    organisation: Organisation, brand: Brand, *, plan: Plan | None = None, on: dt.date, actor: Actor, now: dt.datetime
) -> School:
    """Give a body its space in the university. Raises SchoolRefused where it has one."""
    try:
        with transaction.atomic():
            return School.objects.create(
                organisation=organisation,
                name_zh=brand.name_zh,
                name_en=brand.name_en,
                about=clean_html(brand.about),
                colour=brand.colour,
                plan=plan,
                opened_on=on,
                created_at=now,
            )
    except IntegrityError:
        raise SchoolRefused(_("This body has its school already.")) from None


@action("university.school.describe", requires=policies.can_lead)
def describe_school(school: School, brand: Brand, *, actor: Actor, now: dt.datetime) -> School:
    """Change name, text and colour."""
    school.name_zh, school.name_en, school.colour = brand.name_zh, brand.name_en, brand.colour
    school.about = clean_html(brand.about)
    school.save(update_fields=["name_zh", "name_en", "colour", "about"])
    return school


@action("university.school.logo", requires=policies.can_lead)
def set_logo(school: School, file: StoredFile | None, *, actor: Actor, now: dt.datetime) -> School:
    """The school's sign, or none."""
    school.logo = file
    school.save(update_fields=["logo"])
    return school


@action("university.school.close", requires=policies.can_open_schools)
def close_school(school: School, *, on: dt.date, actor: Actor, now: dt.datetime) -> School:
    """Its courses leave the catalogue, its people lose their role; who learns goes on. Raises SchoolRefused where it is
    closed."""
    if not School.objects.filter(pk=school.pk, state=School.State.OPEN).update(state=School.State.CLOSED, closed_on=on):
        raise SchoolRefused(_("The school is closed already."))
    school.refresh_from_db()
    school_changed(school, actor=actor, now=now)
    return school


@action("university.school.reopen", requires=policies.can_open_schools)
def reopen_school(school: School, *, actor: Actor, now: dt.datetime) -> School:
    """Raises SchoolRefused where it is open."""
    if not School.objects.filter(pk=school.pk, state=School.State.CLOSED).update(state=School.State.OPEN, closed_on=None):
        raise SchoolRefused(_("The school is open."))
    school.refresh_from_db()
    school_changed(school, actor=actor, now=now)
    return school


@action("university.member.add", requires=policies.can_lead)
def add_member(
    school: School,
    account: User,
    *,
    role: str,
    title: str = "",
    from_on: dt.date | None = None,
    actor: Actor,
    now: dt.datetime,
) -> SchoolMember:
    """Make an account a dean, teacher or assistant of a school: from then on it has the role of a teacher in the school's body.
    Raises SchoolRefused where it belongs to the school already."""
    try:
        with transaction.atomic():
            return SchoolMember.objects.create(
                school=school,
                account=account,
                role=role,
                title=" ".join(title.split())[:80],
                from_on=from_on or timezone.localdate(now),
            )
    except IntegrityError:
        raise SchoolRefused(_("This account belongs to the school already.")) from None


@action("university.member.change", requires=policies.can_lead)
def change_member(member: SchoolMember, *, role: str, title: str = "", actor: Actor, now: dt.datetime) -> SchoolMember:
    """Another role or title. Raises SchoolRefused where the school would be left without a dean."""
    if role != SchoolMember.Role.DEAN:
        _keeps_a_dean(member, now)
    member.role, member.title = role, " ".join(title.split())[:80]
    member.save(update_fields=["role", "title"])
    return member


@action("university.member.end", requires=policies.can_lead)
def end_member(member: SchoolMember, *, on: dt.date, actor: Actor, now: dt.datetime) -> SchoolMember:
    """The last day at the school. Raises SchoolRefused for a day before the first, where it ended, or for the last dean."""
    if on < member.from_on:
        raise SchoolRefused(_("Last day: it lies before the first."))
    _keeps_a_dean(member, now)
    if not SchoolMember.objects.filter(pk=member.pk, to_on=None).update(to_on=on):
        raise SchoolRefused(_("This person’s time at the school has an end already."))
    member.refresh_from_db()
    return member


def _keeps_a_dean(member: SchoolMember, now: dt.datetime) -> None:
    if member.role != SchoolMember.Role.DEAN:
        return
    deans = SchoolMember.objects.serving(timezone.localdate(now)).filter(school=member.school_id, role=SchoolMember.Role.DEAN)
    if not deans.filter(to_on=None).exclude(pk=member.pk).exists():
        raise SchoolRefused(_("The school would be left without a dean. Name another first."))
