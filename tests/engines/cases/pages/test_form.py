"""The application form: saved whole or by its script, by two at once, with files and rows; corrections; submitting."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from denggao.engines.cases.actions import FieldRemark, open_case, open_round, prepare_round, return_case, save_draft, withdraw_case
from denggao.engines.cases.actions.rounds import RoundGiven
from denggao.engines.cases.fields import FilesField
from denggao.engines.cases.models import Attachment, Case, Draft, DraftVersion
from denggao.engines.cases.procedures import CaseForm, Section, registered
from denggao.foundation.audit.actors import Role
from denggao.foundation.files.models import StoredFile
from denggao.foundation.organisations.models import Membership
from tests.cast import Cast
from tests.engines.cases.procedures import ANSWERS, SHORT, a_draft, a_submitted

JSON = {"HTTP_ACCEPT": "application/json"}


class PapersForm(forms.Form):
    papers = FilesField(label="Papers", taken=("pdf",), limit=2000, most=2)


PAPERS = dataclasses.replace(
    SHORT, code="papers", number="P-{serial}", forms={1: CaseForm(1, (Section("papers", "Papers", PapersForm),))}
)


@pytest.fixture
def writer(cast: Cast) -> Client:
    return cast.client_of("base_manager")


@pytest.fixture
def colleague(cast: Cast) -> Client:
    """Of the same body, who may write in the same application."""
    Membership.objects.create(account=cast.user("hr"), role=Role.BASE_MANAGER, organisation=cast.base, from_on=dt.date(2020, 1, 1))
    return cast.client_of("hr")


def page_of(case: Case, section: str, what: str = "") -> str:
    return f"{case.link}edit/{section}/{what}"


def answers(case: Case, section: str) -> dict[str, Any]:
    found = Draft.objects.get(case=case, section=section).answers
    assert isinstance(found, dict)
    return found


def autosave(client: Client, case: Case, section: str, base: int, **fields: str) -> dict[str, Any]:
    data = {"base_revision": base, "changed": list(fields), **fields}
    response = client.post(page_of(case, section, "autosave/"), data, **JSON)
    assert response.status_code == 200
    told: dict[str, Any] = response.json()
    return told


# Without a script


def test_the_whole_page_is_saved_and_leads_to_the_next(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now, filled=False)

    response = writer.post(page_of(case, "place"), {"base_revision": 0, "name": "A", "area": "x", "go": "next"})

    assert response.headers["Location"] == page_of(case, "plan")
    assert answers(case, "place") == {"name": "A", "area": "x", "ready": False}
    assert "name=&quot;" not in writer.get(page_of(case, "place")).content.decode()


def test_what_is_wrong_is_said_when_it_is_looked_through_and_not_before(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now, filled=False)
    save_draft(case, section="place", answers={"name": "A", "area": "x"}, base_revision=0, actor=cast.base_manager, now=now)

    quiet = writer.get(page_of(case, "place")).content.decode()
    loud = writer.get(page_of(case, "place", "?check=1")).content.decode()
    review = writer.get(f"{case.link}review/").content.decode()

    assert "dg-err" not in quiet
    assert "dg-err" in loud
    assert f"{page_of(case, 'place')}?check=1#field-area" in review
    assert f"{page_of(case, 'plan')}?check=1#field-aim" in review


def test_a_page_sent_from_an_old_state_keeps_both_texts(writer: Client, colleague: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now)
    theirs = {"base_revision": 1, "name": "Theirs", "area": "1200", "ready": "on"}
    colleague.post(page_of(case, "place"), theirs)

    response = writer.post(page_of(case, "place"), {"base_revision": 1, "name": "Mine", "area": "1200", "ready": "on"}, follow=True)

    shown = response.content.decode()
    assert "Mine" in shown
    assert "Theirs" in shown
    version = DraftVersion.objects.get(outcome="conflict")
    chosen = writer.post(page_of(case, "place", f"settle/{version.public_id}/"), {"take-name": "mine"})
    assert chosen.status_code == 302
    assert answers(case, "place")["name"] == "Mine"


def test_rows_left_blank_are_none_and_more_can_be_asked_for(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now, filled=False)
    sent = {
        "base_revision": 0,
        "aim": "A",
        "machines-total": 3,
        "machines-1-name": "车床",
        "machines-1-count": "2",
        "more": "machines",
    }

    response = writer.post(page_of(case, "plan"), sent)

    assert response.headers["Location"] == f"{page_of(case, 'plan')}#field-machines"
    assert answers(case, "plan")["machines"] == [{"name": "车床", "count": "2"}]
    assert 'name="machines-1-name"' in writer.get(page_of(case, "plan")).content.decode()


# By the page's script


def test_only_the_fields_named_are_saved_and_a_receipt_comes_back(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now)

    told = autosave(writer, case, "place", 1, name="Changed")

    assert told["revision"] == 2
    assert told["receipt"].split()[-1].count(":") == 2
    assert told["fields"] == {}
    assert answers(case, "place") == {**ANSWERS["place"], "name": "Changed"}


def test_different_fields_come_together_and_each_is_shown_the_other(
    writer: Client, colleague: Client, cast: Cast, now: dt.datetime
) -> None:
    case = a_draft(cast, now)
    autosave(colleague, case, "place", 1, name="Theirs")

    told = autosave(writer, case, "place", 1, area="99")

    assert "Theirs" in told["fields"]["name"]
    assert "clashing" not in told
    assert answers(case, "place") == {"name": "Theirs", "area": "99", "ready": True}


def test_the_same_field_is_shown_twice_and_nothing_is_overwritten(
    writer: Client, colleague: Client, cast: Cast, now: dt.datetime
) -> None:
    case = a_draft(cast, now)
    autosave(colleague, case, "place", 1, name="Theirs")

    told = autosave(writer, case, "place", 1, name="Mine")

    assert told["clashing"] == ["name"]
    assert "Mine" in told["conflicts"]
    assert "Theirs" in told["conflicts"]
    assert answers(case, "place")["name"] == "Theirs"
    version = DraftVersion.objects.get(outcome="conflict")
    chosen = writer.post(page_of(case, "place", f"settle/{version.public_id}/"), {"take-name": "theirs"}, **JSON).json()
    assert "Theirs" in chosen["fields"]["name"]
    assert chosen["conflicts"].strip() == ""


def test_a_choice_that_is_missing_or_made_is_refused_in_a_sentence(
    writer: Client, colleague: Client, cast: Cast, now: dt.datetime
) -> None:
    case = a_draft(cast, now)
    autosave(colleague, case, "place", 1, name="Theirs")
    autosave(writer, case, "place", 1, name="Mine")
    version = DraftVersion.objects.get(outcome="conflict")
    address = page_of(case, "place", f"settle/{version.public_id}/")

    assert writer.post(address, {}, **JSON).json()["refusal"]
    assert cast.client_of("other_hr").post(address, {"take-name": "mine"}).status_code == 404
    assert "refusal" not in writer.post(address, {"take-name": "mine"}, **JSON).json()
    assert colleague.post(address, {"take-name": "theirs"}, **JSON).status_code == 404


def test_a_watcher_sees_what_changed_and_who_is_here(writer: Client, colleague: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now)
    autosave(colleague, case, "place", 1, name="Theirs")

    told = writer.get(page_of(case, "place", "watch/"), {"revision": 1}, **JSON).json()

    assert told["revision"] == 2
    assert "Theirs" in told["fields"]["name"]
    assert told["with"]
    assert set(told["states"]) == {"place", "plan"}


def test_once_it_is_submitted_an_autosave_is_refused_in_a_sentence(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_submitted(cast, now)

    told = autosave(writer, case, "place", 1, name="Too late")

    assert told["refusal"]
    assert answers(case, "place")["name"] == ANSWERS["place"]["name"]
    assert writer.get(page_of(case, "place")).headers["Location"] == case.link


def test_a_section_the_form_does_not_have_is_not_there(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = a_draft(cast, now)

    assert writer.get(page_of(case, "nothing")).status_code == 404
    assert writer.post(page_of(case, "plan", "files/aim/"), **JSON).status_code == 404
    assert writer.get(page_of(case, "plan", "rows/aim/")).status_code == 404


# Files


@pytest.fixture
def papers(cast: Cast, now: dt.datetime) -> Iterator[Case]:
    with registered(PAPERS):
        now = timezone.now()
        given = RoundGiven("papers", "材料", now, now + dt.timedelta(days=9))
        round_ = open_round(prepare_round(given, actor=cast.clerk, now=now), actor=cast.clerk, now=now)
        yield open_case(round_, body=cast.base, actor=cast.base_manager, now=now)


def pdf(name: str = "paper.pdf", content: bytes = b"%PDF-1.4 paper") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_files_that_cant_be_taken_are_said_and_the_others_kept(writer: Client, papers: Case) -> None:
    sent = [
        pdf("good.pdf"),
        pdf("empty.pdf", b""),
        pdf("picture.pdf", b"\x89PNG\r\n\x1a\n"),
        pdf("large.pdf", b"%PDF-1.4" + b"x" * 3000),
    ]

    told = writer.post(page_of(papers, "papers", "files/papers/"), {"papers-new": sent}, **JSON).json()

    assert told["faulty"]
    shown = told["fields"]["papers"]
    assert "good.pdf" in shown
    for name in ("empty.pdf", "picture.pdf", "large.pdf"):
        assert name in shown
    kept = answers(papers, "papers")["papers"]
    assert [str(file.public_id) for file in StoredFile.objects.filter(name="good.pdf")] == kept
    assert Attachment.objects.count() == 1


def test_a_file_is_taken_out_again_without_a_script(writer: Client, papers: Case) -> None:
    address = page_of(papers, "papers")
    writer.post(address, {"base_revision": 0, "papers-sent": "1", "papers-new": [pdf("a.pdf"), pdf("b.pdf")]})
    one, other = answers(papers, "papers")["papers"]

    writer.post(address, {"base_revision": 1, "papers-sent": "1", "papers": [one, other], "papers-remove": [one]})

    assert answers(papers, "papers")["papers"] == [other]


def test_a_file_of_another_case_opens_nothing(writer: Client, papers: Case, cast: Cast, now: dt.datetime) -> None:
    foreign = StoredFile.objects.create(
        kind="cases.attachment", name="secret.pdf", content_type="", size=1, sha256="", path="x", stored_by="other", stored_at=now
    )

    writer.post(page_of(papers, "papers"), {"base_revision": 0, "papers-sent": "1", "papers": [str(foreign.public_id)]})

    assert answers(papers, "papers")["papers"] == []
    assert writer.get(reverse("files:file", args=[foreign.public_id])).status_code == 404
    assert "secret.pdf" not in writer.get(page_of(papers, "papers")).content.decode()


def test_who_reads_the_case_reads_its_files(writer: Client, papers: Case, cast: Cast) -> None:
    writer.post(page_of(papers, "papers"), {"base_revision": 0, "papers-sent": "1", "papers-new": [pdf()]})
    address = reverse("files:file", args=[answers(papers, "papers")["papers"][0]])

    assert cast.client_of("clerk").get(address).status_code == 404
    writer.post(f"{papers.link}submit/", {"sure": "1"})
    assert cast.client_of("clerk").get(address).status_code == 200
    assert cast.client_of("other_hr").get(address).status_code == 404


# Submitting, correcting, withdrawing


def test_submitting_needs_to_be_sure_and_whole(writer: Client, cast: Cast) -> None:
    now = timezone.now()
    case = a_draft(cast, now, filled=False)

    assert writer.post(f"{case.link}submit/").status_code == 422
    incomplete = writer.post(f"{case.link}submit/", {"sure": "1"})
    assert incomplete.status_code == 422
    assert "#field-aim" in incomplete.content.decode()
    for section, given in ANSWERS.items():
        save_draft(case, section=section, answers=given, base_revision=0, actor=cast.base_manager, now=now)
    done = writer.post(f"{case.link}submit/", {"sure": "1"}, follow=True)

    case.refresh_from_db()
    assert case.stage_kind == "check"
    assert str(case.number) in done.content.decode()


def returned(cast: Cast, now: dt.datetime) -> Case:
    case = a_submitted(cast, now)
    remark = FieldRemark("place", "area", "The floor plan says 1100.")
    return return_case(case, reason="Two figures differ.", fields=[remark], actor=cast.clerk, now=now)


def test_in_a_correction_only_what_was_named_can_be_changed(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = returned(cast, now)

    shown = writer.get(page_of(case, "place")).content.decode()
    writer.post(page_of(case, "place"), {"base_revision": 1, "name": "Sneaked in", "area": "1100"})

    assert "The floor plan says 1100." in shown
    assert 'name="area"' in shown
    assert 'name="name"' not in shown
    assert answers(case, "place") == {**ANSWERS["place"], "area": "1100"}
    assert writer.get(page_of(case, "plan", "rows/machines/")).status_code == 403


def test_a_correction_goes_back_to_the_office_and_both_submissions_can_be_compared(
    writer: Client, cast: Cast, now: dt.datetime
) -> None:
    case = returned(cast, now)
    writer.post(page_of(case, "place"), {"base_revision": 1, "area": "1100"})

    writer.post(f"{case.link}submit/", {"sure": "1"})

    changes = cast.client_of("clerk").get(f"{case.link}snapshots/2/changes/").content.decode()
    assert "<del>1200</del>" in changes
    assert "<ins>1100</ins>" in changes
    assert "滴水湖工坊" not in changes.split("<main")[1].split("</main>")[0]


def test_a_withdrawn_application_says_so_and_can_be_begun_anew(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case = withdraw_case(a_submitted(cast, now), actor=cast.base_manager, now=now)

    page = writer.get(case.link).content.decode()

    assert f"{case.link}withdraw/" not in page
    assert writer.get(page_of(case, "place")).headers["Location"] == case.link
    assert writer.get(f"{case.link}review/").headers["Location"] == case.link


def test_a_page_of_the_form_costs_the_same_queries_with_one_row_and_three(writer: Client, cast: Cast, now: dt.datetime) -> None:
    case, costs = a_draft(cast, now), []
    for rows in (1, 2, 3):
        machines = [{"name": f"车床{number}", "count": "1"} for number in range(rows)]
        save_draft(case, section="plan", answers={"machines": machines}, base_revision=rows, actor=cast.base_manager, now=now)
        writer.get(page_of(case, "plan"))
        with CaptureQueriesContext(connection) as queries:
            writer.get(page_of(case, "plan"))
        costs.append(len(queries))

    assert costs[2] == costs[0]
    assert costs[0] <= 20
