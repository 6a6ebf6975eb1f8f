from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy

from denggao.engines.cases.models.cases import Case
from denggao.foundation.audit.actors import Role
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person

REASON_LENGTH = 2000


def joined_roles(roles: Iterable[Role]) -> str:
    """As ``Consent.roles`` keeps them, so that one can be looked for: ``|base_manager|hr|``."""
    codes = sorted(role.value for role in roles)
    return f"|{'|'.join(codes)}|" if codes else ""


class Consent(models.Model):
    """That somebody besides the applicant was asked to agree to an application as it was submitted (``snapshot`` and its hash),
    and the answer: a person, or a body through its people with one of ``roles``. ``words`` is what is agreed to, in both
    languages. One that no longer matters (a newer submission is asked about, the case ended) is void; one given may be taken back
    while the case stands. Personal data: that this person is put forward, the name of who answered, what the reason says."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a consent", "asked")
        AGREED = "agreed", pgettext_lazy("a consent", "agreed")
        CHANGES = "changes", pgettext_lazy("a consent", "asks for changes")
        DECLINED = "declined", pgettext_lazy("a consent", "declined")
        TAKEN_BACK = "taken_back", pgettext_lazy("a consent", "taken back")
        VOID = "void", pgettext_lazy("a consent", "no longer asked for")

    IN_FORCE: ClassVar[tuple[str, ...]] = (State.ASKED, State.AGREED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    snapshot = models.PositiveIntegerField(help_text="The number of the snapshot that is agreed to.")
    content_hash = models.CharField(max_length=64, help_text="That snapshot's.")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="consents")
    body = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="consents")
    roles = models.CharField(max_length=120, blank=True, help_text="Codes of who may answer for the body: |hr|.")
    words = models.JSONField(default=dict, help_text='{"zh": …, "en": …}')
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True, help_text="Public id of the account.")
    name = models.CharField(max_length=120, blank=True, help_text="Of who answered, as it was shown.")
    hash_seen = models.CharField(max_length=64, blank=True, help_text="Of what the page showed.")
    reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was taken back, or no longer mattered.")
    ended_by = models.CharField(max_length=60, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("snapshot", "content_hash", "state", "answered_by", "hash_seen", "reason", "ended_by")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, body__isnull=True, roles="")
                | (Q(person__isnull=True, body__isnull=False) & ~Q(roles="")),
                name="consent_of_a_person_or_a_body",
            ),
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(state__in=["asked", "agreed"], person__isnull=False),
                name="consent_of_a_person_once",
            ),
            models.UniqueConstraint(
                fields=["case", "body"],
                condition=Q(state__in=["asked", "agreed"], body__isnull=False),
                name="consent_of_a_body_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by="", name="", hash_seen="")
                | (Q(answered_at__isnull=False) & ~Q(answered_by="") & ~Q(name="") & ~Q(hash_seen="")),
                name="consent_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True, ended_at__isnull=True)
                | Q(state__in=["agreed", "changes", "declined"], answered_at__isnull=False, ended_at__isnull=True)
                | Q(state="taken_back", answered_at__isnull=False, ended_at__isnull=False)
                | Q(state="void", ended_at__isnull=False),
                name="consent_state_and_times",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="consent_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["changes", "declined", "taken_back"]) & ~Q(reason=""))
                | Q(state__in=["asked", "agreed", "void"], reason=""),
                name="consent_refused_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "state"], name="consent_by_person"),
            models.Index(fields=["body", "state"], name="consent_by_body"),
            models.Index(fields=["answered_by", "case"], name="consent_by_answerer"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.asked_name} {self.state}"

    @property
    def audit_text(self) -> str:
        return f"{self.case.audit_text} {self.asked_name}"

    @property
    def asked_name(self) -> str:
        """Whom it was asked of: a body's name, of a person the masked one."""
        if self.body is not None:
            return self.body.name
        return self.person.masked_name if self.person is not None else ""

    @property
    def said(self) -> str:
        """What is agreed to, in the active language."""
        words: dict[str, Any] = self.words
        return str((words.get("en") if (get_language() or "").startswith("en") else "") or words.get("zh") or "")

    @property
    def link(self) -> str:
        return f"/cases/consents/{self.public_id}/"
