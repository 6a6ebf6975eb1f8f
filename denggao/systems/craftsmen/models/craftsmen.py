from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.cases.models import Case, Round
from denggao.engines.credentials.models import Issued
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen.models.nominations import Nomination


class NamingOrder(models.Model):
    """The document by which craftsmen of a round are named (命名决定): its number, title and date, with its scan. The naming of a
    case rests on the newest order of its round."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="naming_orders")
    number = models.CharField(max_length=60, unique=True, help_text="As printed: 沪临工匠〔2021〕018号.")
    title = models.CharField(max_length=200)
    issued_on = models.DateField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.CharField(max_length=60)
    recorded_by_text = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("round_id", "number", "title", "issued_on")

    class Meta:
        ordering: ClassVar = ["-issued_on", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(number="") & ~Q(title=""), name="naming_order_says_which")]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_text(self) -> str:
        return self.number


class CraftsmanQuerySet(models.QuerySet["Craftsman"]):
    def in_force(self) -> CraftsmanQuerySet:
        """Named and not revoked."""
        return self.filter(state=Craftsman.State.NAMED)


class Craftsman(models.Model):
    """A person named craftsman under a plan. A title that was revoked is never in force again; who is reinstated gets another
    row of the same case, which points to the one before. ``employer`` and ``post`` as on the day of the naming.
    Personal data: that this person holds, or lost, the title."""

    class State(models.TextChoices):
        NAMED = "named", pgettext_lazy("a craftsman", "named")
        REVOKED = "revoked", pgettext_lazy("a craftsman", "revoked")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="craftsmen")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="craftsmanships")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="craftsmen")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="craftsmen")
    order = models.ForeignKey(NamingOrder, on_delete=models.PROTECT, related_name="craftsmen")
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="craftsmen")
    employer = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="craftsmen")
    post = models.CharField(max_length=120, blank=True)
    named_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.NAMED)
    ended_on = models.DateField(null=True)
    certificate = models.OneToOneField(Issued, null=True, on_delete=models.PROTECT, related_name="craftsman")
    before = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="after", help_text="The revoked title this one reinstates."
    )
    created_at = models.DateTimeField()

    objects = CraftsmanQuerySet.as_manager()

    audited: ClassVar[tuple[str, ...]] = (
        "plan_id", "person_id", "case_id", "order_id", "industry_id", "employer_id", "post", "named_on", "state", "ended_on",
        "certificate_id", "before_id",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["named_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "person"], condition=Q(state="named"), name="craftsman_in_force_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(before__isnull=True), name="craftsman_of_its_case"),
            models.CheckConstraint(
                condition=Q(state="named", ended_on__isnull=True) | Q(state="revoked", ended_on__isnull=False),
                name="craftsman_revoked_means_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "state", "industry"], name="craftsman_by_industry"),
            models.Index(fields=["person", "state"], name="craftsman_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.named_on}"

    @property
    def audit_text(self) -> str:
        return f"{self.person.masked_name} · {self.order.number}"

    @property
    def is_in_force(self) -> bool:
        return self.state == self.State.NAMED


class CraftsmanAct(models.Model):
    """A title taken away or given back: proposed by one person, confirmed by another. Append-only but for the decision.
    Personal data: in the reason."""

    class Kind(models.TextChoices):
        REVOKE = "revoke", pgettext_lazy("an act on a craftsman", "revocation")
        REINSTATE = "reinstate", pgettext_lazy("an act on a craftsman", "reinstatement")

    class Grounds(models.TextChoices):
        """No document was found that lists grounds; these are the product's defaults (rules.md §2, confidence C)."""

        FORGED = "forged", _("forged or false material")
        UNLAWFUL = "unlawful", _("serious breach of law or discipline")
        ACCIDENT = "accident", _("responsible for a major safety accident")
        CONTRACT = "contract", _("breach of contract or of the duties of the title")
        REQUEST = "request", _("at the holder’s own request")
        MISTAKE = "mistake", _("revoked by mistake")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        DONE = "done", _("done")
        DISMISSED = "dismissed", _("dismissed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    craftsman = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind)
    grounds = models.CharField(max_length=10, choices=Grounds)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=500)
    document = models.CharField(max_length=200, blank=True, help_text="The decision it rests on.")
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    proposed_by = models.CharField(max_length=60)
    proposed_by_text = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_text = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "craftsman_id", "kind", "grounds", "state", "reason", "document", "effective_on", "proposed_by", "decided_by",
        "decision_reason",
    )  # fmt: skip
    personal: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["craftsman"], condition=Q(state="proposed"), name="craftsman_act_one_proposed"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True, decided_by="")
                | (~Q(state="proposed") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="craftsman_act_decided_means_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=models.F("proposed_by")), name="craftsman_act_takes_two_persons"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="craftsman_act_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="reinstate", grounds="mistake") | (Q(kind="revoke") & ~Q(grounds="mistake")),
                name="craftsman_act_fits_its_grounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.craftsman}"

    @property
    def audit_text(self) -> str:
        return f"{self.craftsman.audit_text} {self.kind}"


class Medal(models.Model):
    """One medal, a thing with a number: who holds it, and what became of it when the title was revoked."""

    class State(models.TextChoices):
        MADE = "made", pgettext_lazy("a medal", "to be handed over")
        HELD = "held", pgettext_lazy("a medal", "handed over")
        RECALLED = "recalled", pgettext_lazy("a medal", "to be given back")
        RETURNED = "returned", pgettext_lazy("a medal", "given back")
        LOST = "lost", pgettext_lazy("a medal", "lost")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    craftsman = models.ForeignKey(Craftsman, on_delete=models.PROTECT, related_name="medals")
    state = models.CharField(max_length=10, choices=State, default=State.MADE)
    handed_over_on = models.DateField(null=True)
    given_back_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("number", "craftsman_id", "state", "handed_over_on", "given_back_on", "note")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(given_back_on__isnull=False), name="medal_returned_means_a_day"
            ),
            models.CheckConstraint(condition=~Q(state="lost") | ~Q(note=""), name="medal_lost_says_how"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_text(self) -> str:
        return self.number


class BonusOrder(models.Model):
    """What a craftsman is to be paid once, as the funds will take it over: this room pays nothing. ``rule`` says where the amount
    comes from. After a revocation what was not handed over is cancelled; what was, is to be claimed back by the funds.
    Personal data: that this person is paid."""

    class State(models.TextChoices):
        RECORDED = "recorded", pgettext_lazy("a bonus", "recorded for the funds")
        HANDED_OVER = "handed_over", pgettext_lazy("a bonus", "taken over by the funds")
        CANCELLED = "cancelled", pgettext_lazy("a bonus", "cancelled")
        TO_CLAIM_BACK = "to_claim_back", pgettext_lazy("a bonus", "to be claimed back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    craftsman = models.OneToOneField(Craftsman, on_delete=models.PROTECT, related_name="bonus")
    amount_yuan = models.DecimalField(max_digits=10, decimal_places=2)
    rule = models.JSONField(help_text="Where the amount comes from: {key, document, clause, valid_from, confidence}.")
    state = models.CharField(max_length=14, choices=State, default=State.RECORDED)
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("craftsman_id", "amount_yuan", "state", "reason")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_yuan__gte=0), name="bonus_not_below_nought"),
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "handed_over"]) | ~Q(reason=""), name="bonus_taken_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_yuan} · {self.craftsman}"

    @property
    def audit_text(self) -> str:
        return self.craftsman.audit_text
