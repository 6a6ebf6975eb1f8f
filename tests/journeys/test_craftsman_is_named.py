"""From a call to a title and to its end, in a browser, with everybody who takes part.

The clerk who calls, the employer that nominates, the nominee on the phone, the clerk who checks, five experts and one who steps aside,
a jury, a visitor who objects twice, the approver, a visitor who verifies. Twice: in Chinese with the employer's side on a phone, in
English and in the dark the other way round. axe-core looks at every page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Language, Size, Visitor
from tests.journeys.naming_a_craftsman.judging import asks_experts, checks, judge, ranks, the_jury_votes
from tests.journeys.naming_a_craftsman.naming import are_objected_to, are_shown, is_named, is_revoked, is_verified
from tests.journeys.naming_a_craftsman.nominating import accepts, another_is_nominated, calls, nominates
from tests.journeys.naming_a_craftsman.scene import a_scene

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

    is_revoked(scene)
