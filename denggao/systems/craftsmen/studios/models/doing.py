from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.studios.models.alliances import Alliance
from denggao.systems.craftsmen.studios.models.studios import Studio


class Project(models.Model):
    """Something a studio works on, from a day to a day; with other studios of its alliance where it is a joint one."""

    class Kind(models.TextChoices):
        BREAKTHROUGH = "breakthrough", pgettext_lazy("a studio's project", "technical breakthrough")
        INNOVATION = "innovation", pgettext_lazy("a studio's project", "technical innovation")
        STANDARD = "standard", pgettext_lazy("a studio's project", "standard or method")
        COURSE = "course", pgettext_lazy("a studio's project", "course")
        OTHER = "other", pgettext_lazy("a studio's project", "other")

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("a studio's project", "under way")
        FINISHED = "finished", pgettext_lazy("a studio's project", "finished")
        STOPPED = "stopped", pgettext_lazy("a studio's project", "given up")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="projects")
    alliance = models.ForeignKey(Alliance, null=True, on_delete=models.PROTECT, related_name="projects")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=160)
    aim = models.TextField(blank=True)
    partners = models.CharField(max_length=300, blank=True, help_text="Bodies that take part, as told.")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("studio_id", "alliance_id", "kind", "title", "partners", "state", "from_on", "to_on")

    class Meta:
        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="studio_project_has_a_title"),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="studio_project_dates"),
            models.CheckConstraint(
                condition=Q(state="running", to_on__isnull=True) | (~Q(state="running") & Q(to_on__isnull=False)),
                name="studio_project_ended_means_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title


class Result(models.Model):
    """What came of a studio's work. It counts once it is confirmed: by a second person who looked at the proof, or at once where
    the platform knows it itself (``fact_kind`` and ``fact_id``: a course of the university)."""

    class Kind(models.TextChoices):
        PATENT = "patent", pgettext_lazy("a studio's result", "patent")
        SAVING = "saving", pgettext_lazy("a studio's result", "saving")
        STANDARD = "standard", pgettext_lazy("a studio's result", "standard or method")
        COURSE = "course", pgettext_lazy("a studio's result", "course")
        AWARD = "award", pgettext_lazy("a studio's result", "award")
        OTHER = "other", pgettext_lazy("a studio's result", "other")

    class State(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("a studio's result", "waits to be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("a studio's result", "confirmed")
        REFUSED = "refused", pgettext_lazy("a studio's result", "not confirmed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="results")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="results")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=160)
    on = models.DateField()
    number = models.CharField(max_length=80, blank=True, help_text="Of the patent, the standard, the certificate of the award.")
    amount_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="Saved in a year; only of a saving.")
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    fact_kind = models.CharField(max_length=20, blank=True)
    fact_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    reported_by = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    audited: ClassVar[tuple[str, ...]] = (
        "studio_id", "kind", "title", "on", "number", "amount_yuan", "fact_kind", "fact_id", "state", "decision_reason",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="studio_result_has_a_title"),
            models.CheckConstraint(
                condition=Q(kind="saving", amount_yuan__gt=0) | (~Q(kind="saving") & Q(amount_yuan__isnull=True)),
                name="studio_result_saving_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="reported", decided_at__isnull=True) | (~Q(state="reported") & Q(decided_at__isnull=False)),
                name="studio_result_decided_means_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("reported_by")) | Q(fact_id__isnull=False),
                name="studio_result_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(fact_kind="", fact_id__isnull=True) | (~Q(fact_kind="") & Q(fact_id__isnull=False)),
                name="studio_result_fact_whole",
            ),
            models.UniqueConstraint(
                fields=["studio", "fact_kind", "fact_id"], condition=Q(fact_id__isnull=False), name="studio_result_fact_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_text(self) -> str:
        return self.title

    @property
    def amount_shown(self) -> str:
        """In whole yuan where it is whole: 1,280,000."""
        return f"{self.amount_yuan:,.2f}".removesuffix(".00") if self.amount_yuan is not None else ""


class Visit(models.Model):
    """A body came to see the studio on a day; of an alliance where the visit was for several studios together."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="visits")
    alliance = models.ForeignKey(Alliance, null=True, on_delete=models.PROTECT, related_name="visits")
    on = models.DateField()
    visitors = models.CharField(max_length=160, help_text="The body that came, not its people.")
    people = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=300, blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    audited: ClassVar[tuple[str, ...]] = ("studio_id", "alliance_id", "on", "visitors", "people", "about")

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(people__gte=1), name="studio_visit_has_people"),
            models.CheckConstraint(condition=~Q(visitors=""), name="studio_visit_says_who"),
        ]

    def __str__(self) -> str:
        return f"{self.visitors} {self.on}"

    @property
    def audit_text(self) -> str:
        return f"{self.studio.name_zh} {self.on}"


class VisitPhoto(models.Model):
    """A photo of a visit. Personal data: whoever is seen on it; kept for the employer and the office, never public."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.visit}"
