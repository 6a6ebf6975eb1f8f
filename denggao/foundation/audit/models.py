from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.vault.fields import EncryptedJSONField

KEY_LENGTH = 120


class Record(models.Model):
    """One act on one object: who did what, when, from where, before and after. Append-only.

    ``before`` and ``after`` hold ids and plain values; a personal value stands there as ``{"hash": …}`` and lies,
    with the salt, in RecordPersonal. Actor and object are kept as id and text, without foreign keys: they outlive
    both. ``number`` is given by the sealer, without gaps; None until then. ``position`` tells the records of one act
    apart: no two genuine records have the same content, so a copy of one is known for what it is.
    """

    act_id = models.UUIDField(default=uuid.uuid4)
    position = models.PositiveIntegerField(db_default=0, default=0)
    number = models.BigIntegerField(null=True, unique=True)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_text = models.CharField(max_length=200, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_text = models.CharField(max_length=120)
    origin = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    mac = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_record"
        indexes: ClassVar = [
            models.Index(fields=["object_id", "object_type"], name="audit_by_object"),
            models.Index(fields=["action", "-id"], name="audit_by_action"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["act_id", "position"], name="audit_by_act"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(number__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.number or '–'} {self.action}"


class RecordPersonal(models.Model):
    """The personal values behind a record's hashes. Erased when the law asks for it; the record still verifies.
    Personal data: whatever fields the object declares personal."""

    # No constraint in the database: the two are erased apart, and whoever deletes a record is found out by the seals.
    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, related_name="personal", db_constraint=False)
    salt = models.BinaryField(max_length=16)
    values = EncryptedJSONField()

    class Meta:
        db_table = "audit_record_personal"

    def __str__(self) -> str:
        return f"personal values of record {self.pk}"


class Seal(models.Model):
    """A signed Merkle root over the records ``first_number`` to ``last_number``, chained to the seal before it.

    ``leaves`` are the records' hashes, 32 bytes each, in the order of their numbers. They are authentic as long as they
    give the root; then a record that does not fit its leaf is known by its number, and its proof needs no other record.
    """

    number = models.BigIntegerField(primary_key=True)
    first_number = models.BigIntegerField()
    last_number = models.BigIntegerField()
    count = models.IntegerField()
    root = models.BinaryField(max_length=32)
    leaves = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "audit_seal"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_number__gte=models.F("first_number")), name="audit_seal_covers_something"),
            models.UniqueConstraint(fields=["first_number"], name="audit_seal_first_number"),
        ]

    def __str__(self) -> str:
        return f"seal {self.number}"


class ActionKey(models.Model):
    """An action that must happen once: the key a retry would carry again, and what came of it."""

    action = models.CharField(max_length=80)
    key = models.CharField(max_length=KEY_LENGTH)
    result = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_action_key"
        constraints: ClassVar = [models.UniqueConstraint(fields=["action", "key"], name="audit_action_once")]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"
