"""The pages of the certificates: who opens them, how much they read, and what their forms do."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
from django.test import Client

from denggao.engines.credentials.models import Credential, Scan
from denggao.foundation.audit.models import Record
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.queries import identity_index
from denggao.foundation.sheets.judging import context_of, judge_file
from denggao.systems.assessment.actions import register_certificate
from denggao.systems.assessment.models import LevelCertificate
from denggao.systems.assessment.sheets import CertificateSheet
from tests.facts import a_person, a_plan, an_employer, certified, in_post
from tests.systems.assessment.test_sheets import ID, holder_of, texts

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


@pytest.fixture
def clerk(cast) -> Client:
    return cast.client_of("clerk")


def listed(count: int) -> None:
    for at in range(count):
        certified(a_person(f"甲{at}甲"))


@pytest.mark.parametrize("address", ["/certificates/", "/certificates/waiting/"])
def test_a_list_reads_the_same_for_one_row_and_for_three(cast, clerk, django_assert_num_queries, address):
    listed(1)
    Credential.objects.update(holder=None)
    clerk.get(address)
    with django_assert_num_queries(LIST_QUERIES[address]):
        clerk.get(address)
    listed(2)
    Credential.objects.update(holder=None)
    with django_assert_num_queries(LIST_QUERIES[address]):
        assert clerk.get(address).status_code == 200


LIST_QUERIES = {"/certificates/": 13, "/certificates/waiting/": 14}


def test_the_list_is_searched_filtered_and_sorted(cast, clerk):
    one, two = certified(a_person("陈晨")), certified(a_person("王梅"), level="3", issued="2022-01-01")
    two.credential.status = "withdrawn"
    two.credential.withdrawn_at, two.credential.withdrawn_reason = two.credential.registered_at, "误登"
    two.credential.save()

    def shown(query: str) -> set[uuid.UUID]:
        return {item.credential.public_id for item in clerk.get(f"/certificates/?{query}").context["listing"].rows}

    first, second = one.credential.public_id, two.credential.public_id
    assert shown("q=陈") == {first}
    assert shown(f"q={two.credential.number[-6:]}") == {second}
    assert shown("status=withdrawn") == {second}
    assert shown("level=4") == {first}
    assert shown("proof=confirmed") == set()
    assert shown("counted=yes") == set()
    assert shown("open=number") == set()
    assert shown("sort=nonsense&status=nonsense") == {first, second}
    ordered = clerk.get("/certificates/?sort=issued").context["listing"].rows
    assert [item.credential.public_id for item in ordered] == [first, second]


def test_names_and_numbers_are_masked_wherever_they_stand(cast, clerk):
    holder_of(name="欧阳振华")
    certificate = certified(a_person("欧阳振华"))
    Credential.objects.update(document_number=ID, document_kind="resident_id", document_index=identity_index("resident_id", ID))

    pages = [clerk.get(address).content.decode() for address in ("/certificates/", f"/certificates/{certificate.public_id}/")]
    Credential.objects.update(holder=None)
    pages += [
        clerk.get(address).content.decode()
        for address in ("/certificates/waiting/", f"/certificates/{certificate.public_id}/join/")
    ]

    for page in pages:
        assert "欧阳振华" not in page
        assert ID not in page
        assert certificate.credential.number not in page


def test_an_employer_sees_its_own_people_only(cast):
    own, foreign = certified(a_person("甲甲")), certified(a_person("乙乙"))
    in_post(own.credential.holder, cast.employer)
    in_post(foreign.credential.holder, cast.other_employer)
    hr = cast.client_of("hr")

    rows = hr.get("/certificates/").context["listing"].rows

    assert [item.pk for item in rows] == [own.pk]
    assert hr.get(f"/certificates/{own.public_id}/").status_code == 200
    assert hr.get(f"/certificates/{foreign.public_id}/").status_code == 404
    assert hr.get("/certificates/waiting/").status_code == 403
    assert hr.post(f"/certificates/{own.public_id}/whole/", {"reason": "想看"}).status_code == 403
    for act in ("withdraw", "confirm", "number", "occupation", "scan", "join", "part"):
        assert hr.post(f"/certificates/{own.public_id}/{act}/", {"reason": "x"}).status_code == 404


def test_the_page_says_why_a_certificate_counts(cast, clerk):
    plan = a_plan()
    certificate = certified(a_person("陈晨"))
    in_post(certificate.credential.holder, an_employer(plan=plan))

    page = clerk.get(f"/certificates/{certificate.public_id}/?lang=en").content.decode()

    assert "the first raise within the plan" in page


def test_an_export_handed_in_again_is_unchanged(cast, clerk, now):
    holder = holder_of()
    register_certificate(texts(), today=now.date(), actor=cast.clerk, now=now)

    for language in ("zh", "en"):
        content = clerk.get(f"/certificates/?export=xlsx&lang={language}").content
        context = context_of(CertificateSheet(), {}, as_of=now.date(), today=now.date(), actor=cast.clerk)
        judged = judge_file(CertificateSheet(), "back.xlsx", content, context)

        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert holder.name not in [cell.value for row in sheet for cell in row]
        assert [(item.outcome, [str(fault.text) for fault in item.faults]) for item in judged.judgements] == [("unchanged", [])]


def test_the_form_registers_and_tells_faults_at_their_fields(cast, clerk):
    fields = {
        "name": "陈晨",
        "document_number": ID,
        "occupation": "车工",
        "level": "三级/高级工",
        "number": "S000031000001223000001",
    }

    bad = clerk.post("/certificates/new/?lang=en", fields | {"issued_on": "2021-05-03", "theory_score": "59.99"})
    done = clerk.post("/certificates/new/", fields | {"issued_on": "2022-05-03"})
    again = clerk.post("/certificates/new/", fields | {"issued_on": "2022-05-03"}, follow=True)

    assert bad.status_code == 422
    assert set(bad.context["form"].errors) == {"number", "theory_score"}
    assert done.status_code == 302
    assert Credential.objects.count() == 1
    assert [str(message) for message in again.context["messages"]]


def test_an_act_asks_for_its_reason_and_leads_back(cast, clerk):
    certificate = certified(a_person())
    address = f"/certificates/{certificate.public_id}/"

    assert clerk.get(f"{address}withdraw/").status_code == 200
    assert clerk.post(f"{address}withdraw/", {"reason": ""}).status_code == 422
    assert clerk.post(f"{address}withdraw/", {"reason": "误登"}).url == address

    assert Credential.objects.get().status == "withdrawn"
    assert clerk.post(f"{address}withdraw/", {"reason": "再来"}).status_code == 422


def test_number_and_occupation_are_settled_by_form(cast, clerk):
    certificate = certified(a_person())
    LevelCertificate.objects.update(number_shape="other", number_confirmed=False, occupation=None, occupation_text="钳工")
    address = f"/certificates/{certificate.public_id}/"

    clerk.post(f"{address}number/", {"reason": "已核对原件"})
    clerk.post(f"{address}occupation/", {"occupation": "6-20-01-01 装配钳工", "reason": "证书背面写明"})

    certificate = LevelCertificate.objects.select_related("occupation").get()
    assert (certificate.number_confirmed, certificate.occupation.name_zh, certificate.occupation_fixed) == (True, "装配钳工", True)
    assert Record.objects.filter(action="assessment.certificate.set_occupation").count() == 1
    assert clerk.post(f"{address}occupation/", {"occupation": "钳工", "reason": "x"}).status_code == 422

    clerk.post(f"{address}occupation/", {"occupation": "", "reason": "按名称"})

    assert LevelCertificate.objects.get().occupation is None


def test_a_scan_goes_from_hand_to_hand(cast, clerk, settings, tmp_path):
    certificate = certified(a_person())
    address = f"/certificates/{certificate.public_id}/"

    wrong = clerk.post(f"{address}scan/", {"file": io.BytesIO(b"hello")})
    picture = io.BytesIO(PNG)
    picture.name = "scan.png"
    done = clerk.post(f"{address}scan/", {"file": picture})
    scan = Scan.objects.get()

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert clerk.get(f"{address}scan/{scan.public_id}/").status_code == 403
    reviewer = cast.client_of("reviewer")
    assert reviewer.get(f"{address}scan/{scan.public_id}/").status_code == 200
    reviewer.post(f"{address}scan/{scan.public_id}/", {"agrees": "yes"})
    assert Credential.objects.get().proof == "documented"


def test_a_waiting_certificate_is_joined_only_to_those_offered(cast, clerk, now):
    certificate = certified(a_person("陈晨"))
    Credential.objects.update(
        holder=None, document_number=ID, document_kind="resident_id", document_index=identity_index("resident_id", ID)
    )
    namesake = a_person("陈晨")
    namesake.born_on = dt.date(1949, 12, 31)
    namesake.save()
    stranger = a_person("王梅")
    address = f"/certificates/{certificate.public_id}/join/"

    assert clerk.post(address, {"person": str(stranger.public_id), "reason": "x"}).status_code == 422
    assert Credential.objects.get().holder is None
    assert clerk.post(address, {"person": str(namesake.public_id), "reason": "核对了证件"}).status_code == 302
    assert Credential.objects.get().holder == namesake
    assert not IdentityDocument.objects.exists()


def test_reading_whole_shows_once_and_is_recorded(cast, clerk):
    certificate = certified(a_person("陈晨"))
    Credential.objects.update(document_number=ID, document_kind="resident_id")
    address = f"/certificates/{certificate.public_id}/whole/"

    assert clerk.get(address).status_code == 405
    refused = clerk.post(address, {"reason": ""})
    shown = clerk.post(address, {"reason": "到全国平台查询"})

    assert ID not in refused.content.decode()
    assert ID in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert Record.objects.filter(action="credentials.certificate.read_whole").count() == 1
