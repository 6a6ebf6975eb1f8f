"""Who may keep notices and handle objections. Notices themselves are public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from denggao.engines.notices.models import Notice, NoticeItem, Objection, ObjectionFile
from denggao.engines.notices.registry import subject_of, subjects
from denggao.foundation.audit.actors import Actor, ActorKind, Role
from denggao.foundation.audit.readied import readied
from denggao.foundation.files.models import StoredFile

FILE_KIND = "notices.objection"
KEEPERS = frozenset({Role.ADMINISTRATOR, Role.CLERK, Role.REVIEWER, Role.APPROVER})
HANDLERS = frozenset({Role.CLERK, Role.REVIEWER, Role.APPROVER})
RULERS = frozenset({Role.REVIEWER, Role.APPROVER})


def follows_from_an_act(actor: Actor, _subject: Any = None) -> bool:
    """Opening, passing and fixing an end follow from an act of the room above, which has its own policy."""
    return actor.kind is not ActorKind.VISITOR


def anyone(_actor: Actor, _subject: Any = None) -> bool:
    return True


# Notices


def _manages(actor: Actor, kind: str, subject_ids: list[UUID]) -> bool:
    subject = subject_of(kind)
    if subject.can_manage_all is not None:
        return subject.can_manage_all(actor, subject_ids)
    return all(subject.can_manage(actor, subject_id) for subject_id in subject_ids)


def can_keep_notices(actor: Actor, _subject: Any = None) -> bool:
    return actor.has(*KEEPERS)


def can_manage_notice(actor: Actor, notice: Notice) -> bool:
    """Extend it, take a name off: the office, without those whom one of its names is none of their business."""
    return can_keep_notices(actor) and _manages(actor, notice.subject_kind, _subjects_on(notice))


def _subjects_on(notice: Notice) -> list[UUID]:
    return _subjects.column(notice.pk)


@readied(int)
def _subjects(notice_id: int) -> QuerySet[NoticeItem, tuple[UUID]]:
    return NoticeItem.objects.filter(notice_id=notice_id).order_by().values_list("subject_id")


def can_manage_item(actor: Actor, item: NoticeItem) -> bool:
    return can_keep_notices(actor) and _manages(actor, item.notice.subject_kind, [item.subject_id])


def visible_notices(_actor: Actor) -> QuerySet[Notice]:
    """All: a notice is public."""
    return Notice.objects.all()


def get_notice(public_id: UUID) -> Notice:
    """Raises Http404."""
    notice = Notice.objects.filter(public_id=public_id).select_related("plan").first()
    if notice is None:
        raise Http404
    return notice


def get_notice_for_keeping(actor: Actor, public_id: UUID) -> Notice:
    """Raises Http404."""
    notice = get_notice(public_id)
    if not can_manage_notice(actor, notice):
        raise Http404
    return notice


def get_item_for_keeping(actor: Actor, public_id: UUID, item_id: UUID) -> NoticeItem:
    """Raises Http404."""
    item = NoticeItem.objects.filter(notice__public_id=public_id, public_id=item_id).select_related("notice").first()
    if item is None or not can_manage_item(actor, item):
        raise Http404
    return item


# Objections


def can_handle_objections(actor: Actor, _subject: Any = None) -> bool:
    """See the originals, investigate, publish a redacted copy."""
    return actor.has(*HANDLERS)


def visible_objections(actor: Actor) -> QuerySet[Objection]:
    """Those an office handler may know of: without those on subjects that are hidden from this actor."""
    if not can_handle_objections(actor):
        return Objection.objects.none()
    found = Objection.objects.all()
    for kind, subject in subjects().items():
        hidden = subject.hidden_from(actor)
        if hidden:
            about = Q(item__subject_id__in=hidden) | Q(item__isnull=True, notice__items__subject_id__in=hidden)
            found = found.exclude(pk__in=Objection.objects.filter(about, notice__subject_kind=kind).values("pk"))
    return found


def can_handle_objection(actor: Actor, objection: Objection) -> bool:
    if not can_handle_objections(actor):
        return False
    ids = [objection.item.subject_id] if objection.item else _subjects_on(objection.notice)
    return _manages(actor, objection.notice.subject_kind, ids)


def may_rule(actor: Actor, objection: Objection) -> bool:
    """A reviewer or approver who may handle it. That it takes a second person, the act says itself, in a sentence."""
    return actor.has(*RULERS) and can_handle_objection(actor, objection)


def can_rule(actor: Actor, objection: Objection) -> bool:
    """As ``may_rule``, and neither who opened the notice nor who investigates (``two_persons`` of the subject)."""
    if not may_rule(actor, objection):
        return False
    return not subject_of(objection.notice.subject_kind).two_persons or is_second_person(actor, objection)


def is_second_person(actor: Actor, objection: Objection) -> bool:
    return actor.id not in {objection.notice.opened_by, objection.investigator}


def can_read_identity(actor: Actor, objection: Objection) -> bool:
    """Who objects: by name, for the handlers; protected, for the one who investigates it and nobody else."""
    if objection.is_protected:
        return can_handle_objection(actor, objection) and objection.investigator == actor.id
    return can_handle_objection(actor, objection)


def get_objection_for(actor: Actor, public_id: UUID) -> Objection:
    """Raises Http404."""
    found = visible_objections(actor).filter(public_id=public_id).select_related("notice", "item", "original").first()
    if found is None or not can_handle_objection(actor, found):
        raise Http404
    return found


def can_read_objection_file(actor: Actor, stored: StoredFile) -> bool:
    """Files of the kind ``notices.objection``: for who handles the objection they came with."""
    link = ObjectionFile.objects.filter(file=stored).select_related("objection__notice", "objection__item").first()
    if link is None:
        return False
    return can_handle_objection(actor, link.objection)
