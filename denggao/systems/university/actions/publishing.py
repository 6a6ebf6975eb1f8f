"""Publishing a version, and bringing an earlier one back as a draft."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from denggao.foundation.audit.actions import action, note
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.records import Line, snapshot
from denggao.systems.university import policies
from denggao.systems.university.actions.contents import begin_draft, draft_of, files_of, write_content
from denggao.systems.university.actions.refusals import CourseRefused
from denggao.systems.university.hooks import version_published
from denggao.systems.university.models import Course, CourseVersion
from denggao.systems.university.packages.contents import content_of
from denggao.systems.university.packages.shapes import Content
from denggao.systems.university.readiness import Finding, findings_of


def findings(course: Course, content: Content) -> list[Finding]:
    """What keeps a course from being published, and what is advised."""
    return findings_of(
        content,
        title=course.title_zh,
        summary=course.summary_zh,
        licence=course.licence,
        has_items=course.items.exists(),
    )


@action("university.course.publish", requires=policies.can_publish, batch=True)
def publish_draft(course: Course, *, note_text: str = "", actor: Actor, now: dt.datetime) -> CourseVersion:
    """Make the draft the version learners are given; from then on it never changes. New classes take it; classes under way keep
    theirs. Raises CourseRefused for what stops it, where nothing changed, or where there is no draft."""
    draft = draft_of(course)
    if draft is None:
        raise CourseRefused(_("There is nothing to publish: what is published is the newest."))
    content = content_of(draft)
    stops = [finding for finding in findings(course, content) if finding.stops]
    if stops:
        first = stops[0]
        about = f"{first.unit.title}: " if first.unit else ""
        raise CourseRefused(f"{about}{first.sentence}")
    before = course.current
    if before is not None and before.content_hash == content.content_hash:
        raise CourseRefused(_("The draft says what is published already."))
    sealed = CourseVersion.objects.filter(pk=draft.pk, state=CourseVersion.State.DRAFT).update(
        state=CourseVersion.State.PUBLISHED,
        note=" ".join(note_text.split())[:300],
        content_hash=content.content_hash,
        minutes=content.minutes,
        units_count=len(content.units),
        required_units=sum(unit.required for unit in content.units),
        published_at=now,
        published_by=actor.id,
    )
    if not sealed:
        raise CourseRefused(_("A colleague has just published it."))
    draft.refresh_from_db()
    held = snapshot(course)
    course.current, course.state = draft, Course.State.PUBLISHED
    course.save(update_fields=["current", "state"])
    note(
        [
            Line.about("university.course.publish", course, before=held, after=snapshot(course)),
            Line.about("university.course.publish", draft, after=snapshot(draft)),
        ]
    )
    version_published(draft, before, now=now)
    return draft


@action("university.version.restore", requires=policies.can_write, batch=True)
def restore_version(course: Course, version: CourseVersion, *, actor: Actor, now: dt.datetime) -> CourseVersion:
    """Make the draft hold what an earlier version held; it is published like any other. Raises CourseRefused for a version of
    another course."""
    if version.course_id != course.pk or version.is_draft:
        raise CourseRefused(_("This version is not one of the course’s published ones."))
    draft = begin_draft(course, actor=actor, now=now)
    write_content(draft, content_of(version), files_of(version), carried_over=version)
    note([Line.about("university.version.restore", draft, after={"number": version.number})])
    return draft
