"""Site visits: planned, held, corrected, called off."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.http import Http404
from django.utils import translation

from denggao.engines.reviews.actions.closing import close_panel
from denggao.engines.reviews.actions.conflicts import declare_conflict
from denggao.engines.reviews.actions.visits import (
    RecordGiven,
    VisitGiven,
    VisitRefused,
    add_photo,
    call_off_visit,
    plan_visit,
    record_visit,
    remove_photo,
)
from denggao.engines.reviews.models import SiteVisit
from denggao.engines.reviews.sealing import PHOTO_KIND, get_visit_for
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.policies import get_file_for
from tests.engines.reviews.scene import NOW, a_panel, actor_of, an_expert

pytestmark = pytest.mark.django_db
GIVEN = VisitGiven(NOW.date(), "滴水湖畔1号", Decimal("121.9"), Decimal("30.9"))
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene(cast):
    return a_panel(cast, experts=2)


@pytest.fixture
def visit(scene, cast):
    return plan_visit(scene.panel, given=GIVEN, actor=cast.reviewer, now=NOW)


def test_an_expert_records_what_was_found(scene, visit):
    actor = actor_of(scene.experts[0])

    record_visit(visit, given=GIVEN, record=RecordGiven(scene.experts, "设备与清单一致", "基地负责人"), actor=actor, now=NOW)

    visit.refresh_from_db()
    assert (visit.state, visit.findings, visit.others, visit.recorded_by) == ("held", "设备与清单一致", "基地负责人", actor.id)
    assert set(visit.experts.all()) == set(scene.experts)
    with pytest.raises(ReasonMissing):
        record_visit(visit, given=GIVEN, record=RecordGiven(scene.experts, "补记"), actor=actor, now=NOW)
    record_visit(visit, given=GIVEN, record=RecordGiven(scene.experts[:1], "补记"), reason="漏记", actor=actor, now=NOW)
    assert list(visit.experts.all()) == scene.experts[:1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (VisitGiven(NOW.date(), "  "), "Place"),
        (VisitGiven(NOW.date(), "某处", Decimal(121)), "both longitude and latitude"),
        (VisitGiven(NOW.date(), "某处", Decimal(181), Decimal(30)), "longitude lies between"),
        (VisitGiven(NOW.date(), "某处", Decimal(121), Decimal("90.1")), "longitude lies between"),
        (VisitGiven(NOW.date() + dt.timedelta(days=2), "某处"), "yet to come"),
    ],
)
def test_what_is_no_visit_is_refused(scene, visit, given, said):
    with pytest.raises(VisitRefused, match=said):
        record_visit(visit, given=given, record=RecordGiven(scene.experts, "有"), actor=actor_of(scene.experts[0]), now=NOW)


def test_a_record_needs_findings_and_experts_of_the_panel(scene, visit):
    actor = actor_of(scene.experts[0])
    for record in (RecordGiven(scene.experts, " "), RecordGiven([], "有"), RecordGiven([an_expert()], "有")):
        with pytest.raises(VisitRefused):
            record_visit(visit, given=GIVEN, record=record, actor=actor, now=NOW)
    assert SiteVisit.objects.get().state == "planned"


def test_only_a_planned_visit_is_called_off(scene, visit, cast):
    with pytest.raises(ReasonMissing):
        call_off_visit(visit, reason="", actor=cast.reviewer, now=NOW)
    call_off_visit(visit, reason="台风", actor=cast.reviewer, now=NOW)
    for act in (lambda: call_off_visit(visit, reason="又", actor=cast.reviewer, now=NOW),
                lambda: record_visit(visit, given=GIVEN, record=RecordGiven(scene.experts, "有"), actor=cast.reviewer, now=NOW)):  # fmt: skip
        with pytest.raises(VisitRefused):
            act()


def test_visits_are_for_the_panel_and_those_who_run_it(scene, visit, cast):
    stranger = an_expert()
    for actor in (actor_of(stranger), cast.hr, cast.base_manager, cast.visitor):
        with pytest.raises(NotAllowed):
            plan_visit(scene.panel, given=GIVEN, actor=actor, now=NOW)
        with pytest.raises(Http404):
            get_visit_for(actor, visit.public_id)
    assert get_visit_for(cast.auditor, visit.public_id) == visit
    with pytest.raises(Http404):
        get_visit_for(cast.auditor, visit.public_id, recording=True)
    declare_conflict(scene.seat(0), reason="近亲", actor=actor_of(scene.experts[0]), now=NOW)
    with pytest.raises(Http404):
        get_visit_for(actor_of(scene.experts[0]), visit.public_id)


def test_photos_are_read_by_whoever_sees_the_visit(scene, visit, cast):
    actor = actor_of(scene.experts[0])
    stored = store_file("现场.png", PNG, kind=PHOTO_KIND, taken=("png", "jpeg"), actor=actor, now=NOW)
    assert stored.kind == PHOTO_KIND
    with pytest.raises(Http404):
        get_file_for(cast.reviewer, stored.public_id)
    photo = add_photo(visit, file=stored, caption="车床区", actor=actor, now=NOW)

    assert get_file_for(cast.reviewer, stored.public_id) == stored
    assert get_file_for(actor_of(scene.experts[1]), stored.public_id) == stored
    for actor in (cast.hr, actor_of(an_expert())):
        with pytest.raises(Http404):
            get_file_for(actor, stored.public_id)
    remove_photo(photo, actor=cast.reviewer, now=NOW)
    with pytest.raises(Http404):
        get_file_for(cast.reviewer, stored.public_id)


def test_a_closed_panels_visits_stay_as_they_are(scene, visit, cast):
    scene.hand_in(0)
    scene.hand_in(1)
    close_panel(scene.panel, actor=cast.reviewer, now=NOW)
    with pytest.raises(VisitRefused, match="closed"):
        record_visit(visit, given=GIVEN, record=RecordGiven(scene.experts, "有"), actor=cast.reviewer, now=NOW)
    with pytest.raises(VisitRefused, match="closed"):
        plan_visit(scene.panel, given=GIVEN, actor=cast.reviewer, now=NOW)
