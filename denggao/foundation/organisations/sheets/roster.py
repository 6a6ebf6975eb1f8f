"""An employer's roster as a sheet: its columns, how its rows are judged, and how they are applied."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.bulk import without_collecting
from denggao.foundation.organisations.actions.employments import Stated, lowest_age, write_statements
from denggao.foundation.organisations.actions.overlaps import find_overlaps
from denggao.foundation.organisations.hooks import heads_changed
from denggao.foundation.organisations.models import Employment, Organisation
from denggao.foundation.organisations.policies import can_keep_roster, keepable_employers
from denggao.foundation.organisations.queries import Effect, Kept, Pair, chunks, effect_of, load_pairs
from denggao.foundation.organisations.sheets.roster_columns import COLUMNS
from denggao.foundation.people.actions import Newcomer, conflict_id, create_persons, fill_in_persons, held_for, keep_name_conflicts
from denggao.foundation.people.masks import mask_name, mask_number, mask_phone
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import Key, NameMatcher, holders, key_of, persons
from denggao.foundation.people.rules import Identity, age_on, clean_name, name_key, normal_phone, read_identity, read_sex
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Column, Context, Fault, Judgement, Option, Row
from denggao.foundation.standards.actions import list_occupation_names
from denggao.foundation.standards.queries import Found, OccupationFinder

OBJECT = Employment._meta.label_lower
SOURCE = "roster"


@dataclass
class Reading:
    """A row as far as it could be understood."""

    row: Row
    identity: Identity | None = None
    key: Key | None = None
    name: str = ""
    record: Employment | None = None
    person: Person | None = None
    sex: str = ""
    phone: str = ""
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    said: Kept | None = None
    found: Found | None = None
    held_for: str = ""

    def value(self, column: str) -> Any:
        return self.row.values.get(column)

    @property
    def born_on(self) -> dt.date | None:
        told = self.identity.born_on if self.identity else None
        return told or self.value("born_on") or (self.person.born_on if self.person else None)


def employer_choices(actor: Actor) -> list[tuple[str, str]]:
    """The employers whose roster the actor may hand in."""
    bodies = Organisation.objects.filter(kind=Organisation.Kind.EMPLOYER).order_by("name_key")
    return [(str(body.public_id), body.name) for body in bodies if can_keep_roster(actor, body)]


class Roster:
    """The sheet ``roster``: who works, or worked, for one employer. Option: ``employer``, the body's public id."""

    code = "roster"
    title_zh = "企业花名册"
    title_en = "Roster of an employer"
    columns: Sequence[Column] = COLUMNS
    options = (Option("employer", "用人单位", "Employer", employer_choices),)

    def offered_to(self, actor: Actor) -> bool:
        return keepable_employers(actor).exists()

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        employer = options.get("employer")
        if not isinstance(employer, Organisation):
            employer = _employer(employer)
        return employer is not None and can_keep_roster(actor, employer)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        employer = _employer(options.get("employer"))
        if employer is None:
            raise Refused(str(_("Employer: choose the employer whose roster this is.")))
        return {"employer": employer}

    @without_collecting()
    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        employer: Organisation = context.options["employer"]
        readings = self._read(rows, context)
        pairs = load_pairs([item.person.pk for item in readings if item.person], [employer.pk])
        return [self._judge(item, pairs, employer) for item in readings]

    def _read(self, rows: Sequence[Row], context: Context) -> list[Reading]:
        """Each row with all its faults and warnings, and the person it names, where known."""
        employer: Organisation = context.options["employer"]
        readings = [Reading(row, faults=list(row.faults)) for row in rows]
        _find_records(readings, employer)
        for item in readings:
            _read_person(item)
        held = holders([item.key for item in readings if item.key])
        known = persons(held.values())
        names = NameMatcher(known.values())
        seen: dict[object, Row] = {}
        finder, age = OccupationFinder(), lowest_age(context.as_of)
        several_sheets = len({row.sheet for row in rows}) > 1
        for item in readings:
            if item.key in held:
                item.person = known[held[item.key]]
                _compare_names(item, names)
            _compare_record(item)
            _refuse_second(item, seen, several_sheets=several_sheets)
            _read_dates(item, context.as_of, age)
            _read_details(item)
            _read_work(item, finder)
        return readings

    def _judge(self, item: Reading, pairs: Mapping[tuple[int, int], Pair], employer: Organisation) -> Judgement:
        judged = Judgement(item.row, "refused", item.faults, item.warnings, held_for=item.held_for, payload=item)
        if item.faults or item.said is None:
            judged.held_for = item.held_for if len(item.faults) == 1 else ""
            return judged
        if item.person is None:
            judged.outcome = "created"
            return judged
        effect = effect_of(pairs.get((item.person.pk, employer.pk), Pair()), item.said)
        judged.changes = [*_changes(effect), *_person_changes(item)]
        judged.outcome = "updated" if effect.outcome == "unchanged" and judged.changes else effect.outcome
        if effect.outcome != "created":
            item.warnings += _corrections(effect)
            judged.object_type = OBJECT
        return judged

    @without_collecting()
    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        """Who should be there on the list's date by what is known, and is not on it."""
        employer: Organisation = context.options["employer"]
        readings = [Reading(row) for row in rows]
        _find_records(readings, employer)
        for item in readings:
            _read_person(item)
        there = set(holders([item.key for item in readings if item.key]).values())
        there |= {item.record.person_id for item in readings if item.record}
        open_ones = (
            Employment.objects.filter(employer=employer, left_on__isnull=True, last_listed_on__lte=context.as_of)
            .exclude(hired_on__gt=context.as_of)
            .select_related("person")
            .defer("person__phone")
            .order_by("person__name_key", "pk")
        )
        return [
            Absence(str(employment.public_id), " · ".join(filter(None, [employment.person.name, employment.post])))
            for employment in open_ones
            if employment.person_id not in there
        ]

    @without_collecting()
    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        employer: Organisation = context.options["employer"]
        keep_name_conflicts(
            [(item.payload.person, item.payload.name) for item in judgements if item.held_for and item.outcome == "refused"],
            source=SOURCE,
            now=now,
        )
        judged = [item for item in judgements if item.outcome != "refused"]
        readings: list[Reading] = [item.payload for item in judged]
        list_occupation_names([item.found for item in readings if item.found], actor=context.actor, now=now)
        newcomers = {item.key: _newcomer(item) for item in readings if item.person is None and item.key}
        people = create_persons(newcomers, now=now, is_demo=employer.is_demo)
        for item in readings:
            if item.person is None and item.key:
                item.person = people[item.key]
                if item.person.name_key != name_key(item.name):
                    raise Refused(str(_("Someone else registered one of these people just now. Apply the list again.")))
        fills = {item.person.pk: fill for item in readings if item.person and (fill := _fill(item))}
        fill_in_persons(fills, {item.person.pk: item.person for item in readings if item.person})
        written = write_statements(
            [Stated(item.person, employer, item.said) for item in readings if item.person and item.said], now=now
        )
        changed = {people[key].pk for key in newcomers}
        for judgement, result in zip(judged, written, strict=True):
            judgement.object_type, judgement.object_id = OBJECT, str(result.employment.public_id)
            if result.changed:
                changed.add(result.employment.person_id)
        find_overlaps(changed, now=now)
        if changed:
            heads_changed(changed, actor=context.actor, now=now)


