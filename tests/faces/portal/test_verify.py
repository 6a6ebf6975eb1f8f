"""Anyone verifies a certificate, and learns no more than is needed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from denggao.engines.credentials.actions import withdraw_issued
from denggao.engines.credentials.models import Credential
from denggao.foundation.accounts.limits import VERIFY
from tests.engines.credentials.issuing import OFFICE, issued, letter_order, plaque_order
from tests.facts import NOW, a_person, an_employer, certified

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate() -> Credential:
    return certified(a_person("欧阳明强")).credential


def answer(client: Client, number: str, name: str, status: int = 200) -> str:
    response = client.post("/verify/", {"number": number, "name": name})
    assert response.status_code == status
    return response.content.decode()


def test_a_valid_certificate_shows_the_masked_minimum(client: Client, certificate: Credential) -> None:
    page = answer(client, certificate.number.lower(), "欧阳 明强")

    assert "证书真实有效" in page
    assert "欧阳**" in page
    assert "明强" not in page
    assert certificate.number not in page


def test_a_withdrawn_certificate_says_so(client: Client, certificate: Credential) -> None:
    Credential.objects.update(status="withdrawn", withdrawn_at=NOW, withdrawn_reason="for our eyes only")

    page = answer(client, certificate.number, "欧阳明强")

    assert "证书已撤销" in page
    assert "for our eyes only" not in page


def test_a_wrong_number_and_a_wrong_name_give_the_same_page(client: Client, certificate: Credential) -> None:
    wrong = [answer(client, "S000031000000000000000", "欧阳明强"), answer(client, certificate.number, "欧阳明")]

    first, second = (re.sub(r"\d\d:\d\d:\d\d|csrfmiddlewaretoken\" value=\"\w+", "", page) for page in wrong)
    assert first == second
    assert "没有查到" in first


@pytest.mark.parametrize(("number", "name", "label"), [("", "陈晨", "请填写证书上印的编号"), ("S1", "", "请填写证书上的全名")])
def test_both_are_asked_for_beside_the_field(client: Client, number: str, name: str, label: str) -> None:
    assert label in answer(client, number, name, 422)


def test_a_qr_code_fills_the_number_in(client: Client) -> None:
    page = client.get("/verify/?number=S000031200001223000001").content.decode()

    assert 'value="S000031200001223000001"' in page


def test_questions_are_limited_and_what_was_typed_is_kept(client: Client, certificate: Credential) -> None:
    for _try in range(VERIFY.amount):
        answer(client, "S1", "陈晨")

    response = client.post("/verify/", {"number": certificate.number, "name": "欧阳明强"})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert certificate.number in response.content.decode()
    assert "证书真实有效" not in response.content.decode()


def test_nothing_asked_stands_in_an_address(client: Client, certificate: Credential) -> None:
    page = client.get("/verify/", {"number": certificate.number, "name": "欧阳明强"}).content.decode()

    assert "证书真实有效" not in page
    assert 'method="post"' in page


# What the platform itself issues


def test_a_plaque_is_found_by_its_number_and_its_body_in_either_spelling(client: Client) -> None:
    body = an_employer("翎川航空制造培训中心", name_en="Lingchuan Aviation Training Centre")
    item = issued(plaque_order(body, valid_until=None))

    for name in ("翎川航空制造培训中心", "翎川航空 制造培训中心", "lingchuan aviation training centre"):
        page = answer(client, f" {item.number.lower()}", name)
        assert "上海市人力资源和社会保障局" in page
        assert f"/credentials/{item.public_id}/" in page


def test_a_letter_is_found_by_the_whole_name_and_shows_a_masked_one(client: Client) -> None:
    item = issued(letter_order(a_person("欧阳明强"), valid_until=None))

    page = answer(client, item.number, "欧阳明强")

    assert "欧阳**" in page
    assert "明强" not in page
    assert "欧阳**" not in answer(client, item.number, "欧阳明")


def test_a_withdrawn_plaque_tells_since_when_and_the_class_of_the_reason_alone(client: Client) -> None:
    item = issued(plaque_order(an_employer(), valid_until=None))
    withdraw_issued(item, reason="for our eyes only", reason_class="appraisal", actor=OFFICE, now=NOW)

    page = answer(client, item.number, "沧屿微电子")

    assert "dg-vr-h crimson" in page
    assert "2022年10月10日" in page
    assert "for our eyes only" not in page


def test_a_wrong_number_and_a_wrong_name_of_a_plaque_are_told_alike(client: Client) -> None:
    item = issued(plaque_order(an_employer()))

    wrong = [answer(client, "LG-B-99", "沧屿微电子"), answer(client, item.number, "沧屿微电")]

    pages = {re.sub(r"\d\d:\d\d:\d\d|csrfmiddlewaretoken\" value=\"\w+", "", page) for page in wrong}
    assert len(pages) == 1
