"""Who takes part, and where the course stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from denggao.foundation.accounts.models import User
from denggao.foundation.jobs.work import drain
from denggao.foundation.people.models import Person
from denggao.foundation.standards.models import RuleValue
from denggao.systems.university.learning.models import Enrolment, Run
from denggao.systems.university.models import Course, Unit
from tests.cast import Cast
from tests.facts import a_person, in_post
from tests.foundation.media.films import film
from tests.journeys.conftest import Language, Size, Visitor, look
from tests.systems.university.facts import make_school

SECONDS = 11
SUBTITLES = "1\n00:00:00,500 --> 00:00:06,000\n先夹紧工件，再启动主轴。\n\n2\n00:00:06,500 --> 00:00:10,000\nClamp first.\n"


@dataclass
class Scene:
    """``colleague`` is whose hours are a script's. Everybody's screen is the desk's but for learners and who signs."""

    office: Visitor
    cast: Cast
    language: Language
    dark: bool
    folder: Path
    colleague: Person

    def open(self, path: str, who: str | User, *, size: Size = "desk") -> Page:
        return self.office.open(path, size=size, language=self.language, signed_in_as=who, dark=self.dark)

    @contextmanager
    def at(self, path: str, who: str | User, *, size: Size = "desk") -> Iterator[Page]:
        """A looked-at page of one of them, whose window is left afterwards."""
        with self.office.at(path, size=size, language=self.language, signed_in_as=who, dark=self.dark) as page:
            yield look(page)

    @property
    def course(self) -> Course:
        return Course.objects.get(code="turning")

    @property
    def run(self) -> Run:
        return Run.objects.get()

    @property
    def mine(self) -> Enrolment:
        return Enrolment.objects.get(person=self.cast.worker_person)

    def key(self, kind: str) -> UUID:
        return Unit.objects.filter(version__course=self.course, kind=kind).values_list("key", flat=True)[0]

    def place(self, kind: str) -> str:
        """Where the learner has a unit."""
        return f"/learn/{self.mine.public_id}/{self.key(kind)}/"

    def forgive(self, *words: str) -> None:
        """A browser says aloud that the line was down, or that a page was refused: here that was wanted."""
        self.office.complaints[:] = [said for said in self.office.complaints if not any(word in said for word in words)]


def a_scene(office: Visitor, language: Language, folder: Path, *, dark: bool) -> Scene:
    """A school without a course, an employer with two people; pages that say every second that somebody is there."""
    cast = office.cast
    assert cast is not None
    make_school(cast, timezone.now())
    colleague = a_person("欧阳晓峰")
    colleague.account = User.objects.create()
    colleague.save()
    for person in (cast.worker_person, colleague):
        in_post(person, cast.employer)
    says("hours.beat_seconds", 1)
    (folder / "车床.mp4").write_bytes(film("640x360", SECONDS))
    (folder / "车床.srt").write_text(SUBTITLES, encoding="gb18030")
    return Scene(office, cast, language, dark, folder, colleague)


def says(rule: str, value: int) -> None:
    """What the policy's number is from now on."""
    RuleValue.objects.filter(key=rule).update(value=value)
    cache.clear()


def works() -> None:
    """The worker does what waits."""
    drain(clock=timezone.now)
