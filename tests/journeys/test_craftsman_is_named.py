"""From a call to a title and to its end, in a browser, with everybody who takes part.

The clerk who calls, the employer that nominates, the nominee on the phone, the clerk who checks, five experts and one who steps aside,
a jury, a visitor who objects twice, the approver, a visitor who verifies; the craftsman's own page in the hall, a base that appoints the
craftsman as special mentor, and what ends with the title. Twice: in Chinese with the employer's side on a phone, in
English and in the dark the other way round. axe-core looks at every page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Language, Size, Visitor
from tests.journeys.naming_a_craftsman.ending import is_revoked, is_withdrawn_everywhere, teaches_no_more
from tests.journeys.naming_a_craftsman.judging import asks_experts, checks, judge, ranks, the_jury_votes
from tests.journeys.naming_a_craftsman.mentoring import is_appointed, is_known_by_letter, teaches
from tests.journeys.naming_a_craftsman.naming import are_objected_to, are_shown, is_named, is_verified
from tests.journeys.naming_a_craftsman.nominating import accepts, another_is_nominated, calls, nominates
from tests.journeys.naming_a_craftsman.scene import a_scene
from tests.journeys.naming_a_craftsman.shown import has_taught, is_found, publishes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "own", "desk", "dark"), [("zh", "phone", "desk", False), ("en", "desk", "phone", True)])
def test_a_craftsman_is_named(
    language: Language, own: Size, desk: Size, dark: bool, office: Visitor, tmp_path: Path
) -> None:  # pytest gives it by name
    scene = a_scene(office, language, own, desk, tmp_path, dark=dark)

    calls(scene)
    nominates(scene)
    accepts(scene)
    another_is_nominated(scene)

    checks(scene)
    asks_experts(scene)
    judge(scene)
    ranks(scene)
    the_jury_votes(scene)

    are_shown(scene)
    are_objected_to(scene)
    is_named(scene)
    is_verified(scene)

    has_taught(scene)
    publishes(scene)
    is_found(scene)

    is_appointed(scene)
    is_known_by_letter(scene)
    teaches(scene)

    is_revoked(scene)
    is_withdrawn_everywhere(scene)
    teaches_no_more(scene)
