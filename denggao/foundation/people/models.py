from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from denggao.foundation.accounts.models import User
from denggao.foundation.people.masks import mask_name, mask_number, mask_phone
from denggao.foundation.vault.fields import INDEX_BYTES, EncryptedTextField


class Person(models.Model):
    """One human being, known by one or more identity documents. Not an account: most never sign in.
    Personal data: name, sex, birth date, phone."""

    class Sex(models.TextChoices):
        UNKNOWN = "", "unknown"
        MALE = "male", "male"
        FEMALE = "female", "female"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80, db_index=True)
    sex = models.CharField(max_length=6, choices=Sex, blank=True, default="")
    born_on = models.DateField(null=True)
    phone = EncryptedTextField(blank=True, default="")
    phone_index = models.BinaryField(max_length=INDEX_BYTES, null=True, db_index=True)
    account = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="person")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("name", "sex", "born_on", "phone")
    personal: ClassVar[tuple[str, ...]] = ("name", "sex", "born_on", "phone")

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def audit_text(self) -> str:
        return self.masked_name


class IdentityDocument(models.Model):
    """A paper that says who a person is. Unique by kind and normalised number (15 digits widened to 18).
    Personal data: the number, encrypted; it is found by its blind index."""

    class Kind(models.TextChoices):
        RESIDENT_ID = "resident_id", "resident ID"
        HMT_RESIDENCE = "hmt_residence", "residence permit of Hong Kong, Macau and Taiwan residents"
        HK_MACAU_PERMIT = "hk_macau_permit", "mainland travel permit of Hong Kong and Macau residents"
        TAIWAN_PERMIT = "taiwan_permit", "mainland travel permit of Taiwan residents"
        FOREIGN_RESIDENCE = "foreign_residence", "foreigner's permanent residence card"
        PASSPORT = "passport", "passport"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    number = EncryptedTextField()
    number_index = models.BinaryField(max_length=INDEX_BYTES)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("kind",)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "number_index"], name="identity_document_once")]

    def __str__(self) -> str:
        return self.masked_number

    @property
    def masked_number(self) -> str:
        return mask_number(self.number)

    @property
    def audit_text(self) -> str:
        return f"{self.kind} {self.masked_number}"


class SignInPhone(models.Model):
    """The phone by which an account signs in: one account a phone, while several persons may share one.
    Personal data: the phone number, encrypted."""

    account = models.OneToOneField(User, on_delete=models.CASCADE, related_name="sign_in_phone")
    phone = EncryptedTextField()
    phone_index = models.BinaryField(max_length=INDEX_BYTES, unique=True)

    def __str__(self) -> str:
        return mask_phone(self.phone)


class NameConflict(models.Model):
    """A known number came with another name: kept for the office. Its ruling lets the row or certificate go on.
    Personal data: both names (the row's in the sheet's encrypted staging)."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        SAME_PERSON = "same_person", "same person"
        REFUSED = "refused", "refused"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_conflicts")
    other_name = EncryptedTextField()
    other_name_key_index = models.BinaryField(max_length=INDEX_BYTES)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    source = models.CharField(max_length=40, help_text="Where it came from: a sheet kind.")
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("state", "reason")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "other_name_key_index"], name="name_conflict_once"),
            models.CheckConstraint(
                condition=Q(state="open", ruled_at__isnull=True) | (~Q(state="open") & Q(ruled_at__isnull=False)),
                name="name_conflict_ruled_means_ruled",
            ),
        ]

    def __str__(self) -> str:
        return f"name conflict of {self.person.masked_name}"
