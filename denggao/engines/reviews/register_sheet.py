"""The expert register as a sheet (``experts``): who is new is entered, and what differs is changed; nobody is taken out."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.actions.experts import ExpertDetails, add_expert, change_expert
from denggao.engines.reviews.models import Expert
from denggao.engines.reviews.policies import can_keep_register
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation, OrganisationAlias
from denggao.foundation.organisations.rules import body_key
from denggao.foundation.organisations.sheets.roster_columns import column, short_text
from denggao.foundation.people.actions import Newcomer, conflict_id, create_persons, held_for, keep_name_conflicts
from denggao.foundation.people.masks import mask_name, mask_number
from denggao.foundation.people.models import Person
from denggao.foundation.people.queries import Key, NameMatcher, holders, key_of, persons
from denggao.foundation.people.rules import Identity, name_key, read_identity
from denggao.foundation.sheets import cells
from denggao.foundation.sheets.kinds import Absence, Cell, Column, Context, Fault, Judgement, Row
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Industry
from denggao.foundation.standards.rules import read_level

OBJECT = Expert._meta.label_lower


def _level(cell: Cell) -> str | Fault | None:
    shown = cells.text(cell)
    if not isinstance(shown, str):
        return shown
    text = {"text": shown[:20]}
    wrong = Fault("", _("Skill level: “%(text)s” is not one level. Write 5 to 1 or 五级 to 一级 (初级工 to 高级技师)."), text)
    return read_level(shown) or wrong


COLUMNS = (
    column(
        "name", "姓名", "Name", cells.person_name, "专家姓名 | 专家 | 名字 | Full name | Expert",
        required=True, personal=True, mask=mask_name, example="李登高",
        help_zh="与证件一致。", help_en="As on the document.",
    ),
    column("document_kind", "证件类型", "Document kind", cells.text, "证件种类 | ID type | Document type", example="居民身份证"),
    column(
        "document_number", "证件号码", "Document number", cells.code_text,
        "身份证号 | 身份证号码 | 身份证 | 证件号 | ID number | ID card",
        personal=True, mask=mask_number, example="11010519491231002X",
        help_zh="新入库的必填；带记录编号的可不填。请设为文本格式。",
        help_en="Needed for a new entry; not with a record ID. Format as text.",
    ),
    column(
        "fields", "评审领域", "Fields", short_text(200), "领域 | 专业领域 | 产业 | 所属产业 | Field | Industries",
        required=True, example="集成电路、人工智能",
        help_zh="计划里的产业，用顿号分开。", help_en="Industries of the plan, parted by commas.",
    ),
    column("level", "技能等级", "Skill level", _level, "职业技能等级 | 等级 | Level", example="一级"),
    column(
        "title", "职称", "Title", short_text(80), "职称或职务 | 职务 | 专业技术职务 | Professional title | Post",
        example="高级工程师",
    ),
    column(
        "employer", "单位", "Employer", short_text(120), "工作单位 | 所在单位 | 单位名称 | Organisation",
        example="某应用技术研究院",
        help_zh="平台已有的单位按名称识别。", help_en="A body the platform knows is recognised by its name.",
    ),
)  # fmt: skip


@dataclass
class Reading:
    """A row as far as it could be understood. ``record`` is the entry its record number names, ``expert`` the one it is
    about."""

    row: Row
    faults: list[Fault]
    identity: Identity | None = None
    key: Key | None = None
    person: Person | None = None
    record: Expert | None = None
    expert: Expert | None = None
    details: ExpertDetails | None = None
    held_for: str = ""
    warnings: list[Fault] = field(default_factory=list)

    def value(self, name: str) -> Any:
        return self.row.values.get(name)


class ExpertSheet:
    """The sheet ``experts``. An entry goes by its record number, else by the person's document; who is not known as a
    person becomes one."""

    code = "experts"
    title_zh = "专家库"
    title_en = "Expert register"
    columns: Sequence[Column] = COLUMNS

    def offered_to(self, actor: Actor) -> bool:
        return can_keep_register(actor)

    def may_import(self, actor: Actor, options: Mapping[str, Any]) -> bool:
        return can_keep_register(actor)

    def resolve(self, options: Mapping[str, str]) -> dict[str, Any]:
        return {}

    def check(self, rows: Sequence[Row], context: Context) -> list[Judgement]:
        readings = [Reading(row, list(row.faults)) for row in rows]
        _find(readings)
        industries, bodies = _industries(), _bodies(readings)
        seen: dict[object, Row] = {}
        for item in readings:
            _refuse_second(item, seen)
            _read_details(item, industries, bodies)
        return [_judge(item) for item in readings]

    def absent(self, rows: Sequence[Row], context: Context) -> list[Absence]:
        """A list of experts is never complete."""
        return []

    def apply(self, judgements: Sequence[Judgement], context: Context, *, now: dt.datetime) -> None:
        refused = [item.payload for item in judgements if item.outcome == "refused" and item.held_for]
        keep_name_conflicts([(item.person, item.value("name")) for item in refused], source=self.code, now=now)
        judged = [item for item in judgements if item.outcome != "refused"]
        newcomers = {
            item.payload.key: Newcomer(item.payload.identity, item.payload.value("name"))
            for item in judged
            if item.payload.person is None and item.payload.key
        }
        people = create_persons(newcomers, now=now)
        for judgement in judged:
            item: Reading = judgement.payload
            person = item.person or people[item.key]  # type: ignore[index]  # a row that is not refused has one of both
            if person.name_key != name_key(item.value("name")) and item.person is None:
                raise Refused(str(_("Someone else registered one of these people just now. Apply the list again.")))
            expert = _write(judgement.outcome, item, person, context, now)
            judgement.object_type, judgement.object_id = OBJECT, str(expert.public_id)


def _write(outcome: str, item: Reading, person: Person, context: Context, now: dt.datetime) -> Expert:
    assert item.details is not None
    if item.expert is None:
        return add_expert(person, item.details, from_on=context.as_of, actor=context.actor, now=now)
    if outcome == "updated":
        return change_expert(item.expert, item.details, actor=context.actor, now=now)
    return item.expert


def _find(readings: Sequence[Reading]) -> None:
    """The entry and the person each row is about; a constant number of queries."""
    for item in readings:
        number = item.value("document_number")
        if not isinstance(number, str) or cells.is_masked(number):
            continue
        read = read_identity(item.value("document_kind"), number)
        if isinstance(read, Fault):
            item.faults.append(read)
        else:
            item.identity, item.key = read, key_of(read)
    held = holders([item.key for item in readings if item.key])
    known = persons(held.values())
    records = _records(readings)
    names = NameMatcher([*known.values(), *(expert.person for expert in records.values())])
    for item in readings:
        item.record = records.get(item.row.record_id)
        item.person = known[held[item.key]] if item.key in held else None
        _agree(item, names)
    about = [item.person.pk for item in readings if item.person]
    experts = {expert.person_id: expert for expert in _entries().filter(person_id__in=about)}
    for item in readings:
        item.expert = experts.get(item.person.pk) if item.person else None


def _entries() -> Any:
    return Expert.objects.select_related("person", "employer").prefetch_related("fields", "occupations")


def _records(readings: Sequence[Reading]) -> dict[str, Expert]:
    wanted: dict[uuid.UUID, str] = {}
    for item in readings:
        try:
            wanted[uuid.UUID(item.row.record_id)] = item.row.record_id
        except ValueError:
            continue
    return {wanted[expert.public_id]: expert for expert in _entries().filter(public_id__in=wanted)}


def _agree(item: Reading, names: NameMatcher) -> None:
    """PRIVACY: what is said here never shows the registered name."""
    name = item.value("name")
    if item.row.record_id and item.record is None:
        item.faults.append(Fault("record_id", _("The record number is not that of an expert. Clear that cell.")))
    elif item.record is not None and item.key is None:
        item.person = item.record.person
    elif item.record is not None and (item.person is None or item.person.pk != item.record.person_id):
        item.faults.append(
            Fault("record_id", _("The record number belongs to another expert. Clear that cell, or correct the number."))
        )
    elif item.key is None and not any(fault.column == "document_number" for fault in item.faults):
        item.faults.append(Fault("document_number", _("Document number: needed to enter somebody new.")))
    if item.person is None or not isinstance(name, str) or names.accepts(item.person.pk, name_key(name)):
        return
    if item.key is not None and not names.refused(item.person.pk, name_key(name)):
        item.held_for = held_for(conflict_id(item.person, name_key(name)))
    item.faults.append(
        Fault("name", _("This document or record is registered under another name. Compare both with the document."))
    )


def _refuse_second(item: Reading, seen: dict[object, Row]) -> None:
    who = item.person.pk if item.person else item.key
    if who is None:
        return
    first = seen.setdefault(who, item.row)
    if first is not item.row:
        item.held_for = ""
        text = _("This person is in the file already, in row %(row)s. Keep one of the rows.")
        item.faults.append(Fault("document_number", text, {"row": first.number}))


def _industries() -> dict[str, Industry]:
    return {
        body_key(name): industry
        for industry in Industry.objects.all()
        for name in (industry.name_zh, industry.name_en, industry.code)
        if name
    }


def _bodies(readings: Sequence[Reading]) -> dict[str, Organisation]:
    """By the key of their name or another name; a name several bodies share is nobody's."""
    keys = {body_key(text) for item in readings if (text := item.value("employer"))}
    found: dict[str, Organisation | None] = {}
    pairs = [(body.name_key, body) for body in Organisation.objects.filter(name_key__in=keys)]
    aliases = OrganisationAlias.objects.filter(name_key__in=keys).select_related("organisation")
    for key, body in [*pairs, *((alias.name_key, alias.organisation) for alias in aliases)]:
        found[key] = body if found.get(key, body) == body else None
    return {key: body for key, body in found.items() if body is not None}


