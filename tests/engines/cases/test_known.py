"""What the platform knows itself stands beside the answers, read-only, and is frozen with them."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection

from denggao.engines.cases import actions
from denggao.engines.cases.models import Snapshot
from denggao.engines.cases.procedures import KnownLine, KnownSection
from denggao.engines.cases.views.drafts import FormPage
from denggao.foundation.audit.records import canonical, plain
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import SYSTEM, a_draft, a_submitted
from tests.engines.cases.test_consents import asked_case, of
from tests.engines.reviews.scene import a_rubric


@pytest.fixture
def knows():
    SYSTEM.knows = [
        KnownSection(
            "Certificates on record",
            [KnownLine("Turner, Level 3", "S000123456", "Register of certificates"), KnownLine("Employed since", "2015-07-01")],
            section="plan",
        ),
        KnownSection("Honours", [KnownLine("Model worker", "2019")]),
        KnownSection("Nothing", []),
    ]


@pytest.mark.usefixtures("knows")
def test_it_is_frozen_with_the_submission_and_hashed(cast, now):
    case = a_submitted(cast, now)
    frozen = case.snapshots.get()
    SYSTEM.knows = []

    assert [each["title"]["zh"] for each in frozen.known] == ["Certificates on record", "Honours"]
    content = [str(case.public_id), 1, 1, plain(frozen.answers), plain(frozen.files), plain(frozen.known)]
    assert frozen.content_hash == hashlib.sha256(canonical(content)).hexdigest()
    page = cast.client_of("clerk").get(case.link).content.decode()
    assert "S000123456" in page
    assert "Register of certificates" in page


def test_without_any_a_submission_is_hashed_as_before(cast, now):
    frozen = a_submitted(cast, now).snapshots.get()

    assert frozen.known is None
    content = [str(frozen.case.public_id), 1, 1, plain(frozen.answers), plain(frozen.files)]
    assert frozen.content_hash == hashlib.sha256(canonical(content)).hexdigest()


@pytest.mark.usefixtures("knows")
def test_it_is_stored_encrypted(cast, now):
    a_submitted(cast, now)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT known FROM {Snapshot._meta.db_table}")
        assert b"S000123456" not in bytes(cursor.fetchone()[0])


@pytest.mark.usefixtures("knows")
def test_it_stands_in_its_section_and_is_not_typed_over(cast, now):
    case = a_draft(cast, now)
    client = cast.client_of("base_manager")

    plan, place = (client.get(f"{case.link}edit/{section}/").content.decode() for section in ("plan", "place"))
    client.post(f"{case.link}edit/plan/", {"base_revision": "1", "aim": "x", "known": "forged", "Turner, Level 3": "forged"})

    assert "S000123456" in plan
    assert "S000123456" not in place
    assert "Model worker" in place
    assert "forged" not in client.get(f"{case.link}review/").content.decode()
    assert "S000123456" in client.get(f"{case.link}review/").content.decode()


@pytest.mark.usefixtures("knows")
@pytest.mark.parametrize("page", ["", "edit/plan/", "review/"])
def test_the_system_is_asked_once_a_page(cast, now, page):
    case = a_draft(cast, now)
    client = cast.client_of("base_manager")
    SYSTEM.asked_known = 0

    assert client.get(f"{case.link}{page}").status_code == 200
    assert SYSTEM.asked_known == 1


@pytest.mark.usefixtures("knows")
def test_whoever_reads_the_file_reads_it_too(cast, now):
    a_rubric()
    case = asked_case(cast, now)
    assert "S000123456" in cast.client_of("worker").get(of(case).link).content.decode()
    submitted = a_submitted(cast, now, procedure="trial_full")
    checked(submitted, cast, now)

    from denggao.engines.cases.stages.review import ReviewedCases

    _template, context = ReviewedCases().file(cast.expert, submitted.public_id)
    assert [each.title for section in context["sections"] for each in section.known] == ["Honours", "Certificates on record"]
    paper = cast.client_of("base_manager").get(f"{case.link}snapshots/1/pdf/")
    assert paper.status_code == 200
    assert paper.content.startswith(b"%PDF")


@pytest.mark.usefixtures("knows")
def test_what_changed_of_it_is_shown_between_two_submissions(cast, now):
    case = a_submitted(cast, now)
    actions.return_case(case, reason="缺页", actor=cast.clerk, now=now)
    SYSTEM.knows = [KnownSection("Honours", [KnownLine("Model worker", "2021")])]
    actions.resubmit_case(case, actor=cast.base_manager, now=now)

    page = cast.client_of("clerk").get(f"{case.link}snapshots/2/changes/").content.decode()

    assert "2019" in page
    assert "2021" in page


def test_a_form_page_reads_what_is_known_lazily(cast, now):
    case = a_draft(cast, now)
    SYSTEM.asked_known = 0

    FormPage(case, "plan", actor=cast.base_manager)

    assert SYSTEM.asked_known == 0
