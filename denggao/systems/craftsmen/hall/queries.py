"""What the pages of the hall show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.models import Conversion, Output
from denggao.foundation.ui.words import level_name
from denggao.systems.craftsmen.hall.lineage import Lineage, lineage_of
from denggao.systems.craftsmen.hall.models import Film, Part, Profile, Work
from denggao.systems.craftsmen.hall.registry import Recognition, lessons_of, levels_of, recognitions_of
from denggao.systems.craftsmen.models import Craftsman, Deed

MOST_SEEN_HEIGHT = 720
"""A visitor's phone needs no larger film."""


@dataclass(frozen=True)
class Number:
    """One of the numbers under the name: what it counts, and the rows behind it."""

    code: str
    value: int
    unit: str
    says: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row as heading and cell."""
        return [list(zip(self.header, row, strict=True)) for row in self.rows]


@dataclass
class Shown:
    """A page as a reader sees it: what nobody agreed to is not in it."""

    profile: Profile
    craftsman: Craftsman
    level: str = ""
    portrait: StoredFile | None = None
    motto: str = ""
    headline: str = ""
    paragraphs: list[str] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    film: dict[str, Any] | None = None
    lineage: Lineage | None = None
    numbers: list[Number] = field(default_factory=list)
    recognitions: list[Recognition] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.craftsman.person.name

    @property
    def about(self) -> str:
        """A line for who shares it."""
        return self.motto or self.headline or f"{_('Lingang craftsman')} · {self.craftsman.named_on.year}"


def shown_page(profile: Profile, today: dt.date) -> Shown:
    """A constant number of queries."""
    craftsman = profile.craftsman
    lineage = lineage_of(craftsman, today) if profile.said_yes(Part.LINEAGE) else None
    deeds = list(craftsman.nomination.deeds.all()) if profile.said_yes(Part.WORKS) else []
    levels = levels_of([craftsman.person_id]).get(craftsman.person_id, [])
    story = profile.said_yes(Part.STORY)
    return Shown(
        profile,
        craftsman,
        level=levels[-1].level if levels else "",
        portrait=profile.portrait if profile.said_yes(Part.PORTRAIT) else None,
        motto=profile.motto if story else "",
        headline=profile.headline if story else "",
        paragraphs=profile.paragraphs if story else [],
        works=list(profile.works.filter(shown=True).select_related("picture")) if profile.said_yes(Part.WORKS) else [],
        film=film_of(profile) if profile.said_yes(Part.FILM) else None,
        lineage=lineage,
        numbers=_numbers(profile, lineage, deeds),
        recognitions=_recognitions(craftsman, levels, deeds),
    )


# Numbers


def _numbers(profile: Profile, lineage: Lineage | None, deeds: Sequence[Deed]) -> list[Number]:
    craftsman = profile.craftsman
    found = [_years(craftsman)] if profile.said_yes(Part.STORY) and craftsman.nomination.front_line_years else []
    if lineage is not None and lineage.learners:
        found.append(_taught(lineage))
    patents = [deed for deed in deeds if deed.kind == Deed.Kind.PATENT]
    if patents:
        found.append(_patents(patents))
    lessons = lessons_of(craftsman)
    if lessons:
        rows = tuple((lesson.on.isoformat(), lesson.where, lesson.what) for lesson in lessons)
        found.append(
            Number(
                "lessons", len(lessons), ngettext("lesson", "lessons", len(lessons)),
                pgettext("counted lessons", "given at training bases"),
                (_("Day"), _("Base"), _("Lesson")), rows, _("As the training bases recorded them."),
            )
        )  # fmt: skip
    return found


def _years(craftsman: Craftsman) -> Number:
    years, nomination = craftsman.nomination.front_line_years, craftsman.nomination
    rows = ((str(nomination.submitted_at.date()), craftsman.employer.name if craftsman.employer else "—", str(years)),)
    return Number(
        "years", years, ngettext("year", "years", years), pgettext("counted years", "on the front line"),
        (_("Declared on"), _("Employer"), _("Years")), rows,
        _("As declared in the nomination and looked into before the naming; it is not counted on by the platform."),
    )  # fmt: skip


def _taught(lineage: Lineage) -> Number:
    rows = tuple((learner.label, learner.line) for learner in lineage.learners)
    says = ngettext("taught, %(raised)s raised a level", "taught, %(raised)s raised a level", lineage.raised)
    return Number(
        "taught", lineage.in_all, npgettext("counted learners", "person", "people", lineage.in_all),
        says % {"raised": lineage.raised},
        (_("Learner"), pgettext("a learner", "What became of it")), rows,
        _("Mentorships confirmed by both; levels by the register of certificates. Names only of those who agreed."),
    )  # fmt: skip


def _patents(patents: Sequence[Deed]) -> Number:
    first = sum(deed.rank == 1 for deed in patents)
    says = _("patents, %(first)s as first inventor") % {"first": first} if first else _("patents")
    rows = tuple((deed.title, deed.number, str(deed.year or "—"), str(deed.rank or "—")) for deed in patents)
    return Number(
        "patents", len(patents), npgettext("counted patents", "item", "items", len(patents)), says,
        (_("Patent"), _("Number"), _("Year"), _("Place among the inventors")), rows,
        _("As told in the nomination with papers, which were looked into before the naming."),
    )  # fmt: skip


# Recognitions


def _recognitions(craftsman: Craftsman, levels: Sequence[Any], deeds: Sequence[Deed]) -> list[Recognition]:
    """The newest first. Awards and standards, known by their year alone, stand at its end."""
    link = reverse("credentials:status", args=[craftsman.certificate.public_id]) if craftsman.certificate else ""
    found = [
        Recognition(craftsman.named_on, _("Named “Lingang Craftsman”"), craftsman.order.number, link),
        *(Recognition(level.on, level_name(level.level), _("certificate checked with the register")) for level in _tops(levels)),
        *recognitions_of([craftsman])[craftsman.pk],
        *(
            Recognition(dt.date(deed.year, 12, 31), deed.title, str(deed.get_kind_display()))
            for deed in deeds
            if deed.kind in {Deed.Kind.AWARD, Deed.Kind.STANDARD} and deed.year
        ),
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)


def _tops(levels: Sequence[Any]) -> list[Any]:
    """The last certificate alone: what was below it says nothing more."""
    return list(levels[-1:])


# Films


def film_of(profile: Profile) -> dict[str, Any] | None:
    """What the player needs: addresses from the size a phone takes upwards, the film as it came last. Two queries."""
    film = Film.objects.filter(profile=profile).select_related("file", "poster", "captions").first()
    if film is None:
        return None
    conversion = Conversion.objects.filter(source=film.file).prefetch_related("outputs__file").first()
    outputs = list(conversion.outputs.all()) if conversion is not None and conversion.state == Conversion.State.DONE else []
    sizes = [output for output in outputs if output.role == Output.Role.RENDITION]
    sizes.sort(key=lambda output: (output.facts.get("height", 0) > MOST_SEEN_HEIGHT, -output.facts.get("height", 0)))
    poster = film.poster or next((output.file for output in outputs if output.role == Output.Role.POSTER), None)
    seconds = int(conversion.facts.get("seconds") or 0) if conversion is not None else 0
    return {
        "sources": [output.file for output in sizes] + [film.file],
        "poster": poster,
        "captions": film.captions,
        "seconds": seconds,
        "minutes": seconds // 60,
        "rest": seconds % 60,
        "film": film,
        "waits": conversion is not None and conversion.is_open,
        "failed": conversion.message if conversion is not None and conversion.state == Conversion.State.FAILED else "",
    }


def unpublished_count(shown: int) -> int:
    """How many craftsmen in force have no page that is shown. One query."""
    return max(Craftsman.objects.in_force().count() - shown, 0)