def _employer(public_id: Any) -> Organisation | None:
    try:
        return Organisation.objects.filter(public_id=uuid.UUID(str(public_id))).first()
    except ValueError:
        return None


# Who a row is about


def _find_records(readings: Sequence[Reading], employer: Organisation) -> None:
    wanted: dict[uuid.UUID, Reading] = {}
    for item in readings:
        if not item.row.record_id:
            continue
        try:
            wanted[uuid.UUID(item.row.record_id)] = item
        except ValueError:
            item.faults.append(_no_record())
    found: dict[uuid.UUID, Employment] = {}
    for part in chunks(wanted):
        employments = Employment.objects.filter(public_id__in=part, employer=employer).select_related("person")
        found |= {employment.public_id: employment for employment in employments.prefetch_related("person__documents")}
    for public_id, item in wanted.items():
        item.record = found.get(public_id)
        if item.record is None:
            item.faults.append(_no_record())


def _no_record() -> Fault:
    return Fault(
        "record_id",
        _("The record number is not one of this employer's roster. Clear that cell, or take the row out of the right export."),
    )


def _read_person(item: Reading) -> None:
    name, number, record = item.value("name"), item.value("document_number"), item.record
    if isinstance(name, str):
        item.name = clean_name(name)
    if record and isinstance(name, str) and cells.same_when_masked(item.row.texts.get("name", name), record.person.name, mask_name):
        item.name = record.person.name
    if not isinstance(number, str):
        return
    if cells.is_masked(number):
        if record and any(
            cells.same_when_masked(number, document.number, mask_number) for document in record.person.documents.all()
        ):
            item.person = record.person
        else:
            item.faults.append(
                Fault("document_number", _("The number is masked, and the row has no record it belongs to. Give the whole number."))
            )
        return
    read = read_identity(item.value("document_kind"), number)
    if isinstance(read, Fault):
        item.faults.append(read)
    else:
        item.identity, item.key = read, key_of(read)


