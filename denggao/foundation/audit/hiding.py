"""What the audit keeps from a reader: the records of everything that belongs to a subject (a case) which a conflict of
interest hides from them. The rooms above say, in ``wiring.py``, who is in conflict and what belongs to a subject."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from denggao.foundation.audit.actors import Actor


@dataclass(frozen=True)
class Belonging:
    """Rows of ``model`` belong to the subject whose public id lies at ``subject``. ``named`` is the relation to the object that
    records name, where it is not the row itself (a photo's ``file``)."""

    model: type[models.Model]
    subject: str
    named: str = ""

    def objects_of(self, subject_ids: Collection[UUID]) -> tuple[str, set[str]]:
        """Type and ids of the objects, as records name them; one query."""
        target: Any = self.model._meta.get_field(self.named).related_model if self.named else self.model
        by = "public_id" if hasattr(target, "public_id") else "pk"
        way = f"{self.named}__{by}" if self.named else by
        rows = self.model._base_manager.filter(**{f"{self.subject}__in": subject_ids})
        return target._meta.label_lower, {str(found) for found in rows.values_list(way, flat=True)}


_hidden_from: Callable[[Actor], Collection[UUID]] = lambda actor: ()  # noqa: E731  # until the roof plugs its own
_belongings: list[Belonging] = []


def plug_hiding(hidden_from: Callable[[Actor], Collection[UUID]], *belongings: Belonging) -> None:
    """``hidden_from``: public ids of the subjects an actor must learn nothing of."""
    global _hidden_from
    _hidden_from = hidden_from
    _belongings[:] = belongings


def hidden_records(actor: Actor) -> Q | None:
    """What to exclude from this actor's records, also where a hidden one's personal values were shown to somebody; None where
    nothing is hidden."""
    subject_ids = _hidden_from(actor)
    if not subject_ids:
        return None
    found, told = Q(), set()
    for belonging in _belongings:
        object_type, object_ids = belonging.objects_of(subject_ids)
        if object_ids:
            found |= Q(object_type=object_type, object_id__in=object_ids)
            told |= {f"{object_type} {object_id}" for object_id in object_ids}
    return found | Q(action="audit.record.unmask", after__of__in=sorted(told)) if told else None
