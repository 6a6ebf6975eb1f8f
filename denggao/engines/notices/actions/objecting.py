"""Taking objections in, from anybody."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import IO, BinaryIO, cast

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from denggao.engines.notices import policies
from denggao.engines.notices.actions.refusals import ObjectionRefused
from denggao.engines.notices.models import OPEN_STATES, Notice, NoticeItem, Objection, ObjectionFile, ObjectionOriginal
from denggao.engines.notices.registry import subject_of
from denggao.engines.notices.rules import TEXT_LENGTH, receipt_of
from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor, system, visitor
from denggao.foundation.audit.records import Line
from denggao.foundation.calendar.queries import nth_working_day
from denggao.foundation.files.actions import erase_file, store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.rules import CONTENT_TYPES, EXTENSIONS, clean_name, extension_of, kind_of_content
from denggao.foundation.standards.queries import rule_value
from denggao.foundation.vault.fields import blind_index
from denggao.foundation.vault.keys import key as secret_key

ANSWER_RULE = "notice.answer_days"
FILE_TYPES = ("pdf", "png", "jpeg")
FILE_LIMIT = 10 * 1024 * 1024
MOST_FILES = 5
_SHORTEST = 5


@dataclass(frozen=True)
class Handed:
    """A file as it was handed in: ``content`` can be read and sought; ``size`` in bytes."""

    name: str
    content: IO[bytes]
    size: int


@dataclass(frozen=True)
class Received:
    """An objection that was taken, and the code by which its ruling is followed: told once, never kept."""

    objection: Objection
    receipt: str


def receipt_index(receipt: str) -> bytes:
    return blind_index("notices.receipt", receipt)


def receipt_for(seed: str) -> str:
    """The receipt that an objection sent with this key has, also where it was sent before."""
    return receipt_of(secret_key("index"), seed)


def object_to(
    notice: Notice,
    item: NoticeItem | None,
    *,
    kind: str,
    name: str,
    contact: str,
    text: str,
    files: Sequence[Handed] = (),
    body_name: str = "",
    key: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Received:
    """Object to a notice, or to one name on it. Anybody may, until 24:00 of the notice's last day. ``key`` is what a form sent
    twice carries twice: the second time raises AlreadyDone, and ``receipt_for(key)`` is the receipt.

    Raises ObjectionRefused with a sentence for each field; then nothing was kept.
    """
    name, contact, body_name = (" ".join(given.split()) for given in (name, contact, body_name))
    text = text.strip().replace("\r\n", "\n")
    faults = _faults(notice, item, kind=kind, name=name, contact=contact, text=text, today=localdate(now))
    if wrong := faults_of_files(files):
        faults["files"] = " ".join(wrong)
    if faults:
        raise ObjectionRefused(faults)
    # PRIVACY: of a protected objection neither the audit nor a stored file may tell the account or the address.
    known = visitor("web") if kind == Objection.Kind.PROTECTED else actor
    receipt = receipt_for(key or secrets.token_hex(16))
    taker = replace(system("notices"), origin=known.origin)
    stored: list[StoredFile] = []
    try:
        for file in files:
            stored.append(
                store_file(
                    file.name, file.content, kind=policies.FILE_KIND, taken=FILE_TYPES, limit=FILE_LIMIT, actor=taker, now=now
                )
            )
        objection = Objection(
            notice=notice,
            item=item,
            kind=kind,
            name=name[:80],
            contact=contact[:120],
            body_name=body_name[:120],
            receipt_index=receipt_index(receipt),
            received_at=now,
            answer_due_on=_answer_due(localdate(now)),
        )
        return Received(_receive(objection, text, stored, key=key, actor=known, now=now), receipt)
    except BaseException:
        for kept in stored:
            with contextlib.suppress(Exception):
                erase_file(kept, actor=taker, now=now)
        raise


@action("notices.objection.file", requires=policies.anyone, once_by="key")
def _receive(
    objection: Objection, text: str, files: Sequence[StoredFile], *, key: str, actor: Actor, now: dt.datetime
) -> Objection:
    notice = Notice.objects.select_for_update().get(pk=objection.notice_id)
    if not notice.takes_objections(localdate(now)):
        raise ObjectionRefused({"": closed_sentence(notice, localdate(now))})
    objection.save(force_insert=True)
    ObjectionOriginal.objects.create(objection=objection, text=text, text_hash=hashlib.sha256(text.encode()).hexdigest())
    ObjectionFile.objects.bulk_create(
        ObjectionFile(objection=objection, file=file, position=position) for position, file in enumerate(files, start=1)
    )
    subject = subject_of(notice.subject_kind)
    for item in [objection.item] if objection.item else notice.items.filter(state=NoticeItem.State.SHOWN):
        subject.on_objection(item.subject_id, objection, actor=actor, now=now)
    return objection


def _faults(
    notice: Notice, item: NoticeItem | None, *, kind: str, name: str, contact: str, text: str, today: dt.date
) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not notice.takes_objections(today):
        return {"": closed_sentence(notice, today)}
    if item is not None and (item.notice_id != notice.pk or item.state != NoticeItem.State.SHOWN):
        faults["item"] = _("This name is no longer on the notice: choose another, or the whole notice.")
    if kind not in Objection.Kind.values:
        faults["kind"] = _("Say whether you object by name, or with your identity protected.")
    if kind == Objection.Kind.NAMED and not name:
        faults["name"] = _("An objection by name needs one. To keep it from everybody but the investigator, choose protection.")
    if kind == Objection.Kind.NAMED and not contact:
        faults["contact"] = _("Say how you can be reached: a telephone number or an e-mail address.")
    if len(text) < _SHORTEST:
        faults["text"] = _("Say what you object to, and why; facts that can be checked help most.")
    if len(text) > TEXT_LENGTH:
        faults["text"] = _("It is longer than %(most)s characters: shorten it, or hand the rest in as a file.") % {
            "most": TEXT_LENGTH
        }
    return faults


def closed_sentence(notice: Notice, today: dt.date) -> str:
    """Why a notice takes no objections now."""
    if notice.is_open and today < notice.first_on:
        return _("This notice begins on %(day)s; objections are taken from then on.") % {"day": notice.first_on}
    if notice.last_on is None:
        return _("This notice has ended: it takes no more objections.")
    return _("This notice ended on %(day)s at 24:00: it takes no more objections. You can still write to the programme office.") % {
        "day": notice.last_on
    }


def faults_of_files(files: Sequence[Handed]) -> list[str]:
    """A sentence for each file that can't be taken, naming it. The contents are looked at, not the names alone."""
    faults = [fault for file in files if (fault := _fault_of_file(file))]
    if len(files) > MOST_FILES:
        faults.insert(0, _("At most %(most)s files can be handed in.") % {"most": MOST_FILES})
    return faults