def _compare_names(item: Reading, names: NameMatcher) -> None:
    """PRIVACY: what is said here never shows the registered name."""
    if item.person is None or not item.name or names.accepts(item.person.pk, name_key(item.name)):
        return
    if names.refused(item.person.pk, name_key(item.name)):
        item.faults.append(
            Fault(
                "name",
                _("The office found that this name does not belong to this document number. Correct the name or the number."),
            )
        )
        return
    item.held_for = held_for(conflict_id(item.person, name_key(item.name)))
    item.faults.append(
        Fault(
            "name",
            _(
                "This document number is registered under another name. Compare both with the document. If both are right, the "
                "programme office decides, and the row is taken in then."
            ),
        )
    )


def _compare_record(item: Reading) -> None:
    if item.record is None:
        return
    if item.person is None and item.value("document_number") is None:
        item.person = item.record.person
    if item.identity and (item.person is None or item.person.pk != item.record.person_id):
        item.faults.append(
            Fault(
                "record_id",
                _("The record number belongs to another person's row. Clear that cell, or correct the document number."),
            )
        )
    elif item.person and item.identity is None and name_key(item.name) != item.record.person.name_key:
        item.faults.append(
            Fault("name", _("The name is not that of the record. To change it, give the whole document number too."))
        )


def _refuse_second(item: Reading, seen: dict[object, Row], *, several_sheets: bool) -> None:
    """A person stands once in a list; twice only where each row is one of the employer's records of that person."""
    who = item.person.pk if item.person else item.key
    if who is None:
        return
    first = seen.setdefault(who, item.row)
    if first is item.row:
        return
    if item.record and first.record_id and first.record_id != item.row.record_id:
        return
    item.held_for = ""
    if several_sheets:
        text, values = (
            _("This person is in the file already, in row %(row)s of sheet “%(sheet)s”. Keep one of the rows."),
            {
                "row": first.number,
                "sheet": first.sheet,
            },
        )
    else:
        text, values = _("This person is in the file already, in row %(row)s. Keep one of the rows."), {"row": first.number}
    item.faults.append(Fault("document_number", text, values))


# What a row says


def _read_dates(item: Reading, as_of: dt.date, age: int) -> None:
    hired_on, left_on, ends_on = item.value("hired_on"), item.value("left_on"), item.value("contract_ends_on")
    if hired_on and left_on and left_on < hired_on:
        item.faults.append(
            Fault(
                "left_on",
                _("The leaving date lies before the hiring date, %(hired_on)s. Correct one of them."),
                {"hired_on": hired_on.isoformat()},
            )
        )
    if item.born_on and age_on(item.born_on, hired_on or as_of) < age:
        item.faults.append(
            Fault(
                "hired_on" if hired_on else "document_number",
                _("By the birth date the person was under %(age)s at hiring. Compare hiring date and number with the papers."),
                {"age": age},
            )
        )
    if item.value("status") is False and left_on is None:
        item.faults.append(
            Fault(
                "left_on",
                _("The status says that the person has left, but the leaving date is missing. Give it, or take the row out."),
            )
        )
    item.warnings += _date_warnings(item, as_of)
    if hired_on is None and item.record is not None:
        hired_on = item.record.hired_on
    if left_on is None and ends_on and ends_on > as_of:
        left_on = ends_on
    item.said = Kept(as_of, hired_on, left_on, source=item.row.source)


def _date_warnings(item: Reading, as_of: dt.date) -> Iterator[Fault]:
    hired_on, left_on, ends_on = item.value("hired_on"), item.value("left_on"), item.value("contract_ends_on")
    day = {"as_of": as_of.isoformat()}
    if hired_on is None and not (item.record and item.record.hired_on) and not _fault_in(item.row, "hired_on"):
        yield Fault("hired_on", _("The hiring date is blank: employment counts from the date of the list, %(as_of)s."), day)
    if hired_on and hired_on > as_of:
        yield Fault("hired_on", _("The hiring date lies after the date of the list, %(as_of)s."), day)
    if left_on and left_on > as_of:
        yield Fault(
            "left_on",
            _("The leaving date lies after the date of the list, %(as_of)s: it is kept as the contract's end and ends nothing."),
            day,
        )
    elif left_on is None and ends_on and ends_on <= as_of:
        yield Fault(
            "contract_ends_on",
            _("The contract ended by the date of the list, %(as_of)s. If the person has left, give the leaving date."),
            day,
        )


