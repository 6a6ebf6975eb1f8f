import pytest
from django.urls import reverse

from denggao.foundation.audit.models import Record
from denggao.foundation.standards import coverage
from denggao.foundation.standards.coverage import Covered
from denggao.foundation.standards.models import StandardVersion
from denggao.foundation.standards.teaching import actions
from denggao.foundation.standards.teaching.rules import Item
from tests.foundation.standards.teaching.facts import OPERATOR, a_standard
from tests.foundation.standards.teaching.test_standards import Provider

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _served(monkeypatch):
    monkeypatch.setattr(coverage, "_PROVIDERS", {})
    coverage.register_coverage("test", Provider({"TS-1": {"2.1": [Covered("unit", f"装夹{XSS}", "/courses/1/")]}}))


def test_everybody_signed_in_reads_what_is_in_force(cast, now):
    version = a_standard(now, name_zh=f"车工{XSS}")
    draft = actions.begin_draft(version.standard, actor=OPERATOR, now=now)
    actions.write_standard(
        actions.Given("TS-2", version.standard.occupation, "3", "未公开标准"), [Item("1", "skill", "x")], actor=OPERATOR, now=now
    )
    page = reverse("teaching:standard", args=[version.standard.public_id])

    for part in ("worker", "hr", "auditor", "clerk"):
        client = cast.client_of(part)
        body = client.get(page).content.decode()
        assert "装夹轴类零件" in body or "Clamping shafts" in body
        assert XSS not in body
        office = part in {"auditor", "clerk"}
        assert ("未公开标准" in client.get(reverse("teaching:list")).content.decode()) is office
        assert client.get(page, {"version": draft.number}).status_code == (200 if office else 404)
    gaps = cast.client_of("worker").get(page, {"only": "gaps"}).content.decode()
    assert ('item-1"' in gaps, 'item-2.1"' in gaps) == (True, False)
    matrix = cast.client_of("worker").get(reverse("teaching:matrix")).content.decode()
    assert ">1/4<" in matrix


def test_the_clerk_puts_a_draft_in_force(cast, now):
    version = a_standard(now)
    clerk, at = cast.client_of("clerk"), [version.standard.public_id]
    clerk.post(reverse("teaching:draft", args=at))
    clerk.post(reverse("teaching:item_remove", args=[*at, "2.2"]))
    page = reverse("teaching:put_in_force", args=at)
    assert "2.2" in clerk.get(page).content.decode()
    assert "2.2" in clerk.get(reverse("teaching:changes", args=at)).content.decode()

    assert clerk.post(page, {"from_on": "2999-01-01"}).status_code == 422
    assert clerk.post(page, {"from_on": "2022-10-11"}).status_code == 302

    assert list(StandardVersion.objects.values_list("state", flat=True)) == ["in_force", "retired"]
    assert clerk.post(reverse("teaching:retire", args=at)).status_code == 302
    assert Record.objects.filter(action="standards.teaching.retire").exists()
    clerk.post(reverse("teaching:draft", args=at))
    clerk.post(reverse("teaching:discard", args=at))
    assert not StandardVersion.objects.filter(state="draft").exists()


def test_the_list_asks_no_more_for_more_rows(cast, now, django_assert_max_num_queries):
    a_standard(now)
    client = cast.client_of("clerk")
    client.get(reverse("teaching:list"))
    with django_assert_max_num_queries(40) as one:
        client.get(reverse("teaching:list"))
    for number in range(2, 8):
        a_standard(now, f"TS-{number}")
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("teaching:list"), {"sort": "code"})
    assert client.get(reverse("teaching:list"), {"export": "csv"}).content.decode().count("TS-") == 7


def test_the_api_tells_what_is_in_force(cast, now, client):
    version = a_standard(now)

    found = client.get("/api/v1/standards").json()
    one = client.get(f"/api/v1/standards/{version.standard.public_id}").json()

    assert (found["count"], found["items"][0]["items"], found["items"][0]["served"]) == (1, 4, 1)
    assert [line["code"] for line in one["lines"]] == ["1", "2", "2.1", "2.2", "2.10"]
    assert one["lines"][2]["served_by"][0]["page"] == "/courses/1/"
    assert client.get("/api/v1/standards", {"level": "5"}).json()["count"] == 0
