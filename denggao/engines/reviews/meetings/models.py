"""A jury's meeting: its members and who was there, the candidates, each vote, who was recused and why."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from denggao.engines.reviews.meetings.names import Counted, Named
from denggao.engines.reviews.models import Conflict, Expert
from denggao.foundation.accounts.models import User


class Meeting(models.Model):
    """One meeting about the candidates of one subject (a round: ``subject_kind`` "case_round", its public id).

    ``quorum_parts``/``quorum_of`` of the members must be present, ``majority_parts``/``majority_of`` of those entitled to vote
    on an item must be in favour (one half: more than half; anything else: at least that). ``own_rule``: the meeting set
    them itself, otherwise they are the dated defaults of the day it was planned. ``quotas``: places by group code. ``lock``
    counts its changes of state. ``record`` is what was frozen at the end, ``record_hash`` its SHA-256.
    Personal data: who took the minutes and confirmed them; the record names the members."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("a meeting", "planned")
        OPEN = "open", _("meeting now")
        CLOSED = "closed", pgettext_lazy("a meeting", "closed")
        CANCELLED = "cancelled", _("called off")

    class Way(models.TextChoices):
        NAMED = "named", pgettext_lazy("votes", "by name")
        SECRET = "secret", pgettext_lazy("votes", "secret")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    minute_taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=6, choices=Way, default=Way.NAMED)
    quorum_parts = models.PositiveSmallIntegerField()
    quorum_of = models.PositiveSmallIntegerField()
    majority_parts = models.PositiveSmallIntegerField()
    majority_of = models.PositiveSmallIntegerField()
    own_rule = models.BooleanField(default=False)
    quota = models.PositiveIntegerField(null=True, help_text="Places altogether; none for no limit. They may stay unfilled.")
    quotas = models.JSONField(default=dict, help_text="Places by group code; a group without one has no limit of its own.")
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    on_table = models.ForeignKey("Item", null=True, on_delete=models.SET_NULL, related_name="+")
    minutes = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True)
    closing_at = models.DateTimeField(null=True, help_text="When the chair ended the votes: a second person confirms.")
    closing_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was called off.")
    record = models.JSONField(default=dict)
    record_hash = models.CharField(max_length=64, blank=True)
    lock = models.PositiveIntegerField(default=0)
    planned_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    audited: ClassVar[tuple[str, ...]] = (
        "subject_kind", "subject_id", "title_zh", "place", "starts_at", "minute_taker_id", "way", "quorum_parts", "quorum_of",
        "majority_parts", "majority_of", "quota", "quotas", "state", "on_table_id", "closing_by", "closed_by", "reason",
        "record_hash",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quorum_parts__gte=1, quorum_parts__lte=F("quorum_of"))
                & Q(majority_parts__gte=1, majority_parts__lte=F("majority_of")),
                name="meeting_shares_are_shares",
            ),
            models.CheckConstraint(
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(record_hash="") & ~Q(closed_by=""))
                | (~Q(state="closed") & Q(closed_at__isnull=True, record_hash="", closed_by="")),
                name="meeting_closed_means_recorded",
            ),
            models.CheckConstraint(
                condition=Q(closed_by="") | ~Q(closed_by=F("closing_by")), name="meeting_closed_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed"], opened_at__isnull=False)
                | (Q(state="planned", opened_at__isnull=True))
                | Q(state="cancelled"),
                name="meeting_open_means_opened",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(reason=""), name="meeting_cancelled_for_a_reason"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(state__in=["planned", "open"]), name="meeting_running_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "starts_at"], name="meeting_by_state")]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "").startswith("en") else self.title_zh

    @property
    def audit_text(self) -> str:
        return self.title_zh

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.PLANNED, self.State.OPEN}

    @property
    def is_voting(self) -> bool:
        """Open, and the chair has not ended the votes."""
        return self.state == self.State.OPEN and self.closing_at is None


