from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from denggao.foundation.files.models import StoredFile
from denggao.foundation.people.masks import mask_certificate, mask_name
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import ProofGrade
from denggao.foundation.vault.fields import INDEX_BYTES, EncryptedTextField


class Credential(models.Model):
    """A certificate somebody issued to a person, by its number. Registered here from outside or issued by the
    platform. The holder is None while the person is not known yet: it waits, and joins by itself when an equal
    number and name arrive. Personal data: holder's name; document number, encrypted."""

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        WITHDRAWN = "withdrawn", _("withdrawn")

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
        ordering: ClassVar = ["-issued_on", "number"]
        indexes: ClassVar = [
            models.Index(fields=["document_index"], name="credential_waiting", condition=Q(holder__isnull=True)),
            models.Index(fields=["-issued_on", "number"], name="credential_by_issue"),
        ]

    def __str__(self) -> str:
        return self.masked_number

    @property
    def masked_number(self) -> str:
        return mask_certificate(self.number)

    @property
    def audit_text(self) -> str:
        return self.masked_number

    @property
    def masked_name(self) -> str:
        return mask_name(self.holder_name)

    @property
    def is_waiting(self) -> bool:
        return self.holder_id is None


class Scan(models.Model):
    """A picture of a certificate, handed in by one person and compared with the record by a second: then the certificate
    is documented. Personal data: in the file."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for comparison")
        AGREES = "agrees", _("agrees with the record")
        DIFFERS = "differs", _("differs from the record")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    handed_in_by = models.CharField(max_length=60, help_text="Id of the actor; another one compares.")
    handed_in_by_text = models.CharField(max_length=120)
    handed_in_at = models.DateTimeField()
    compared_by = models.CharField(max_length=60, blank=True)
    compared_by_text = models.CharField(max_length=120, blank=True)
    compared_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("credential_id", "file_id", "state", "remark")

    class Meta:
        ordering: ClassVar = ["-handed_in_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", compared_at__isnull=True, compared_by="")
                | (Q(state__in=["agrees", "differs"], compared_at__isnull=False) & ~Q(compared_by="")),
                name="scan_compared_means_compared",
            ),
            models.CheckConstraint(condition=~Q(compared_by=models.F("handed_in_by")), name="scan_takes_two_people"),
            models.UniqueConstraint(fields=["credential"], condition=Q(state="open"), name="scan_open_once"),
        ]

    def __str__(self) -> str:
        return f"scan of {self.credential}"

    @property
    def audit_text(self) -> str:
        return self.credential.audit_text
