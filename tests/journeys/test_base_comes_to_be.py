"""From an empty application to the plaque on the wall, in a browser, with everybody who takes part.

The clerk who calls, the base's manager, the reviewer, four experts of whom one has a conflict, a visitor who objects, the approver,
the signatories of three authorities of whom one refuses at first, and the auditor. Twice: in Chinese with the base's side on a phone
and the office at a desk, in English the other way round. axe-core looks at every page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.becoming_a_base.applying import calls, corrects, hands_in
from tests.journeys.becoming_a_base.checking import passes_on, sends_back
from tests.journeys.becoming_a_base.granting import asks_again, auditor_reads, decides, plaque_hangs, refuses, signs
from tests.journeys.becoming_a_base.judging import asks_experts, judge, recuses
from tests.journeys.becoming_a_base.noticing import notice_ends, objects, rules
from tests.journeys.becoming_a_base.scene import a_scene
from tests.journeys.conftest import Language, Size, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "own", "desk"), [("zh", "phone", "desk"), ("en", "desk", "phone")])
def test_a_base_comes_to_be(language: Language, own: Size, desk: Size, office: Visitor, tmp_path: Path) -> None:
    scene = a_scene(office, language, own, desk, tmp_path)
    for_union, for_labour, for_area = (actor for _body, actor in scene.three.pairs)

    calls(scene)
    hands_in(scene)
    sends_back(scene)
    corrects(scene)
    passes_on(scene)

    asks_experts(scene)
    recuses(scene)
    judge(scene)

    receipt = objects(scene)
    rules(scene, receipt)
    notice_ends(scene)
    decides(scene)

    signs(scene, for_union)
    refuses(scene, for_labour)
    asks_again(scene)
    # A code is good once: the union's signatory takes one of the recovery codes for the second round.
    signs(scene, for_union, scene.recovery[for_union.id][0])
    signs(scene, for_labour)
    signs(scene, for_area)

    plaque_hangs(scene)
    auditor_reads(scene)