class Member(models.Model):
    """One expert of the register on the jury, invited and perhaps come. Personal data: who judges."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("invited")
        COMING = "coming", _("will come")
        DECLINED = "declined", _("can’t come")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="members")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="+")
    is_chair = models.BooleanField(default=False)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.ASKED)
    answered_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField()
    invited_by = models.CharField(max_length=60)

    audited: ClassVar[tuple[str, ...]] = ("meeting_id", "expert_id", "is_chair", "answer")

    class Meta:
        ordering: ClassVar = ["-is_chair", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "expert"], name="meeting_member_once"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(is_chair=True), name="meeting_one_chair"),
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.meeting}"

    @property
    def audit_text(self) -> str:
        return f"{self.expert.audit_text} · {self.meeting.title_zh}"


class Presence(models.Model):
    """A member was in the room from ``from_at`` to ``to_at``; without an end, is. Personal data: where somebody was."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="presences")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=60, help_text="The actor's id.")

    audited: ClassVar[tuple[str, ...]] = ("member_id", "from_at", "to_at")

    class Meta:
        ordering: ClassVar = ["from_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member"], condition=Q(to_at__isnull=True), name="presence_one_open"),
            models.CheckConstraint(condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="presence_forwards"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.from_at}"

    @property
    def audit_text(self) -> str:
        return self.member.audit_text


class Item(Named, models.Model):
    """One candidate on the list, in order. ``place`` and ``points`` are the ranking's. ``outcome`` stands once the meeting is
    closed; ``dropped``: withdrawn or sent back meanwhile, no vote counts. Personal data: that this candidate stood."""

    class State(models.TextChoices):
        STANDING = "standing", _("stands")
        DROPPED = "dropped", _("dropped out")

    class Outcome(models.TextChoices):
        PASSED = "passed", pgettext_lazy("votes", "passed")
        NOT_PASSED = "not_passed", _("not passed")

    class Why(models.TextChoices):
        MAJORITY = "majority", _("the votes needed, and a place")
        TOO_FEW = "too_few", _("fewer votes than needed")
        BEYOND_QUOTA = "beyond_quota", _("enough votes, but no place was left")
        TIE_HELD = "tie_held", _("equal at the last place, and not parted by a second vote")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=30, blank=True)
    group_zh = models.CharField(max_length=60, blank=True)
    group_en = models.CharField(max_length=60, blank=True)
    place = models.PositiveIntegerField(null=True)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    state = models.CharField(max_length=8, choices=State, default=State.STANDING)
    dropped_at = models.DateTimeField(null=True)
    dropped_reason = models.CharField(max_length=300, blank=True)
    decision = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    why = models.CharField(max_length=12, choices=Why, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "meeting_id", "subject_id", "position", "group", "place", "state", "dropped_reason", "decision", "outcome", "why",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "subject_id"], name="meeting_item_once"),
            models.CheckConstraint(
                condition=Q(state="standing", dropped_at__isnull=True, dropped_reason="")
                | (Q(state="dropped", dropped_at__isnull=False, outcome="") & ~Q(dropped_reason="")),
                name="meeting_item_dropped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", why="") | (~Q(outcome="") & ~Q(why="")), name="meeting_outcome_for_a_reason"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="meeting_item_by_subject")]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def audit_text(self) -> str:
        return self.title_zh


