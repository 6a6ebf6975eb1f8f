"""A submission as a document: what stands in it, who gets it, and what is recorded of that."""

from __future__ import annotations

import io
import re

import pypdf

from denggao.engines.cases.models import Snapshot
from denggao.foundation.audit.models import Record
from tests.cast import Cast
from tests.engines.cases.procedures import a_submitted


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s|\u200b", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def test_a_submission_is_a_document_with_its_answers_and_hash(cast: Cast, now) -> None:
    case = a_submitted(cast, now)
    frozen = Snapshot.objects.get()
    address = f"{case.link}snapshots/1/pdf/"
    applicant = cast.client_of("base_manager")

    answer = applicant.get(address)
    again = applicant.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert f"{case.number}-1.pdf" in answer["Content-Disposition"]
    assert answer.content == again.content
    told = text_of(answer.content)
    for expected in ("滴水湖工坊", case.number, frozen.content_hash, f"{case.link}snapshots/1/"):
        assert str(expected) in told, expected
    assert address in applicant.get(f"{case.link}snapshots/1/").content.decode()
    assert not Record.objects.filter(action="audit.reading").exists()


def test_the_office_says_what_for_and_it_is_recorded_and_others_get_nothing(cast: Cast, now) -> None:
    case = a_submitted(cast, now)
    address = f"{case.link}snapshots/1/pdf/"
    clerk = cast.client_of("clerk")

    asked = clerk.get(address)
    empty = clerk.post(address, {"purpose": " "})
    assert not Record.objects.filter(action="audit.reading").exists()
    given = clerk.post(address, {"purpose": "专家评审会前准备"})

    assert (asked.status_code, empty.status_code, given["Content-Type"]) == (200, 422, "application/pdf")
    record = Record.objects.get(action="audit.reading")
    assert record.actor_id == cast.clerk.id
    assert record.after["purpose"] == "专家评审会前准备"
    for who in ("hr", "expert", "worker", "authority"):
        assert cast.client_of(who).post(address, {"purpose": "x"}).status_code == 404
