from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.people.models import Person
from denggao.foundation.standards.models import Industry, Named, Occupation
from denggao.foundation.vault.fields import INDEX_BYTES, EncryptedTextField


class Organisation(Named):
    """A body that takes part: employer, school, provider, union, authority."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", "employer"
        SCHOOL = "school", "school"
        PROVIDER = "provider", "training provider"
        UNION = "union", "union"
        AUTHORITY = "authority", "authority"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(max_length=40, null=True, unique=True, help_text="The code plan files call it by.")
    name_key = models.CharField(max_length=120, db_index=True)
    uscc = models.CharField("unified social credit code", max_length=18, null=True, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="organisations")
    address = models.CharField(max_length=200, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    contact = models.CharField(max_length=120, blank=True, help_text="An office telephone or address, not a person's.")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "name_zh", "name_en", "uscc", "kind", "industry_id", "address", "longitude", "latitude", "contact",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="organisation_coordinates_in_pairs",
            )
        ]

    @property
    def audit_text(self) -> str:
        return self.name_zh


class OrganisationAlias(models.Model):
    """Another name documents use for the same body (市总工会 for 上海市总工会)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    name_key = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class OrganisationLink(models.Model):
    """One body supplies another (上下游): upstream delivers to downstream."""

    upstream = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="downstream_links")
    downstream = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="upstream_links")

    audited: ClassVar[tuple[str, ...]] = ("upstream_id", "downstream_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["upstream", "downstream"], name="organisation_link_once"),
            models.CheckConstraint(condition=~Q(upstream=models.F("downstream")), name="organisation_link_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.upstream} → {self.downstream}"


class Membership(models.Model):
    """An account acts in a role, for one body or (office roles) for the whole installation, from a day to a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    audited: ClassVar[tuple[str, ...]] = ("account_id", "organisation_id", "role", "from_on", "to_on")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")), name="membership_dates"),
            models.UniqueConstraint(
                fields=["account", "organisation", "role"], condition=Q(to_on__isnull=True), name="membership_open_once"
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(to_on__isnull=True, organisation__isnull=True),
                name="membership_office_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation or ''}"


class Invitation(models.Model):
    """A role promised to whoever opens the link sent to an address; an unknown address gets its account then. The link's
    secret is kept as a hash. Personal data: the address, an e-mail address or a phone, encrypted."""

    class Kind(models.TextChoices):
        EMAIL = "email", "e-mail"
        PHONE = "phone", "phone"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=5, choices=Kind)
    address = EncryptedTextField()
    address_index = models.BinaryField(max_length=INDEX_BYTES, db_index=True)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="invitations")
    to_on = models.DateField(null=True, help_text="The last day of the role; empty for no end.")
    language = models.CharField(max_length=10, blank=True)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    invited_by = models.CharField(max_length=60, help_text="The actor's id.")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=60, blank=True, help_text="The account's public id.")
    withdrawn_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    audited: ClassVar[tuple[str, ...]] = ("role", "organisation_id", "to_on", "kind", "expires_at", "accepted_by", "withdrawn_at")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by="") | (Q(accepted_at__isnull=False) & ~Q(accepted_by="")),
                name="invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_accepted_or_withdrawn"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("sent_at")), name="invitation_lasts"),
            models.UniqueConstraint(
                fields=["address_index", "role", "organisation"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
            ),
            models.UniqueConstraint(
                fields=["address_index", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True, organisation__isnull=True),
                name="invitation_office_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.role} {self.organisation or ''}"

    @property
    def audit_text(self) -> str:
        return f"invitation {str(self.public_id)[:8]}"


class Employment(models.Model):
    """A person works for an employer from hiring to leaving, the last day included. What the columns say is derived
    from the statements (``rules.resolve``); ``hired_on`` is None while no list has named it: then the person counts
    as employed from the date of the first list, ``known_from``. ``contract_ends_on`` is a leaving date that lay in the
    future of its list: it ends nothing. Personal data: that this person works there."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="employments")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="employments")
    hired_on = models.DateField(null=True)
    known_from = models.DateField(help_text="The date of the first list that names this employment.")
    left_on = models.DateField(null=True)
    contract_ends_on = models.DateField(null=True)
    post = models.CharField(max_length=80, blank=True, help_text="As of the latest statement.")
    occupation_text = models.CharField(max_length=120, blank=True)
    occupation = models.ForeignKey(Occupation, null=True, on_delete=models.PROTECT, related_name="employments")
    front_line = models.BooleanField(null=True, help_text="As of the latest statement that knows; None is not known.")
    last_listed_on = models.DateField(help_text="The date of the latest list that names this employment.")
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = (
        "person_id", "employer_id", "hired_on", "known_from", "left_on", "contract_ends_on", "post", "occupation_text",
        "front_line",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=models.F("hired_on")),
                name="employment_dates",
            ),
            models.UniqueConstraint(fields=["person", "employer", "hired_on"], name="employment_once"),
            models.UniqueConstraint(
                fields=["person", "employer", "known_from"], condition=Q(hired_on__isnull=True), name="employment_undated_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["employer", "left_on"], name="employment_by_employer")]

    def __str__(self) -> str:
        return f"{self.person} · {self.employer}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} · {self.employer.name_zh}"


class EmploymentStatement(models.Model):
    """What one list (or form) of a given date says of an employment. Statements are the facts; an employment is what
    follows from all of them in the order of their dates, whatever order they came in (``rules``). A blank says nothing.
    Two lists of the same date that name the same hiring date are one statement: what one leaves blank, the other says."""

    employment = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="statements")
    as_of = models.DateField(help_text="The date of the list.")
    hired_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    post = models.CharField(max_length=80, blank=True)
    occupation_text = models.CharField(max_length=120, blank=True)
    occupation = models.ForeignKey(Occupation, null=True, on_delete=models.PROTECT, related_name="+")
    front_line = models.BooleanField(null=True)
    source = models.CharField(max_length=40, blank=True, help_text="Public id of the sheet row it came from; empty for a form.")
    stated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employment", "as_of", "hired_on"], name="statement_once_a_date"),
            models.UniqueConstraint(
                fields=["employment", "as_of"], condition=Q(hired_on__isnull=True), name="statement_undated_once_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employment} {self.as_of}"


class EmploymentOverlap(models.Model):
    """Two employers say that the same person works for them at the same time: a finding for the office alone."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        EXPLAINED = "explained", "explained"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="overlaps")
    first = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Employment, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("state", "reason")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="overlap_once"),
            models.CheckConstraint(
                condition=Q(state="open", ruled_at__isnull=True) | Q(state="explained", ruled_at__isnull=False),
                name="overlap_ruled_means_ruled",
            ),
        ]

    def __str__(self) -> str:
        return f"overlap of {self.person}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, on: dt.date) -> AppointmentQuerySet:
        """Those that hold on a day, their first and last included."""
        return self.filter(
            Q(to_on__isnull=True) | Q(to_on__gte=on), Q(ended_on__isnull=True) | Q(ended_on__gte=on), from_on__lte=on
        )


class Appointment(models.Model):
    """A body names a person to a post of honour or duty (特聘导师, an expert's seat), for a term, the last day included. Not
    an employment: the person may work elsewhere. ``to_on`` is the term's last day as appointed; ``ended_on`` where it
    ended before. Personal data: that this person is appointed here."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    role = models.SlugField(max_length=30, help_text="Code: special_mentor …; the text is what the letter says.")
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    letter_number = models.CharField(max_length=60, blank=True)
    letter_id = models.UUIDField(null=True, help_text="Public id of the letter the platform issued.")
    source_kind = models.CharField(max_length=30, blank=True)
    source_id = models.UUIDField(null=True, help_text="Public id of what it came from: an invitation, a case.")
    created_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "person_id", "organisation_id", "role", "title_zh", "from_on", "to_on", "ended_on", "ended_reason", "letter_number",
        "letter_id",
    )  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=models.F("from_on")), name="appointment_dates"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_reason="") | (Q(ended_on__isnull=False) & ~Q(ended_reason="")),
                name="appointment_ended_means_ended",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "from_on"], condition=Q(ended_on__isnull=True), name="appointment_once"
            ),
        ]
        ordering: ClassVar = ["-from_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["source_kind", "source_id"], name="appointment_by_source")]

    def __str__(self) -> str:
        return f"{self.title_zh} {self.person}"

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def audit_text(self) -> str:
        return f"{self.title_zh} · {self.person.masked_name} · {self.organisation.name_zh}"

    @property
    def last_on(self) -> dt.date | None:
        """The last day it holds or held; None while it has none."""
        return self.ended_on or self.to_on
