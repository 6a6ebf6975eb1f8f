"""What a unit's page needs, whatever its kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from denggao.foundation.audit.actors import actor_of
from denggao.foundation.files.models import StoredFile
from denggao.foundation.media.showing import Page, Shown, shown
from denggao.systems.university.cleaning import with_addresses
from denggao.systems.university.learning.forms.learner import AskForm, HandInForm
from denggao.systems.university.learning.models import CheckAttempt, Enrolment, PracticalSigning, Submission
from denggao.systems.university.learning.queries import learner, talk
from denggao.systems.university.learning.queries.steps import aim_of, length_of
from denggao.systems.university.learning.rules.marking import mark_check, most_of, read_rubric
from denggao.systems.university.learning.rules.progress import UnitState, percent_of
from denggao.systems.university.learning.showing import There, asks, clock_of, sentence
from denggao.systems.university.outlines import OutlineFile, OutlineUnit
from denggao.systems.university.queries import unit_body

THREADS_SHOWN = 5


def file_address(file: OutlineFile) -> str:
    """Where a picture or subtitles are shown from."""
    return reverse("media:file", args=[file.file_id])


def download_address(file: OutlineFile) -> str:
    return reverse("files:file", args=[file.file_id])


def unit_context(request: HttpRequest, enrolment: Enrolment, key: UUID, **more: Any) -> dict[str, Any]:
    """Raises Http404 where the course has no such unit, or it is not open yet."""
    actor, now = actor_of(request), timezone.now()
    standing = learner.standing_of(enrolment)
    unit = standing.course.by_key.get(key)
    if unit is None:
        raise Http404
    step, there = standing.step(key), standing.there.get(key) or There()
    page = learner.course_page(enrolment, standing, now=now)
    before, after = standing.course.neighbours(key)
    aim = aim_of(unit)
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "run": enrolment.run,
        "page": page,
        "unit": unit,
        "kind": unit.unit_kind,
        "there": there,
        "state": there.state.value,
        "is_done": there.state is UnitState.DONE,
        "is_open": step.is_open(now),
        "opens_at": step.opens_at,
        "due_at": step.due_at,
        "overdue": step.due_at is not None and step.due_at < now and step.is_left,
        "says": sentence(aim, there),
        "asks": asks(aim),
        "done_in": max(aim.seconds - there.seconds, 1) if aim.seconds and there.state is not UnitState.DONE else None,
        "before": before,
        "after": after,
        "player": f"learning/players/{unit.unit_kind.player}.html",
        "attachments": [(file, download_address(file)) for file in unit.files_as("attachment")],
    }
    if not step.is_open(now):
        return context
    context |= _shown(enrolment, unit, there)
    context |= _of_kind(request, enrolment, unit)
    threads = talk.threads_in(actor, enrolment.run, key)
    context |= {
        "notes": talk.notes_at(enrolment.person_id, key),
        "threads": talk.thread_rows(actor, enrolment.run, threads[:THREADS_SHOWN]),
        "threads_count": threads.count(),
        "ask": AskForm(),
        "attachments_count": len(context["attachments"]),
    }
    return context | more


def _shown(enrolment: Enrolment, unit: OutlineUnit, there: There) -> dict[str, Any]:
    """Text, and the files a player shows."""
    by_path = {file.path: file for file in unit.files}

    def address_of(path: str) -> str | None:
        return file_address(by_path[path]) if path in by_path else None

    main, poster = unit.main, next(iter(unit.files_as("poster")), None)
    media = _media(main)
    length = length_of(unit) or (media.seconds if media is not None else 0.0)
    resume = there.position if there.position and (not length or there.position < length - 5) else 0
    return {
        "body": with_addresses(unit_body(enrolment.run.version, unit.key), address_of),
        "main": main,
        "main_url": download_address(main) if main is not None else "",
        "media": media,
        "poster_url": file_address(poster) if poster is not None else media.poster if media is not None else "",
        "subtitles": [(file, file_address(file)) for file in unit.files_as("subtitle")],
        "pages": _pages(unit, media),
        "is_audio": unit.kind == "audio",
        "length": length,
        "length_text": clock_of(int(length)) if length else "",
        "resume": resume,
        "resume_text": clock_of(resume) if resume else "",
        "percent": percent_of(there.coverage),
        "no_skip": bool(unit.settings.get("no_skip")),
    }


def _media(main: OutlineFile | None) -> Shown | None:
    """How the unit's file is played or read: three queries."""
    stored = StoredFile.objects.filter(public_id=main.file_id).first() if main is not None else None
    return shown(stored) if stored is not None else None


