"""Writing down what lists and forms state of employments.

A statement is kept; the employments that follow from all the statements of a person and an employer are derived again
(``rules``) and only what differs is written.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import insert, overwrite
from denggao.foundation.audit.records import Line, snapshot
from denggao.foundation.organisations.actions.overlaps import find_overlaps
from denggao.foundation.organisations.hooks import heads_changed
from denggao.foundation.organisations.models import Employment, EmploymentStatement, Organisation
from denggao.foundation.organisations.policies import can_keep_roster
from denggao.foundation.organisations.queries import Kept, Pair, chunks, load_pairs
from denggao.foundation.organisations.rules import Resolved, resolve
from denggao.foundation.people.actions import Newcomer, create_persons, fill_in_persons, keep_name_conflicts
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import find_by_identity, key_of, match_name
from denggao.foundation.people.rules import age_on, name_key
from denggao.foundation.standards.actions import list_occupation_names
from denggao.foundation.standards.queries import OccupationFinder, rule_value

STATE = "organisations.employment.state"
JOIN_STINTS = "organisations.employment.join"
_DERIVED = (
    "hired_on", "known_from", "left_on", "contract_ends_on", "post", "occupation_text", "occupation_id", "front_line",
    "last_listed_on",
)  # fmt: skip
_STATED = (
    "employment_id", "left_on", "post", "occupation_text", "occupation_id", "front_line", "source", "stated_at",
)  # fmt: skip


class NothingSaid(Refused):
    """A change that changes nothing."""


class DatesContradict(Refused):
    """A leaving date before hiring, or the like."""


class NotLeft(Refused):
    """No leaving is recorded."""


class StillEmployed(Refused):
    """On the roster already."""


class UnderAge(Refused):
    """Too young to be employed on that day."""


@dataclass(frozen=True)
class Stated:
    """What a row or form says: of whom, by which employer."""

    person: Person
    employer: Organisation
    said: Kept


@dataclass
class Written:
    """What became of a statement: the employment it speaks of, and whether that is new or changed."""

    employment: Employment
    created: bool = False
    changed: bool = False


def write_statements(stated: Sequence[Stated], *, now: dt.datetime) -> list[Written]:
    """Keep statements and derive the employments again; one result a statement, in their order. Notes a line for each
    employment created, changed or joined to another, and for statements that change nothing none.

    For batches: runs inside the act under way, a constant number of queries a thousand rows. Holds the persons until the
    act ends, in one order, so that two acts on one person come one after the other.
    """
    people = {item.person.pk: item.person for item in stated}
    employers = {item.employer.pk: item.employer for item in stated}
    _hold(people)
    pairs = load_pairs(people, employers)
    desk = _Desk(people, employers, now)
    spoken: list[tuple[tuple[int, int], tuple[dt.date, dt.date | None]]] = []
    touched: dict[tuple[int, int], Pair] = {}
    for item in stated:
        key = (item.person.pk, item.employer.pk)
        before = pairs.get(key, Pair())
        pairs[key], kept = before.with_statement(replace(item.said, stated_at=now))
        if kept is not None:
            touched.setdefault(key, before)
        spoken.append((key, (item.said.as_of, item.said.hired_on)))
    sources = {key: item.said.source for item, (key, _statement) in zip(stated, spoken, strict=True)}
    for key in sorted(touched):
        desk.derive(key, pairs[key], before=touched[key], source=sources[key])
    desk.write()
    return [desk.written_for(key, statement, pairs[key]) for key, statement in spoken]


def _hold(person_ids: Collection[int]) -> None:
    if connection.features.has_select_for_update:
        for part in chunks(sorted(person_ids)):
            list(Person.objects.filter(pk__in=part).order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


class _Desk:
    """Gathers what must be written for many pairs, and writes it in bulk."""

    def __init__(self, people: Mapping[int, Person], employers: Mapping[int, Organisation], now: dt.datetime) -> None:
        self.people, self.employers, self.now = people, employers, now
        self.groups: dict[tuple[int, int], list[tuple[list[Kept], Employment]]] = {}
        self.created: list[Employment] = []
        self.changed: list[Employment] = []
        self.joined: list[Employment] = []
        self.seen: dict[tuple[str, dt.date], list[int]] = {}
        self.said: list[tuple[Kept, Employment]] = []
        self.new: set[int] = set()
        self.fresh: set[int] = set()
        self.lines: list[Line] = []

    def derive(self, key: tuple[int, int], pair: Pair, *, before: Pair, source: str) -> None:
        groups = pair.stints()
        resolved = [resolve(group) for group in groups]
        # A list older than the latest may change what held in between, and nothing of what holds now.
        otherwise = [outcome.facts for outcome in resolved] != [resolve(group).facts for group in before.stints()]
        held = _assign(groups, resolved, pair.employments)
        self.groups[key] = []
        for group, outcome, employment in zip(groups, resolved, held, strict=True):
            known = employment if employment is not None else self._employment(key)
            self._take(known, outcome, is_new=employment is None, source=source)
            if otherwise and id(known) not in self.fresh:
                self.fresh.add(id(known))
                self.lines.append(Line.about(STATE, self._named(known), after={"source": source}))
            self.groups[key].append((group, known))
            self.said += [(kept, known) for kept in group if kept.stated_at == self.now or kept.employment_id != known.pk]
        kept_ids = {employment.pk for employment in held if employment is not None}
        for leftover in pair.employments:
            if leftover.pk not in kept_ids:
                self.joined.append(leftover)
                self.lines.append(Line.about(JOIN_STINTS, self._named(leftover), before=snapshot(leftover)))

    def _employment(self, key: tuple[int, int]) -> Employment:
        return Employment(person=self.people[key[0]], employer=self.employers[key[1]], created_at=self.now)

    def _named(self, employment: Employment) -> Employment:
        employment.person, employment.employer = self.people[employment.person_id], self.employers[employment.employer_id]
        return employment

    def _take(self, employment: Employment, outcome: Resolved, *, is_new: bool, source: str) -> None:
        differing = [name for name in _DERIVED if is_new or getattr(employment, name) != getattr(outcome, name)]
        if not differing:
            return
        before = None if is_new else snapshot(employment)
        for name in differing:
            setattr(employment, name, getattr(outcome, name))
        if is_new:
            self.created.append(employment)
        elif set(differing) <= ({"last_listed_on", "known_from"} if employment.hired_on else {"last_listed_on"}):
            for name in differing:
                self.seen.setdefault((name, getattr(employment, name)), []).append(employment.pk)
            return
        else:
            self.changed.append(employment)
        self.fresh.add(id(employment))
        line = Line.about(STATE, self._named(employment), before=before, after=snapshot(employment))
        self.lines.append(replace(line, after={**(line.after or {}), "source": source}))

    def write(self) -> None:
        insert(self.created)
        self.new = {id(employment) for employment in self.created}
        self._write_statements()
        Employment.objects.filter(pk__in=[employment.pk for employment in self.joined]).delete()
        for (name, day), ids in self.seen.items():
            for part in chunks(ids):
                Employment.objects.filter(pk__in=part).update(**{name: day})
        overwrite(self.changed, _DERIVED)
        note(self.lines)

    def _write_statements(self) -> None:
        new = [_row(kept, employment) for kept, employment in self.said if kept.pk is None]
        overwrite([_row(kept, employment) for kept, employment in self.said if kept.pk is not None], _STATED)
        insert(new)

    def written_for(self, key: tuple[int, int], statement: tuple[dt.date, dt.date | None], pair: Pair) -> Written:
        groups = self.groups.get(key)
        if groups is None:
            kept = next(item for item in pair.statements if (item.as_of, item.hired_on) == statement)
            return Written(next(item for item in pair.employments if item.pk == kept.employment_id))
        employment = next(
            employment for group, employment in groups if any((item.as_of, item.hired_on) == statement for item in group)
        )
        return Written(
            employment, created=id(employment) in self.new, changed=any(id(held) in self.fresh for _group, held in groups)
        )


def _assign(
    groups: Sequence[Sequence[Kept]], resolved: Sequence[Resolved], employments: Sequence[Employment]
) -> list[Employment | None]:
    """Which of the employments known so far each group of statements goes on with; None: a new one. Who began on the same
    day first, so that no two ever claim the same beginning; then who already holds most of the statements."""
    free = {employment.pk: employment for employment in employments}
    held: list[Employment | None] = [None] * len(groups)
    begun = {(item.hired_on, item.hired_on or item.known_from): item.pk for item in employments}
    for place, outcome in enumerate(resolved):
        pk = begun.get((outcome.hired_on, outcome.started_on))
        if pk in free:
            held[place] = free.pop(pk)
    for place, group in enumerate(groups):
        if held[place] is None:
            votes = Counter(kept.employment_id for kept in group if kept.employment_id in free)
            if votes:
                held[place] = free.pop(votes.most_common(1)[0][0] or 0)
    return held


def _row(kept: Kept, employment: Employment) -> EmploymentStatement:
    return EmploymentStatement(
        pk=kept.pk,
        employment_id=employment.pk,
        as_of=kept.as_of,
        hired_on=kept.hired_on,
        left_on=kept.left_on,
        post=kept.post,
        occupation_text=kept.occupation_text,
        occupation_id=kept.occupation_id,
        front_line=kept.front_line,
        source=kept.source,
        stated_at=kept.stated_at,
    )


# Single records, by form


@dataclass(frozen=True)
class Post:
    """What a person does at an employer; blank and None say nothing."""

    post: str = ""
    occupation_text: str = ""
    occupation_id: int | None = None
    front_line: bool | None = None


@action("organisations.employment.add", requires=can_keep_roster, batch=True)
def add_employment(
    employer: Organisation,
    newcomer: Newcomer,
    post: Post,
    *,
    hired_on: dt.date | None,
    as_of: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Employment | None:
    """Add one person to a roster as of a day. None where the number is known under another name: that is kept for the
    office, and once it has ruled, the person can be added.

    Raises UnderAge, StillEmployed.
    """
    _check_age(newcomer.identity.born_on or newcomer.born_on, hired_on or as_of)
    key = key_of(newcomer.identity)
    known = find_by_identity([key]).get(key)
    if known and not match_name(known, name_key(newcomer.name)):
        keep_name_conflicts([(known, newcomer.name)], source="form", now=now)
        return None
    if known and Employment.objects.filter(person=known, employer=employer, left_on__isnull=True).exists():
        raise StillEmployed(_("This person stands on the roster already. Change the post there, or record the leaving first."))
    _list_unmapped(post, actor=actor, now=now)
    person = known or create_persons({key: newcomer}, now=now, is_demo=employer.is_demo)[key]
    if known and newcomer.phone and newcomer.phone != known.phone:
        fill_in_persons({known.pk: {"phone": newcomer.phone}}, {known.pk: known})
    return _state(person, employer, _kept(as_of, hired_on, post=post), actor=actor, now=now, always=known is None)


@action("organisations.employment.change_post", requires=can_keep_roster, batch=True)
def change_post(employment: Employment, post: Post, *, from_on: dt.date, actor: Actor, now: dt.datetime) -> Employment:
    """What the person does from a day on. The first value known holds from hiring all the same.

    Raises DatesContradict, NothingSaid.
    """
    started_on = employment.hired_on or employment.known_from
    if from_on < started_on:
        raise DatesContradict(_("From: it lies before the hiring date, %(hired_on)s. Give a later day.") % {"hired_on": started_on})
    if employment.left_on and from_on > employment.left_on:
        raise DatesContradict(
            _("From: it lies after the last day, %(left_on)s. Give an earlier day.") % {"left_on": employment.left_on}
        )
    if post == Post():
        raise NothingSaid(_("Nothing was filled in: give the post, the occupation or the front-line status that changes."))
    _list_unmapped(post, actor=actor, now=now)
    return _state(employment.person, employment.employer, _kept(from_on, employment.hired_on, post=post), actor=actor, now=now)


@action("organisations.employment.leave", requires=can_keep_roster, batch=True)
def record_leaving(employment: Employment, *, left_on: dt.date, today: dt.date, actor: Actor, now: dt.datetime) -> Employment:
    """The person's last day with the employer, whether past or to come.

    Raises DatesContradict.
    """
    started_on = employment.hired_on or employment.known_from
    if left_on < started_on:
        raise DatesContradict(
            _("Leaving date: it lies before the hiring date, %(hired_on)s. Correct it.") % {"hired_on": started_on}
        )
    said = _kept(max(today, left_on), employment.hired_on, left_on=left_on)
    return _state(employment.person, employment.employer, said, actor=actor, now=now)


@action("organisations.employment.withdraw_leaving", requires=can_keep_roster, batch=True)
def withdraw_leaving(employment: Employment, *, actor: Actor, now: dt.datetime) -> Employment:
    """The leaving was recorded by mistake: no statement of this employment says it any more.

    Raises NotLeft, and DatesContradict where the person was hired again since.
    """
    if employment.left_on is None:
        raise NotLeft(_("No leaving is recorded for this employment."))
    _hold([employment.person_id])
    pair = load_pairs([employment.person_id], [employment.employer_id])[employment.person_id, employment.employer_id]
    if any((item.hired_on or item.known_from) >= employment.left_on for item in pair.employments if item.pk != employment.pk):
        raise DatesContradict(_("The person was hired again later: this leaving must stand."))
    pair.statements = [
        replace(kept, left_on=None, stated_at=now)
        if kept.employment_id == employment.pk and kept.left_on and kept.left_on <= kept.as_of
        else kept
        for kept in pair.statements
    ]
    desk = _Desk({employment.person_id: employment.person}, {employment.employer_id: employment.employer}, now)
    desk.derive((employment.person_id, employment.employer_id), pair, before=pair, source="")
    desk.write()
    find_overlaps({employment.person_id}, now=now)
    heads_changed({employment.person_id}, actor=actor, now=now)
    return Employment.objects.get(pk=employment.pk)


def resolve_occupations_again(*, actor: Actor, now: dt.datetime) -> None:
    """After the office mapped a name: whoever wrote it as an occupation now has that occupation. Runs inside an act."""
    finder = OccupationFinder()
    for model in (EmploymentStatement, Employment):
        written = model.objects.exclude(occupation_text="").order_by().values_list("occupation_text", "occupation_id").distinct()
        for text, occupation_id in list(written):
            found = finder.resolve(text).occupation
            meant = found.pk if found else None
            if meant != occupation_id:
                model.objects.filter(occupation_text=text, occupation_id=occupation_id).update(occupation_id=meant)


def _list_unmapped(post: Post, *, actor: Actor, now: dt.datetime) -> None:
    if post.occupation_text and post.occupation_id is None:
        list_occupation_names([OccupationFinder().resolve(post.occupation_text)], actor=actor, now=now)


def lowest_age(on: dt.date) -> int:
    """Full years one must be to be employed (Labour Law, article 15), by the rule in force on a day."""
    return int(rule_value("people.minimum_age", on))


def _check_age(born_on: dt.date | None, day: dt.date) -> None:
    if born_on and age_on(born_on, day) < lowest_age(day):
        raise UnderAge(
            _("Hiring date: the person was under %(age)s on that day. Compare it with the document.") % {"age": lowest_age(day)}
        )


def _kept(as_of: dt.date, hired_on: dt.date | None, *, left_on: dt.date | None = None, post: Post = Post()) -> Kept:
    return Kept(as_of, hired_on, left_on, post.post, post.occupation_text, post.occupation_id, post.front_line)


def _state(
    person: Person, employer: Organisation, said: Kept, *, actor: Actor, now: dt.datetime, always: bool = False
) -> Employment:
    written = write_statements([Stated(person, employer, said)], now=now)[0]
    if written.changed or always:
        find_overlaps({person.pk}, now=now)
        heads_changed({person.pk}, actor=actor, now=now)
    return written.employment