class Recusal(models.Model):
    """Why a member neither reads, counts nor votes on an item. ``kind`` and ``detail`` as in ``reviews.Conflict``; ``fact`` says
    what it rests on, so that it is written once. Clearing gives a reason and leaves the fact. Personal data: the whole row."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="recusals")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recusals")
    kind = models.CharField(max_length=15, choices=Conflict.Kind)
    source = models.CharField(max_length=8, choices=Conflict.Source)
    fact = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, help_text="The actor's id.")
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=60, blank=True)
    cleared_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("item_id", "member_id", "kind", "source", "detail", "cleared_by", "cleared_reason")
    personal: ClassVar[tuple[str, ...]] = ("detail",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "member", "kind", "fact"], name="recusal_once"),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by="", cleared_reason="")
                | (Q(cleared_at__isnull=False) & ~Q(cleared_by="") & ~Q(cleared_reason="")),
                name="recusal_cleared_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.member} · {self.item}"

    @property
    def audit_text(self) -> str:
        return f"{self.member.expert.audit_text} · {self.item.title_zh}"


class Ballot(Counted, models.Model):
    """One vote on one item; a later ``number`` where an earlier one was set aside, or as a ``second`` vote. Once ``settled`` the
    numbers are those of that moment: who was present, who of them was recused, how many were entitled and how many were needed.
    ``counted``: a secret count was entered and a second person has yet to check it. ``lock`` counts its changes."""

    class State(models.TextChoices):
        OPEN = "open", _("being voted on")
        COUNTED = "counted", _("counted, to be checked")
        SETTLED = "settled", pgettext_lazy("votes", "settled")
        SET_ASIDE = "set_aside", pgettext_lazy("votes", "set aside")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="ballots")
    number = models.PositiveSmallIntegerField()
    second = models.BooleanField(default=False, help_text="A second vote among those who were equal at the last place.")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    in_favour = models.PositiveSmallIntegerField(null=True)
    against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    recused = models.PositiveSmallIntegerField(null=True)
    entitled = models.PositiveSmallIntegerField(null=True)
    needed = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField()
    counted_by = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was set aside.")
    lock = models.PositiveIntegerField(default=0)

    audited: ClassVar[tuple[str, ...]] = (
        "item_id", "number", "state", "in_favour", "against", "abstained", "present", "recused", "entitled", "needed",
        "counted_by", "settled_by", "reason",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["number", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="ballot_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(state__in=["open", "counted"]), name="ballot_one_open"),
            models.CheckConstraint(
                condition=~Q(state__in=["counted", "settled"])
                | Q(in_favour__isnull=False, against__isnull=False, abstained__isnull=False, entitled__isnull=False),
                name="ballot_settled_means_counted",
            ),
            models.CheckConstraint(
                condition=Q(entitled__isnull=True) | Q(entitled__gte=F("in_favour") + F("against") + F("abstained")),
                name="ballot_no_more_votes_than_voters",
            ),
            models.CheckConstraint(condition=~Q(state="set_aside") | ~Q(reason=""), name="ballot_set_aside_for_a_reason"),
            models.CheckConstraint(
                condition=Q(counted_by="") | Q(settled_by="") | ~Q(counted_by=F("settled_by")), name="ballot_checked_by_a_second"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} #{self.number}"

    @property
    def audit_text(self) -> str:
        return f"{self.item.title_zh} #{self.number}"

    @property
    def votes_given(self) -> int:
        return (self.in_favour or 0) + (self.against or 0) + (self.abstained or 0)

    @property
    def silent(self) -> int:
        """Entitled, and gave no vote: not in favour."""
        return (self.entitled or 0) - self.votes_given


class Vote(models.Model):
    """A member's vote by name. Changed until the ballot is settled; ``set_aside_at``: the member turned out to be recused, or left.
    Personal data: how somebody voted; it stands in the minutes."""

    class Choice(models.TextChoices):
        IN_FAVOUR = "for", _("in favour")
        AGAINST = "against", _("against")
        ABSTAIN = "abstain", _("abstains")

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=7, choices=Choice)
    at = models.DateTimeField()
    by = models.CharField(max_length=60, help_text="The actor's id: the member's own, or who took the minutes.")
    set_aside_at = models.DateTimeField(null=True)
    set_aside_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = ("ballot_id", "member_id", "choice", "set_aside_reason")
    personal: ClassVar[tuple[str, ...]] = ("choice",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ballot", "member"], name="vote_once"),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True, set_aside_reason="")
                | (Q(set_aside_at__isnull=False) & ~Q(set_aside_reason="")),
                name="vote_set_aside_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot} · {self.member}"

    @property
    def audit_text(self) -> str:
        return f"{self.member.expert.audit_text} · {self.ballot.item.title_zh}"


class Addendum(models.Model):
    """What is said to the minutes after the meeting was closed: they stay as they are. Never changed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="addenda")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    audited: ClassVar[tuple[str, ...]] = ("meeting_id", "number", "text")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["meeting", "number"], name="addendum_once")]

    def __str__(self) -> str:
        return f"{self.meeting} +{self.number}"

    @property
    def audit_text(self) -> str:
        return f"{self.meeting.title_zh} +{self.number}"