def _read_details(item: Reading, industries: Mapping[str, Industry], bodies: Mapping[str, Organisation]) -> None:
    """A blank cell leaves what is known."""
    chosen: list[Industry] = []
    for part in filter(None, re.split(r"[、,，;；/|\s]+", item.value("fields") or "")):
        industry = industries.get(body_key(part))
        if industry is None:
            names = "、".join(dict.fromkeys(one.name_zh for one in industries.values()))
            item.faults.append(
                Fault(
                    "fields",
                    _("Fields: “%(text)s” is not an industry. Write one of: %(names)s."),
                    {"text": part[:20], "names": names},
                )
            )
        elif industry not in chosen:
            chosen.append(industry)
    known = _known(item.expert) if item.expert else ExpertDetails(fields=[])
    given: dict[str, Any] = {name: item.value(name) for name in ("level", "title") if item.value(name)}
    if item.value("employer"):
        body = bodies.get(body_key(item.value("employer")))
        given |= {"employer": body, "employer_text": "" if body else item.value("employer")}
    item.details = replace(known, **given, fields=chosen or known.fields)


def _known(expert: Expert) -> ExpertDetails:
    return ExpertDetails(
        fields=list(expert.fields.all()),
        occupations=list(expert.occupations.all()),
        level=expert.level,
        title=expert.title,
        employer=expert.employer,
        employer_text=expert.employer_text,
    )


def _judge(item: Reading) -> Judgement:
    judged = Judgement(item.row, "refused", item.faults, item.warnings, object_type=OBJECT, payload=item)
    if item.faults or item.details is None:
        judged.held_for = item.held_for if len(item.faults) == 1 else ""
        return judged
    if item.expert is None:
        judged.outcome = "created"
        return judged
    judged.object_id = str(item.expert.public_id)
    before, after = _shown(_known(item.expert)), _shown(item.details)
    judged.changes = [(name, before[name], after[name]) for name in before if before[name] != after[name]]
    judged.outcome = "updated" if judged.changes else "unchanged"
    return judged


def _shown(details: ExpertDetails) -> dict[str, str]:
    return {
        "fields": "、".join(sorted(one.name_zh for one in details.fields)),
        "level": BY_CODE[details.level].name_zh if details.level else "",
        "title": details.title,
        "employer": details.employer.name_zh if details.employer is not None else details.employer_text,
    }