def _pages(unit: OutlineUnit, media: Shown | None) -> list[Page]:
    """Pictures of a paper's pages: the author's own, else those that were made of it."""
    own = [Page(file_address(file), number, 0, 0) for number, file in enumerate(unit.files_as("page"), 1)]
    return own or (list(media.pages) if media is not None else [])


def _of_kind(request: HttpRequest, enrolment: Enrolment, unit: OutlineUnit) -> dict[str, Any]:
    if unit.kind == "check":
        return _check(request, enrolment, unit)
    if unit.kind == "assignment":
        return _assignment(enrolment, unit)
    if unit.kind == "practical":
        return _practical(enrolment, unit)
    if unit.kind == "live":
        starts = parse_datetime(str(unit.settings.get("starts_at") or ""))
        if starts is not None and timezone.is_naive(starts):
            starts = timezone.make_aware(starts)
        return {"starts_at": starts, "has_link": bool(unit.settings.get("link"))}
    return {}


def _check(request: HttpRequest, enrolment: Enrolment, unit: OutlineUnit) -> dict[str, Any]:
    """The questions; after a go its results, with what the author says to each answer."""
    questions = list(unit.settings.get("questions") or ())
    attempts = CheckAttempt.objects.filter(enrolment=enrolment, unit_key=unit.key).order_by("-number")
    asked = request.GET.get("attempt", "")
    shown = attempts.filter(number=int(asked)).first() if asked.isdecimal() and len(asked) < 5 else None
    given = shown.answers if shown is not None else {}
    marked = {item.code: item for item in mark_check(questions, given)[0]} if shown is not None else {}
    rows = []
    for place, question in enumerate(questions, 1):
        code = str(question.get("code"))
        rows.append(
            {
                "number": place,
                "name": f"q-{code}",
                "question": question,
                "choices": [
                    {**choice, "chosen": str(choice.get("code")) in given.get(code, ())} for choice in question.get("choices") or ()
                ],
                "typed": (given.get(code) or [""])[0],
                "marked": marked.get(code),
            }
        )
    return {
        "questions": rows,
        "attempt": shown,
        "attempts": list(attempts[:10]),
        "asked_percent": int(aim_of(unit).percent),
        "wrong": "",
    }


def _assignment(enrolment: Enrolment, unit: OutlineUnit) -> dict[str, Any]:
    works = list(
        Submission.objects.filter(enrolment=enrolment, unit_key=unit.key).prefetch_related("files__file").order_by("-number")
    )
    rubric = read_rubric(unit.settings.get("rubric") or ())
    return {
        "task": with_addresses(
            str(unit.settings.get("task") or ""),
            lambda path: next((file_address(file) for file in unit.files if file.path == path), None),
        ),
        "rubric": rubric,
        "rubric_points": most_of(rubric),
        "pass_points": aim_of(unit).points,
        "works": [(work, [(line, work.marks.get(line.code)) for line in rubric]) for work in works],
        "latest": works[0] if works else None,
        "hand_in": HandInForm(takes_files=bool(unit.settings.get("files", True))),
    }


def _practical(enrolment: Enrolment, unit: OutlineUnit) -> dict[str, Any]:
    signings = list(PracticalSigning.objects.filter(enrolment=enrolment, unit_key=unit.key, taken_back_at__isnull=True))
    by_step = {code: signing for signing in reversed(signings) for code in signing.steps}
    steps = unit.settings.get("steps") or ()
    return {"place": unit.settings.get("place") or "", "steps": [(step, by_step.get(str(step["code"]))) for step in steps]}