def _fault_in(row: Row, column: str) -> bool:
    return any(fault.column == column for fault in row.faults)


def _read_details(item: Reading) -> None:
    told = item.identity
    if told is None and item.person:
        told = Identity("", "", item.person.born_on, item.person.sex)
    text = item.value("sex")
    sex = read_sex(text) if isinstance(text, str) else ""
    if sex is None:
        item.warnings.append(Fault("sex", _("The sex is neither 男 nor 女, and is left out.")))
    elif sex and told and told.sex and sex != told.sex:
        item.warnings.append(Fault("sex", _("The sex disagrees with the document number; the number's is kept.")))
    elif sex:
        item.sex = sex
    born_on = item.value("born_on")
    if born_on and told and told.born_on and born_on != told.born_on:
        item.warnings.append(Fault("born_on", _("The birth date disagrees with the document number; the number's is kept.")))
    phone = item.value("phone")
    if isinstance(phone, str) and not cells.is_masked(phone):
        number = normal_phone(phone)
        if number is None:
            item.warnings.append(
                Fault("phone", _("This is not a mobile number of 11 digits (or one abroad with +); it is left out."))
            )
        item.phone = number or ""


def _read_work(item: Reading, finder: OccupationFinder) -> None:
    if item.said is None:
        return
    occupation, title = item.value("occupation") or "", item.value("job_title") or ""
    text = "/".join(dict.fromkeys(part for part in (occupation, title) if part))[:120]
    found = finder.resolve(text) if text else None
    item.found = found
    if found and found.occupation is None:
        item.warnings.append(
            Fault(
                "occupation" if occupation else "job_title",
                _("No occupation goes by this name alone. It is kept as written, and the programme office maps it."),
            )
        )
    if "front_line" in item.row.values and item.value("front_line") is None and not _fault_in(item.row, "front_line"):
        item.warnings.append(
            Fault("front_line", _("Not known whether the person works on the front line: raises count once it is."))
        )
    item.said = Kept(
        item.said.as_of,
        item.said.hired_on,
        item.said.left_on,
        item.value("post") or "",
        text,
        found.occupation.pk if found and found.occupation else None,
        item.value("front_line"),
        source=item.row.source,
    )


# What would change


def _newcomer(item: Reading) -> Newcomer:
    assert item.identity is not None
    return Newcomer(item.identity, item.name, item.sex, item.value("born_on"), item.phone)


def _fill(item: Reading) -> dict[str, object]:
    """What the row adds to what is known of a person: the phone, and what nothing was known of."""
    person = item.person
    if person is None:
        return {}
    fill: dict[str, object] = {}
    if item.phone and item.phone != person.phone:
        fill["phone"] = item.phone
    if item.sex and not person.sex:
        fill["sex"] = item.sex
    if item.value("born_on") and person.born_on is None:
        fill["born_on"] = item.value("born_on")
    return fill


def _person_changes(item: Reading) -> Iterator[tuple[str, str, str]]:
    for column, value in _fill(item).items():
        if column == "phone" and item.person:
            yield column, item.person.masked_phone, mask_phone(str(value))
        else:
            yield column, "", "" if column == "born_on" else str(value)


def _changes(effect: Effect) -> Iterator[tuple[str, str, str]]:
    if effect.before is None or effect.outcome == "unchanged":
        return
    for column in ("hired_on", "left_on", "contract_ends_on", "post", "occupation_text", "front_line"):
        before, after = getattr(effect.before, column), getattr(effect.after, column)
        if before != after:
            yield column.replace("occupation_text", "occupation"), _shown(before), _shown(after)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _corrections(effect: Effect) -> Iterator[Fault]:
    before, after = effect.before, effect.after
    if before and before.hired_on and after.hired_on and before.hired_on != after.hired_on:
        yield Fault(
            "hired_on",
            _("The hiring date differs from the one known, %(known)s, and corrects it."),
            {"known": before.hired_on.isoformat()},
        )