def _fault_of_file(file: Handed) -> str:
    name = clean_name(file.name)
    if file.size == 0:
        return _("“%(name)s” is empty (0 bytes): look whether it opens on your device, and choose it again.") % {"name": name}
    if file.size > FILE_LIMIT:
        return _("“%(name)s” is larger than %(most)s MB: make the picture smaller, or divide the file.") % {
            "name": name,
            "most": FILE_LIMIT // 1024 // 1024,
        }
    found = kind_of_content(cast(BinaryIO, file.content))
    if found not in FILE_TYPES:
        return _("“%(name)s” is no PDF, PNG or JPEG: save it as one of these, or take a photograph of it.") % {"name": name}
    if extension_of(name) not in EXTENSIONS[found]:
        return _("The name of “%(name)s” does not fit its content (%(found)s): correct the ending of the name.") % {
            "name": name,
            "found": CONTENT_TYPES[found],
        }
    return ""


@action("notices.objection.fix_answer", requires=policies.follows_from_an_act, batch=True)
def fix_answer_days(years: Collection[int], *, actor: Actor, now: dt.datetime) -> int:
    """Fix when answers are due that wait for a year's arrangement; how many. Plugged into ``calendar_changed``."""
    fixed = 0
    for objection in Objection.objects.filter(answer_due_on__isnull=True, state__in=OPEN_STATES).select_related("notice"):
        due_on = _answer_due(localdate(objection.received_at))
        if due_on is None:
            continue
        Objection.objects.filter(pk=objection.pk).update(answer_due_on=due_on)
        said = {"answer_due_on": due_on}
        note([Line.about("notices.objection.fix_answer", objection, before={"answer_due_on": None}, after=said)])
        fixed += 1
    return fixed


def _answer_due(received_on: dt.date) -> dt.date | None:
    return nth_working_day(received_on + dt.timedelta(days=1), int(rule_value(ANSWER_RULE, received_on)))
