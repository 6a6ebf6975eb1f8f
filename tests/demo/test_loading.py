"""The demo command tells a region through everybody's actions: what stands afterwards is counted, dated and marked."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from denggao.demo.loading import SHOWN_EMPLOYER, NotEmpty, load_region
from denggao.demo.region import region
from denggao.engines.credentials.models import Credential
from denggao.engines.ledger.models import Entry
from denggao.engines.ledger.queries import board_of, check_plan
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import operator
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Plan
from denggao.foundation.sheets.models import Import, ImportRow
from tests.facts import a_plan

pytestmark = [pytest.mark.django_db, pytest.mark.whole]
WORKERS = 24


def load(settings: Settings, **options: Any) -> dict[str, Any]:
    settings.DEMO = True
    out = io.StringIO()
    call_command("demo", scale=WORKERS, json=True, stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]  # JSON


def test_demo_is_counted_dated_and_marked(settings: Settings) -> None:
    told = load(settings)

    plan = Plan.objects.get()
    assert told["workers"] == WORKERS
    assert told["rows"]["created"] > WORKERS
    assert check_plan(plan) == []
    assert board_of(plan, as_of=dt.date(2022, 12, 31)).of("upgrades").count > 0
    assert not Person.objects.filter(is_demo=False).exists()
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    assert plan.is_demo
    entries = Entry.objects.filter(sign=1)
    assert all(2020 <= entry.happened_on.year <= 2022 for entry in entries)
    assert all(entry.known_at.date() >= entry.happened_on for entry in entries)
    assert {entry.known_at.year for entry in entries} <= {2020, 2021, 2022, 2023}
    _leaves_a_list_to_look_at()
    _leads_from_every_certificate_to_a_file_and_row()


def _leaves_a_list_to_look_at() -> None:
    waiting = Import.objects.get(state=Import.State.CHECKED)
    assert waiting.body_id == Organisation.objects.get(uscc=region(2020, 1).employers[SHOWN_EMPLOYER].uscc).pk
    assert ImportRow.objects.filter(sheet_import=waiting, outcome="refused").exists()
    assert Import.objects.exclude(pk=waiting.pk).exclude(state=Import.State.APPLIED).count() == 0


def _leads_from_every_certificate_to_a_file_and_row() -> None:
    sources = set(Credential.objects.values_list("source", flat=True))
    rows = {str(public_id) for public_id in ImportRow.objects.values_list("public_id", flat=True)}
    assert sources
    assert sources <= rows


def test_demo_goes_into_an_empty_database_only() -> None:
    a_plan()

    with pytest.raises(NotEmpty):
        load_region(region(1, 5), actor=operator("test"), now=dt.datetime.now(dt.UTC), say=lambda text: None)

    assert not Organisation.objects.exists()


@pytest.mark.parametrize(("demo", "scale"), [(False, 100), (True, 19), (True, 100_001)])
def test_demo_is_refused_outside_its_bounds(settings: Settings, demo: bool, scale: int) -> None:
    settings.DEMO = demo

    with pytest.raises(CommandError):
        call_command("demo", scale=scale)

    assert not Plan.objects.exists()
