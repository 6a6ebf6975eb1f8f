"""The paper of what is issued: made by a job that may run twice, made anew when renewed, read by whom it belongs to."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from denggao.engines.credentials import tasks
from denggao.engines.credentials.actions import PaperMoot, keep_paper, renew_issued, withdraw_issued
from denggao.engines.credentials.models import Issued
from denggao.engines.credentials.paper import paper_of
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Actor, system, visitor
from denggao.foundation.audit.models import Record
from denggao.foundation.documents import rendering
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_read_file
from denggao.foundation.files.queries import open_file
from denggao.foundation.jobs import work
from denggao.foundation.jobs.models import Job
from tests.cast import Cast
from tests.engines.credentials.issuing import OFFICE, THREE, issued, letter_order, plaque_order
from tests.facts import NOW, a_person, an_employer

pytestmark = pytest.mark.django_db


class Line:
    """A job's line to the outside."""

    actor: Actor = system("test")

    def now(self) -> dt.datetime:
        return NOW

    def __call__(self, done: int, total: int = 0, text: str = "") -> None:
        pass


def made(item: Issued) -> Issued:
    tasks.make_paper({"issued": str(item.public_id)}, Line())
    item.refresh_from_db()
    return item


def text_of(item: Issued) -> str:
    assert item.pdf is not None
    with open_file(item.pdf) as kept:
        read = pypdf.PdfReader(io.BytesIO(kept.read()))
    return "".join(page.extract_text() for page in read.pages).replace("\n", "")


def test_a_plaque_prints_its_three_granting_bodies_number_term_and_day() -> None:
    item = made(issued(plaque_order(an_employer("翎川航空制造培训中心"))))

    text = text_of(item)
    for said in (
        *(body["zh"] for body in THREE), *(body["en"] for body in THREE), "产业实训基地", "翎川航空制造培训中心", "联合授牌",
        "DG-B-001", "2022年6月18日", "2025年6月17日", "二〇二二年十月十日", "Industrial Training Base",
    ):  # fmt: skip
        assert said.replace(" ", "") in text.replace(" ", ""), said


def test_a_letter_prints_its_person_role_and_term() -> None:
    text = text_of(made(issued(letter_order(a_person("欧阳明强")))))

    for said in ("聘书", "欧阳明强", "特聘导师", "翎川航空制造培训中心", "2022年9月1日", "2023年8月31日", "DG-P-2022-0001"):
        assert said in text.replace(" ", ""), said


@pytest.mark.parametrize("bodies", [1, 2, 3, 4, 5, 6])
def test_long_names_and_many_bodies_stay_on_one_page(bodies: int) -> None:
    long = {"zh": "中国（上海）自由贸易试验区临港新片区管理委员会社会事业发展与人才服务处", "en": "Office " * 12, "code": ""}
    item = issued(
        plaque_order(
            an_employer("上海临港新片区航空航天高端装备制造与集成电路产业技能人才培训中心有限公司"),
            granters=[long] * bodies,
            title_zh="高技能人才培养与产业工人技能提升联合实训示范基地",
            title_en="Joint Demonstration Base for Training Highly Skilled Personnel in the New Area",
            valid_until=None,
        )
    )

    pdf = pypdf.PdfReader(io.BytesIO(paper_of(item)))

    assert len(pdf.pages) == 1
    assert "长期" in pdf.pages[0].extract_text()


def test_the_job_asked_for_makes_the_paper() -> None:
    item = issued(plaque_order(an_employer()))

    work.drain()

    item.refresh_from_db()
    assert Job.objects.get(code="credentials.pdf").state == "done"
    assert item.has_current_pdf


def test_a_job_that_runs_twice_keeps_one_paper() -> None:
    item = made(issued(plaque_order(an_employer())))
    first = item.pdf_id

    made(item)

    assert item.pdf_id == first
    assert StoredFile.objects.count() == 1
    assert Record.objects.filter(action="credentials.issued.keep_paper").count() == 1


def test_of_two_workers_at_the_same_paper_the_second_leaves_nothing_behind() -> None:
    item = issued(plaque_order(an_employer()))
    pdf = paper_of(item)
    keep_paper(item, pdf, content=item.content_hash, actor=OFFICE, now=NOW)

    with pytest.raises(PaperMoot):
        keep_paper(item, pdf, content=item.content_hash, actor=OFFICE, now=NOW)

    assert StoredFile.objects.count() == 1


def test_a_paper_of_what_was_renewed_meanwhile_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    item = issued(plaque_order(an_employer()))

    def slow(given: Issued) -> bytes:
        renew_issued(Issued.objects.get(pk=given.pk), valid_until=dt.date(2028, 6, 17), actor=OFFICE, now=NOW)
        return paper_of(given)

    with monkeypatch.context() as patched:
        patched.setattr(tasks, "paper_of", slow)
        made(item)
    assert not item.has_current_pdf
    assert not StoredFile.objects.exists()

    made(item)

    assert "2028年6月17日" in text_of(item)


def test_a_renewal_makes_the_paper_anew_and_erases_the_old_one() -> None:
    item = made(issued(plaque_order(an_employer())))
    old = StoredFile.objects.get()

    renew_issued(item, valid_until=dt.date(2028, 6, 17), actor=OFFICE, now=NOW)
    assert not item.has_current_pdf
    made(item)

    old.refresh_from_db()
    assert item.has_current_pdf
    assert item.pdf_id != old.pk
    assert old.erased_at == NOW
    assert "2028年6月17日" in text_of(item)


