"""How the teachers of an application come into the pool."""

from __future__ import annotations

import datetime as dt

from denggao.foundation.audit.actions import note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.people.actions import Newcomer, create_persons, keep_name_conflicts
from denggao.foundation.people.hooks import people_changed
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import NameMatcher, find_by_identity
from denggao.foundation.people.rules import Identity, name_key
from denggao.systems.bases.models import ApplicationTeacher, Base, BaseApplication, Qualification, Teacher

SOURCE = "bases"


def join_pool(base: Base, application: BaseApplication, *, actor: Actor, now: dt.datetime) -> list[Teacher]:
    """Bring the teachers an application named into the pool, as teachers of the base's body; who is in it stays what they
    are, and gets the qualification where it is not known yet. Whose number is known under another name waits for the
    office's ruling. Runs inside the act under way."""
    rows = {(row.document_kind, bytes(row.number_index)): row for row in application.teachers.order_by("id")}
    known = find_by_identity(list(rows))
    names = NameMatcher(known.values())
    doubtful = {key for key, person in known.items() if not names.accepts(person.pk, name_key(rows[key].name))}
    keep_name_conflicts([(known[key], rows[key].name) for key in doubtful], source=SOURCE, now=now)
    newcomers = {
        key: Newcomer(Identity(row.document_kind, row.number), row.name, phone=row.phone)
        for key, row in rows.items()
        if key not in known
    }
    created = create_persons(newcomers, now=now, is_demo=base.organisation.is_demo)
    people = {key: person for key, person in {**known, **created}.items() if key in rows and key not in doubtful}
    joined = [_join(person, rows[key], base, now) for key, person in people.items()]
    if created:
        people_changed({person.pk for person in created.values()}, actor=actor, now=now)
    return joined


def _join(person: Person, row: ApplicationTeacher, base: Base, now: dt.datetime) -> Teacher:
    teacher, created = Teacher.objects.get_or_create(
        person=person,
        defaults={"home": base.organisation, "kind": row.kind, "from_on": base.accredited_on, "created_at": now},
    )
    teacher.industries.add(row.industry or base.industry)
    if created:
        note([Line.about("bases.teacher.join", teacher, after=snapshot(teacher))])
    known = teacher.qualifications.filter(kind=row.qualification, number=row.qualification_number)
    if not known.exists():
        qualification = Qualification.objects.create(
            teacher=teacher,
            kind=row.qualification,
            number=row.qualification_number,
            level=row.level,
            issued_on=row.issued_on,
            expires_on=row.expires_on,
            created_at=now,
        )
        note([Line.about("bases.qualification.add", qualification, after=snapshot(qualification))])
    return teacher
