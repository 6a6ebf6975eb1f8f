"""From an empty school to a finished course, in a browser, with everybody who takes part.

The teacher builds a course of five kinds of units, with a film in pieces and its subtitles, and opens a class; HR enrols the team; a
worker plays the film on a phone, loses the line, goes on at a desk at that second, reads, answers, hands in; the teacher marks and
signs; the course is finished and its hours explained; a colleague's script is found. In Chinese by the browser's own player, in
English and in the dark by the script for browsers that have none. axe-core looks at every page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from denggao.foundation.files import pieces
from denggao.foundation.media import programs, rules
from tests.journeys.conftest import Language, Visitor
from tests.journeys.learning_a_course.authoring import builds, marks, opens_a_class, sees_the_class, signs
from tests.journeys.learning_a_course.learning import (
    begins_on_a_phone,
    enrols_the_team,
    has_finished,
    lets_a_script_read,
    loses_the_line,
    reads_answers_and_hands_in,
    resumes_at_a_desk,
)
from tests.journeys.learning_a_course.scene import a_scene

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.skipif(not programs.ffmpeg(), reason="no ffmpeg on this machine")
@pytest.mark.parametrize(("language", "dark"), [("zh", False), ("en", True)])
def test_a_course_is_built_learned_and_counted(
    language: Language, dark: bool, office: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "PIECE", 64 * 1024)
    monkeypatch.setattr(rules, "FRAGMENT_SECONDS", 2)
    monkeypatch.setattr(rules, "_LIGHT_SIDE", 240)
    scene = a_scene(office, language, tmp_path, dark=dark)

    builds(scene)
    opens_a_class(scene)
    enrols_the_team(scene)

    phone = begins_on_a_phone(scene, by_script=dark)
    loses_the_line(scene, phone)
    desk = resumes_at_a_desk(scene, phone)
    reads_answers_and_hands_in(scene, desk)
    marks(scene)
    signs(scene)

    has_finished(scene)
    sees_the_class(scene)
    lets_a_script_read(scene)