def test_a_name_no_font_can_draw_fails_with_a_sentence_and_is_tried_again_with_a_font(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FONTS_DIR = tmp_path
    item = issued(letter_order(a_person("𠮷野")))

    work.drain()
    job = Job.objects.get(code="credentials.pdf")
    assert job.state == "failed"
    assert "𠮷" in job.error
    assert str(tmp_path) in job.error
    monkeypatch.setattr(rendering, "render", lambda *_args, **_given: b"%PDF-1.7\nwith the font")
    made(item)

    assert item.has_current_pdf


def test_a_visitor_keeps_no_paper() -> None:
    item = issued(plaque_order(an_employer()))

    with pytest.raises(NotAllowed):
        keep_paper(item, b"%PDF-1.7", content=item.content_hash, actor=visitor(), now=NOW)


# Who reads it


def status_of(client: Client, where: str) -> int:
    answer = client.get(where)
    if answer.streaming:
        answer.getvalue()
    return answer.status_code


def test_a_standing_plaque_is_anyones_to_download_and_to_see(cast: Cast) -> None:
    item = made(issued(plaque_order(cast.base, valid_until=None)))

    answer = Client().get(f"/credentials/{item.public_id}/pdf/")
    picture = Client().get(f"/credentials/{item.public_id}/pages/1.png")

    assert answer.getvalue().startswith(b"%PDF-1.7")
    assert "DG-B-001.pdf" in answer["Content-Disposition"]
    assert picture.content.startswith(b"\x89PNG")
    assert f"/credentials/{item.public_id}/pages/1.png" in Client().get(f"/credentials/{item.public_id}/pages/").content.decode()
    assert Client().get(f"/credentials/{item.public_id}/pages/2.png").status_code == 404
    assert Client().get(f"/credentials/{item.public_id}/pages/0.png").status_code == 404


@pytest.mark.parametrize("address", ["pdf/", "pages/", "pages/1.png"])
def test_a_plaque_that_no_longer_stands_is_handed_out_to_its_holder_and_the_office_alone(cast: Cast, address: str) -> None:
    item = made(issued(plaque_order(cast.base, valid_until=None)))
    withdraw_issued(item, reason="x", actor=OFFICE, now=NOW)
    where = f"/credentials/{item.public_id}/{address}"

    statuses = {part: status_of(cast.client_of(part), where) for part in ("visitor", "hr", "base_manager", "clerk")}

    assert statuses == {"visitor": 404, "hr": 404, "base_manager": 200, "clerk": 200}


def test_a_letter_is_its_holders_and_others_of_the_office_say_what_for(cast: Cast) -> None:
    item = made(issued(letter_order(cast.worker_person)))
    where = f"/credentials/{item.public_id}/pdf/"

    assert cast.client_of("worker").get(where).getvalue().startswith(b"%PDF")
    for part in ("visitor", "hr", "base_manager", "authority"):
        assert cast.client_of(part).get(where).status_code == 404
        assert cast.client_of(part).post(where, {"purpose": "x"}).status_code == 404
    clerk = cast.client_of("clerk")
    asked = clerk.get(where)
    assert cast.worker_person.name not in asked.content.decode()
    assert clerk.post(where, {"purpose": " "}).status_code == 422
    assert not Record.objects.filter(action="audit.reading").exists()
    assert clerk.get(f"/credentials/{item.public_id}/pages/").status_code == 302
    assert clerk.get(f"/credentials/{item.public_id}/pages/1.png").status_code == 404

    assert clerk.post(where, {"purpose": "核对聘期"}).getvalue().startswith(b"%PDF")

    record = Record.objects.get(action="audit.reading")
    assert record.after is not None
    assert record.after["purpose"] == "核对聘期"
    assert record.object_text == item.number


def test_the_file_itself_keeps_to_the_same_rules(cast: Cast) -> None:
    plaque, letter = made(issued(plaque_order(cast.base, valid_until=None))), made(issued(letter_order(cast.worker_person)))
    assert plaque.pdf is not None
    assert letter.pdf is not None

    assert {part for part in ("visitor", "hr", "worker", "clerk") if can_read_file(getattr(cast, part), plaque.pdf)} == {
        "visitor", "hr", "worker", "clerk",
    }  # fmt: skip
    assert {part for part in ("visitor", "hr", "worker", "clerk") if can_read_file(getattr(cast, part), letter.pdf)} == {
        "worker", "clerk",
    }  # fmt: skip


def test_a_paper_under_way_is_asked_for_again_later(cast: Cast) -> None:
    item = issued(plaque_order(cast.base, valid_until=None))

    for address in ("pdf/", "pages/"):
        page = Client().get(f"/credentials/{item.public_id}/{address}?lang=en")
        assert page.status_code == 404
        assert "being made" in page.content.decode()


def test_the_bytes_lie_encrypted() -> None:
    item = made(issued(plaque_order(an_employer())))
    assert item.pdf is not None

    with default_storage.open(item.pdf.path) as raw:
        assert b"%PDF" not in raw.read()
