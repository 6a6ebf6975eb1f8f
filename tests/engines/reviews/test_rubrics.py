"""Loading rubrics and changing their weights."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import translation

from denggao.engines.reviews.actions.rubrics import RubricRefused, load_rubric, reweigh_rubric
from denggao.engines.reviews.models import Criterion, RubricVersion
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.models import Record
from tests.engines.reviews.scene import NOW, a_panel, a_rubric
from tests.engines.reviews.test_rubric_file import SHIPPED, SMALL

pytestmark = pytest.mark.django_db


def test_a_rubric_is_loaded_once_however_often(cast):
    first = load_rubric(content=SHIPPED.read_bytes(), actor=cast.clerk, now=NOW)
    again = load_rubric(content=SHIPPED.read_bytes(), actor=cast.administrator, now=NOW)

    assert (first, first.version, first.total) == (again, 1, 105)
    assert first.lines().criteria == again.lines().criteria
    assert Criterion.objects.filter(version=first).count() == 10
    assert (
        Record.objects.filter(action="reviews.rubric.load").count() == 2
        or Record.objects.filter(action="reviews.rubric.load").count() == 1
    )
    with pytest.raises(NotAllowed):
        load_rubric(content=SMALL.encode(), actor=cast.expert, now=NOW)


def test_what_was_read_is_what_is_kept(cast):
    from denggao.engines.reviews.rules.rubric_file import read_rubric_file

    version = load_rubric(content=SHIPPED.read_bytes(), actor=cast.clerk, now=NOW)

    assert RubricVersion.objects.get(pk=version.pk).lines() == read_rubric_file(SHIPPED.read_bytes())


def test_a_changed_file_is_the_next_version(cast):
    a_rubric()
    changed = load_rubric(content=SMALL.replace("zh: 突出}", "zh: 很突出}").encode(), actor=cast.clerk, now=NOW)

    assert changed.version == 2


def test_weights_change_as_a_new_version_with_its_reason(cast):
    scene = a_panel(cast, experts=1)
    old = scene.panel.rubric_version

    with pytest.raises(ReasonMissing):
        reweigh_rubric(old, weights={"work": Decimal(2)}, reason=" ", actor=cast.clerk, now=NOW)
    new = reweigh_rubric(old, weights={"work": Decimal(2)}, reason="本批侧重业绩", actor=cast.clerk, now=NOW)

    assert (new.version, new.total, new.based_on, new.reason) == (2, 22, old, "本批侧重业绩")
    scene.panel.refresh_from_db()
    assert scene.panel.rubric_version == old, "a running panel goes on by its own version"
    assert (old.total, old.lines().criteria[0].weight) == (12, 1)
    record = Record.objects.get(action="reviews.rubric.reweigh")
    assert record.after is not None
    assert record.after["weights"]["work"] == "2"


def test_weights_that_change_nothing_make_no_version(cast):
    version = a_rubric()

    assert reweigh_rubric(version, weights={"work": Decimal("1.000")}, reason="", actor=cast.clerk, now=NOW) == version


@pytest.mark.parametrize("weight", ["-1", "NaN", "Infinity", "1000"])
def test_nonsense_weights_are_refused(cast, weight):
    with pytest.raises(RubricRefused):
        reweigh_rubric(a_rubric(), weights={"work": Decimal(weight)}, reason="因", actor=cast.clerk, now=NOW)
    assert RubricVersion.objects.count() == 1


def test_points_follow_the_weights(cast):
    version = reweigh_rubric(a_rubric(), weights={"work": Decimal("1.5")}, reason="因", actor=cast.clerk, now=NOW)
    scene = a_panel(cast, experts=1, rubric_version=version)
    scene.hand_in(0, "8", "1")

    assert scene.panel.tallies.get().result == 13


def test_the_command_says_what_came_of_it(tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_text(SMALL.replace("total: 12", "total: 13"))
    with translation.override("en"):
        call_command("load_rubric", str(SHIPPED), "--json")
        first = json.loads(capsys.readouterr().out)
        call_command("load_rubric", str(SHIPPED), "--json")
        again = json.loads(capsys.readouterr().out)
        with pytest.raises(SystemExit):
            call_command("load_rubric", str(bad), "--json")
    assert (first["outcome"], first["version"], again["outcome"]) == ("created", 1, "unchanged")
