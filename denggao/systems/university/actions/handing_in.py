"""A package through a page: handed in, looked through, confirmed, brought in. Small ones at once, large ones in the background."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import Refused, action
from denggao.foundation.audit.actors import Actor
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import FileGone, open_file
from denggao.foundation.jobs.actions import enqueue
from denggao.systems.university import policies
from denggao.systems.university.actions.importing import Preview, Tell, import_package, preview_package
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.models import PackageImport, School
from denggao.systems.university.packages.reading import Package, PackageBroken, read_package

AT_ONCE = 20 * 1024 * 1024
CHECK_JOB, IMPORT_JOB = "university.package.check", "university.package.import"
_SHOWN = 60


@action("university.package.hand_in", requires=policies.can_write_for)
def hand_in_package(school: School, file: StoredFile, *, actor: Actor, now: dt.datetime) -> PackageImport:
    """Note a stored package; ``check_package`` looks it through, here or in the background."""
    return PackageImport.objects.create(school=school, file=file, handed_in_by=actor.id, handed_in_at=now)


def look_through(handed_in: PackageImport, *, actor: Actor, now: dt.datetime) -> None:
    """At once where it is small, else by a job."""
    if handed_in.file.size <= AT_ONCE:
        check_package(handed_in, actor=actor, now=now)
    else:
        enqueue(CHECK_JOB, {"import": str(handed_in.public_id)}, actor=actor, now=now)


@action("university.package.check", requires=policies.can_import)
def check_package(handed_in: PackageImport, *, actor: Actor, now: dt.datetime) -> PackageImport:
    """Say what the package would do, or what is wrong with it. Checking twice changes nothing."""
    if handed_in.state != PackageImport.State.CHECKING:
        return handed_in
    try:
        with open_file(handed_in.file) as stream, read_package(stream) as package:
            handed_in.preview = _shown(preview_package(package, handed_in.school), package)
            handed_in.state = PackageImport.State.READY
    except PackageBroken as broken:
        handed_in.state, handed_in.sentences, handed_in.ended_at = PackageImport.State.BROKEN, broken.sentences, now
    except FileGone:
        handed_in.state, handed_in.sentences, handed_in.ended_at = PackageImport.State.BROKEN, [_gone()], now
    handed_in.save()
    return handed_in


def _gone() -> str:
    return str(_("The package is no longer kept. Hand it in again."))


def _shown(preview: Preview, package: Package) -> dict[str, Any]:
    """What the page shows; lists are cut, their lengths are not."""
    change = preview.difference
    return {
        "outcome": preview.outcome.value,
        "title": package.facts.title_zh,
        "code": package.facts.code,
        "provider": package.facts.provider,
        "licence": package.facts.licence,
        "source_version": package.facts.source_version,
        "modules": len(package.content.modules),
        "units": len(package.content.units),
        "minutes": package.content.minutes,
        "files": len(package.types),
        "facts_change": preview.facts_change,
        "replaces_draft": preview.replaces_draft,
        "notes": preview.notes[:_SHOWN],
        "added": [{"title": unit.title, "kind": unit.kind} for unit in change.added][:_SHOWN],
        "removed": [{"title": unit.title, "kind": unit.kind} for unit in change.removed][:_SHOWN],
        "changed": [{"title": one.unit.title, "kind": one.unit.kind, "what": list(one.what)} for one in change.changed][:_SHOWN],
        "counts": [len(change.added), len(change.changed), len(change.removed)],
    }


@action("university.package.confirm", requires=policies.can_import)
def confirm_package(handed_in: PackageImport, *, actor: Actor, now: dt.datetime) -> PackageImport:
    """Say yes. Of two who do, one is told. Raises CourseRefused where it isn't waiting for a yes."""
    confirmed = PackageImport.objects.filter(pk=handed_in.pk, state=PackageImport.State.READY)
    if not confirmed.update(state=PackageImport.State.IMPORTING):
        raise CourseRefused(_("This package is not waiting for a yes."))
    handed_in.refresh_from_db()
    return handed_in


def bring_in(handed_in: PackageImport, *, actor: Actor, now: dt.datetime) -> None:
    """After the yes: at once where the package is small, else by a job."""
    if handed_in.file.size <= AT_ONCE:
        apply_package(handed_in, actor=actor, now=now)
    else:
        enqueue(IMPORT_JOB, {"import": str(handed_in.public_id)}, actor=actor, now=now)


def apply_package(
    handed_in: PackageImport, *, actor: Actor, now: dt.datetime, tell: Tell = lambda _done, _total: None
) -> PackageImport:
    """Bring a confirmed package in; a second time changes nothing. What is refused stands on the page."""
    if handed_in.state != PackageImport.State.IMPORTING:
        return handed_in
    try:
        with open_file(handed_in.file) as stream, read_package(stream) as package:
            imported = import_package(package, handed_in.school, actor=actor, now=now, tell=tell)
    except FileGone:
        return note_outcome(handed_in, sentences=[_gone()], actor=actor, now=now)
    except Refused as refused:
        return note_outcome(handed_in, sentences=[str(refused)], actor=actor, now=now)
    return note_outcome(handed_in, course_id=imported.course.pk, outcome=imported.outcome.value, actor=actor, now=now)


@action("university.package.end", requires=policies.can_import)
def note_outcome(
    handed_in: PackageImport,
    *,
    course_id: int | None = None,
    outcome: str = "",
    sentences: list[str] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> PackageImport:
    """What came of an import."""
    handed_in.state = PackageImport.State.BROKEN if sentences else PackageImport.State.DONE
    handed_in.course_id, handed_in.outcome, handed_in.sentences, handed_in.ended_at = course_id, outcome, sentences or [], now
    handed_in.save()
    return handed_in


@action("university.package.drop", requires=policies.can_import)
def drop_package(handed_in: PackageImport, *, actor: Actor, now: dt.datetime) -> PackageImport:
    """Let a package go that was not brought in. Raises CourseRefused where it was."""
    dropped = PackageImport.objects.filter(pk=handed_in.pk, state=PackageImport.State.READY)
    if not dropped.update(state=PackageImport.State.DROPPED, ended_at=now):
        raise CourseRefused(_("This package is not waiting for a yes."))
    handed_in.refresh_from_db()
    return handed_in
