from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.people.masks import mask_certificate
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import ProofGrade
from denggao.foundation.vault.fields import INDEX_BYTES, EncryptedTextField


class Credential(models.Model):
    """A certificate somebody issued to a person, by its number. Registered here from outside or issued by the
    platform. The holder is None while the person is not known yet: it waits, and joins by itself when an equal
    number and name arrive. Personal data: holder's name; document number, encrypted."""

    class Status(models.TextChoices):
        VALID = "valid", "valid"
        WITHDRAWN = "withdrawn", "withdrawn"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True, help_text="As text, upper case, without spaces.")
    kind = models.CharField(max_length=20, help_text="Which system registered it: skill_level …")
    holder = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="credentials")
    holder_name = models.CharField(max_length=80)
    holder_name_key = models.CharField(max_length=80)
    document_kind = models.CharField(max_length=20)
    document_number = EncryptedTextField()
    document_index = models.BinaryField(max_length=INDEX_BYTES)
    issued_on = models.DateField()
    evaluator_text = models.CharField("evaluation body", max_length=120, blank=True)
    issuer_text = models.CharField("issuing body", max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.VALID)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    proof = models.CharField(max_length=10, choices=ProofGrade, default=ProofGrade.DECLARED)
    confirmed_on = models.DateField(null=True, help_text="Day of the register query, where there was one.")
    confirmed_name = models.CharField(max_length=120, blank=True, help_text="Register and person who asked it.")
    source = models.CharField(max_length=40, blank=True, help_text="Public id of the sheet row it came from; empty for a form.")
    registered_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "number", "kind", "holder_id", "holder_name", "issued_on", "evaluator_text", "issuer_text", "status",
        "withdrawn_reason", "proof", "confirmed_on",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("holder_name", "number")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="valid", withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="credential_withdrawn_means_withdrawn",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["document_index"], name="credential_waiting", condition=Q(holder__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.masked_number

    @property
    def masked_number(self) -> str:
        return mask_certificate(self.number)

    @property
    def audit_text(self) -> str:
        return self.masked_number
