"""The public pages: what is shown, to whom, and that an objection can be sent from a phone without an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from denggao.engines.notices.actions import object_to, publish_redacted, take_up
from denggao.engines.notices.models import Notice, Objection
from denggao.engines.notices.panels import panel_for
from denggao.engines.notices.views import public
from denggao.foundation.accounts.limits import Limit
from denggao.foundation.audit.actors import visitor
from denggao.foundation.audit.models import Record
from tests.cast import Cast
from tests.engines.notices.conftest import KIND, Told, a_notice, at

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
TEXT = "第一发明人应为班组另一名成员，见登记簿。"


def token_of(client: Client, address: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def filled(client: Client, notice: Notice, **more: Any) -> dict[str, Any]:
    token = token_of(client, f"/notices/{notice.public_id}/object/")
    return {"token": token, "item": "whole", "text": TEXT, "kind": "named", "name": "马知遥", "contact": "021-5555 0000", **more}


def send(client: Client, notice: Notice, given: dict[str, Any]) -> Any:
    return client.post(f"/notices/{notice.public_id}/object/?lang=en", given)


def an_objection(notice: Notice, **more: Any) -> Objection:
    given = {"kind": "named", "name": "马知遥", "contact": "021-5555 0000", "text": TEXT, **more}
    return object_to(notice, notice.items.all()[0], **given, actor=visitor("web"), now=timezone.now()).objection


def test_every_page_opens(told: Told, cast: Cast) -> None:
    notice = a_notice(timezone.now())
    objection = an_objection(notice)
    clerk = cast.client_of("clerk")
    base = f"/notices/{notice.public_id}/"
    for address in (
        "/notices/", "/notices/?state=ended", "/notices/?q=zzz", "/notices/feed/", "/notices/follow/", base, f"{base}object/",
        f"{base}proof/", f"{base}proof/1/", f"{base}proof/1.json",
    ):  # fmt: skip
        for language in ("zh", "en"):
            both = f"{address}{'&' if '?' in address else '?'}lang={language}"
            assert Client().get(both, follow=True).status_code == 200, both
    for address in (
        "/notices/objections/", "/notices/objections/?open=no", "/notices/objections/?q=zz", f"{base}manage/", f"{base}extend/",
        f"/notices/objections/{objection.public_id}/", "/desk/",
    ):  # fmt: skip
        assert clerk.get(address).status_code == 200, address


def test_a_visitor_sends_an_objection_and_reads_its_receipt(told: Told) -> None:
    notice, client = a_notice(timezone.now()), Client()

    sent = send(client, notice, filled(client, notice, attached=SimpleUploadedFile("登记簿.png", PNG)))

    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    code = sent["Location"].rstrip("/").rsplit("/", 1)[-1]
    assert code in page
    # Neither who nor what: whoever finds the code learns nothing of it.
    assert "马知遥" not in page and TEXT not in page and "5555" not in page  # noqa: PT018 -- one thing said of a page
    assert Objection.objects.get().files.count() == 1
    followed = client.post("/notices/follow/", {"receipt": code.lower().replace("-", "")})
    assert followed["Location"] == sent["Location"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [("空.pdf", b"", "0 bytes"), ("表.docx", b"PK\x03\x04rest", "no PDF, PNG or JPEG"), ("照片.pdf", PNG, "does not fit")],
    ids=["empty", "office", "wrong ending"],
)
def test_what_was_written_survives_a_refused_file(told: Told, name: str, data: bytes, said: str) -> None:
    notice, client = a_notice(timezone.now()), Client()
    given = filled(client, notice, attached=[SimpleUploadedFile("好.png", PNG), SimpleUploadedFile(name, data)], kind="protected")

    refused = send(client, notice, given)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert said in page and name in page  # noqa: PT018 -- one thing said of a page
    assert TEXT in page and "马知遥" in page and "021-5555 0000" in page  # noqa: PT018 -- one thing said of a page
    assert re.search(r'value="protected"[^>]*checked', page)
    assert Objection.objects.count() == 0
    # The same form goes through once the file is right.
    again = send(client, notice, {**given, "attached": SimpleUploadedFile("好.png", PNG), "token": _token_in(page)})
    assert again.status_code == 302


def _token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_double_click_sends_one_objection_with_one_receipt(told: Told) -> None:
    notice, client = a_notice(timezone.now()), Client()
    given = filled(client, notice)

    first, second = send(client, notice, given), send(client, notice, given)

    assert first["Location"] == second["Location"]
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("more", [{"homepage": "http://spam.example"}, {"token": "made up"}, {"token": ""}])
def test_a_machine_is_turned_away_with_a_sentence(told: Told, more: dict[str, str]) -> None:
    notice, client = a_notice(timezone.now()), Client()

    refused = send(client, notice, filled(client, notice, **more))

    assert refused.status_code == 422
    assert TEXT in refused.content.decode()
    assert Objection.objects.count() == 0


def test_too_many_from_one_place_wait_and_keep_what_they_wrote(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "OBJECT", Limit("objection", 1, 3600))
    notice, client = a_notice(timezone.now()), Client()
    send(client, notice, filled(client, notice))

    refused = send(client, notice, filled(client, notice))

    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert TEXT in refused.content.decode()
    assert Objection.objects.count() == 1


def test_after_its_end_a_notice_says_so_and_takes_nothing(told: Told) -> None:
    notice = a_notice(at("2022-10-08 09:00"))

    page = Client().get(f"/notices/{notice.public_id}/object/?lang=en", follow=True)
    posted = Client().post(f"/notices/{notice.public_id}/object/", {"text": TEXT})

    assert "2022-10-12 at 24:00" in page.content.decode()
    assert posted.status_code == 409
    assert Objection.objects.count() == 0


def test_the_public_reads_neither_original_nor_objector(told: Told, cast: Cast) -> None:
    notice = a_notice(timezone.now())
    objection = an_objection(notice)
    base = f"/notices/{notice.public_id}/"
    pages = [base, f"{base}proof/", "/notices/", "/notices/feed/", f"{base}proof/1.json"]

    before = "".join(Client().get(page).content.decode() for page in pages)
    publish_redacted(objection, "第一发明人应为▇▇。", actor=cast.clerk, now=timezone.now())
    after = "".join(Client().get(page).content.decode() for page in [*pages, f"{base}proof/2.json"])

    assert "登记簿" not in before + after
    assert "马知遥" not in before + after
    assert "▇▇" not in before
    assert "▇▇" in after


def test_the_feed_is_read_again_only_when_something_changed(told: Told) -> None:
    a_notice(timezone.now())
    first = Client().get("/notices/feed/")

    assert Client().get("/notices/feed/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    a_notice(timezone.now())
    assert Client().get("/notices/feed/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert first["Content-Type"].startswith("application/rss+xml")


def test_a_reading_of_the_identity_is_recorded_before_it_is_shown(told: Told, cast: Cast) -> None:
    objection = an_objection(a_notice(timezone.now()), kind="protected")
    address = f"/notices/objections/{objection.public_id}/identity/"
    assert cast.client_of("reviewer").get(address).status_code == 403
    take_up(objection, actor=cast.clerk, now=timezone.now())
    clerk = cast.client_of("clerk")

    asked, without, read = clerk.get(address), clerk.post(address, {"purpose": ""}), clerk.post(address, {"purpose": "电话核实"})

    assert "马知遥" not in asked.content.decode() + without.content.decode()
    assert (without.status_code, read.status_code) == (422, 200)
    assert "马知遥" in read.content.decode()
    assert Record.objects.filter(action="audit.reading").count() == 1


def test_the_office_goes_its_way_through_the_pages(told: Told, cast: Cast) -> None:
    notice = a_notice(timezone.now(), "程**")
    objection = an_objection(notice)
    base = f"/notices/objections/{objection.public_id}/"
    clerk, reviewer = cast.client_of("clerk"), cast.client_of("reviewer")

    assert clerk.post(f"{base}take-up/", {}).status_code == 302
    assert clerk.post(f"{base}note/", {"text": "已调取登记簿。"}).status_code == 302
    assert clerk.post(f"{base}redact/", {"text": "马知遥所说"}).status_code == 422
    assert clerk.post(f"{base}redact/", {"text": "▇▇所说"}).status_code == 302
    assert clerk.get(f"{base}rule/").status_code == 403
    assert reviewer.post(f"{base}rule/", {"outcome": "send_back", "reason": ""}).status_code == 422
    assert reviewer.post(f"{base}rule/", {"outcome": "send_back", "reason": "经核实，异议成立。"}).status_code == 302

    assert ("upheld", notice.items.get().subject_id, "send_back") in told.lines
    again = reviewer.post(f"{base}rule/?lang=en", {"outcome": "none", "reason": "另一结论"})
    assert again.status_code == 422
    assert "meanwhile" in again.content.decode()


def test_extending_and_taking_off_through_the_pages(told: Told, cast: Cast) -> None:
    notice = a_notice(timezone.now())
    base, clerk = f"/notices/{notice.public_id}/", cast.client_of("clerk")

    assert clerk.post(f"{base}extend/", {"days": "40", "reason": "补充材料"}).status_code == 422
    assert clerk.post(f"{base}extend/", {"days": "3", "reason": "补充材料"}).status_code == 302
    assert clerk.post(f"{base}items/{notice.items.all()[0].public_id}/drop/", {"reason": "本人申请"}).status_code == 302

    notice.refresh_from_db()
    assert notice.extended_days == 3
    assert [line[0] for line in told.lines] == ["dropped"]


@pytest.mark.parametrize(("address", "part"), [("/notices/", "visitor"), ("/notices/objections/", "reviewer")])
def test_lists_ask_as_much_for_three_as_for_one(
    told: Told, cast: Cast, django_assert_num_queries: Any, address: str, part: str
) -> None:
    an_objection(a_notice(timezone.now()))
    client = cast.client_of(part)
    client.get(address)
    with CaptureQueriesContext(connection) as for_one:
        client.get(address)
    for _ in range(2):
        an_objection(a_notice(timezone.now()))
    with django_assert_num_queries(len(for_one)):
        client.get(address)


def test_the_panel_tells_the_office_more_than_the_applicant(told: Told, cast: Cast) -> None:
    notice = a_notice(timezone.now(), "程**")
    subject_id = notice.items.get().subject_id
    objection = an_objection(notice)
    today = timezone.localdate()

    office = panel_for(cast.reviewer, KIND, subject_id, today=today)
    applicant = panel_for(cast.hr, KIND, subject_id, today=today)

    assert office is not None
    assert applicant is not None
    assert [row["objection"] for row in office.context["rows"]] == [objection]
    assert applicant.context["rows"] == []
    assert applicant.context["found"].open_objections == 1
    assert panel_for(cast.reviewer, "nothing", subject_id) is None


def test_the_desk_counts_what_waits(told: Told, cast: Cast) -> None:
    objection = an_objection(a_notice(timezone.now()))
    told.hidden[cast.clerk.id] = {objection.item.subject_id} if objection.item else set()

    for part, count in (("reviewer", 1), ("clerk", 0)):
        page = cast.client_of(part).get("/notices/objections/?lang=en", follow=True).content.decode()
        assert page.count(f"/notices/objections/{objection.public_id}/") == count
