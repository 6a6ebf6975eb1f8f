"""What a course lacks before it can be published, and what it might do better. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from denggao.systems.university import kinds
from denggao.systems.university.cleaning import pictures_in, plain_text
from denggao.systems.university.packages.shapes import Content, UnitShape


@dataclass(frozen=True)
class Finding:
    """``unit`` is the one it is about, None for the course. ``stops`` publishing, or only advises."""

    sentence: str
    unit: UnitShape | None = None
    stops: bool = True


def findings_of(content: Content, *, title: str, summary: str, licence: str, has_items: bool) -> list[Finding]:
    """Those that stop first."""
    found = [*_of_course(content, summary=summary, licence=licence, has_items=has_items)]
    for unit in content.units:
        found += [Finding(sentence, unit) for sentence in lacks(unit)]
        found += [Finding(sentence, unit, stops=False) for sentence in might(unit)]
    return sorted(found, key=lambda finding: not finding.stops)


def _of_course(content: Content, *, summary: str, licence: str, has_items: bool) -> Iterator[Finding]:
    if not content.units:
        yield Finding(_("The course has no unit yet."))
    elif not any(unit.required for unit in content.units):
        yield Finding(_("No unit is required: nobody could finish the course. Make one required."))
    for module in content.modules:
        if not module.units:
            yield Finding(_("The module “%(title)s” is empty; learners will not see it.") % {"title": module.title}, stops=False)
    if not summary:
        yield Finding(_("The course has no summary: the catalogue shows it."), stops=False)
    if not licence:
        yield Finding(_("No licence is named: say under which the course may be used."), stops=False)
    mapped = has_items or any(unit.items for unit in content.units)
    if content.units and not mapped:
        yield Finding(_("Nothing of the course is mapped to a teaching standard; it does not show in the coverage."), stops=False)


def lacks(unit: UnitShape) -> Iterator[str]:
    """What stops a unit from being learned."""
    kind, settings = kinds.kind_of(unit.kind), unit.settings
    if kind.main and not any(file.role == "main" for file in unit.files):
        yield _("Its file is missing: upload it.")
    if unit.kind == "reading" and not plain_text(unit.body) and not pictures_in(unit.body):
        yield _("Its text is empty.")
    if unit.kind == "check" and not settings.get("questions"):
        yield _("It asks nothing yet: add a question.")
    if unit.kind == "assignment" and not plain_text(settings.get("task", "")) and not plain_text(unit.body):
        yield _("The task is not written yet.")
    if unit.kind == "practical" and not settings.get("steps"):
        yield _("It has no steps for the instructor to sign.")
    if unit.kind == "live" and not settings.get("starts_at"):
        yield _("It does not say when the class begins.")
    missing = set(pictures_in(unit.body)) - {file.path for file in unit.files}
    if missing:
        yield _("Its text shows a picture that is not there: %(path)s.") % {"path": min(missing)}


def might(unit: UnitShape) -> Iterator[str]:
    """What a unit might do better."""
    if not unit.minutes:
        yield _("Its length is not given: no hours are planned for it.")
    if unit.kind == "video" and not any(file.role == "subtitle" for file in unit.files):
        yield _("It has no subtitles: who can’t hear, or has no headphones, is left out.")
    if unit.kind == "assignment" and not unit.settings.get("rubric"):
        yield _("It has no criteria: markers judge without a rubric.")
