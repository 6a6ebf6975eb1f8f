"""The pages of studios: what each shows to whom, whose name, what a form refuses, how many queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from denggao.foundation.files.models import StoredFile
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios.models import Alliance, AllianceMembership, Project, Result, Studio, StudioAct, Visit
from tests.facts import in_post
from tests.systems.craftsmen.studios.facts import PDF, a_bare_studio, a_craftsman, a_studio

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8"
    b"\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def studio(cast):
    return a_studio(cast, a_craftsman(cast))


def english(cast, part):
    client = cast.client_of(part)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def page(cast, part, address, **query):
    response = english(cast, part).get(address, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(cast, part, address, **data):
    return english(cast, part).post(address, data)


def file_of(studio):
    return f"/craftsmen/studios/{studio.public_id}/"


# As everybody sees it


def test_everybody_reads_what_the_studio_is_and_did_and_no_name_that_was_not_agreed(cast, studio, now):
    learner = studio.members.get(role="learner")
    learner.confirmed_at = now
    learner.save()
    Project.objects.create(studio=studio, kind="innovation", title="自适应磨削", from_on=studio.named_on, created_at=now)
    for title, state in (("快换夹具", "confirmed"), ("未经确认的成果", "reported")):
        Result.objects.create(
            studio=studio, kind="patent", title=title, on=studio.named_on, number="ZL1", state=state, reported_by="a", reported_at=now,
            decided_by="b" if state == "confirmed" else "", decided_at=now if state == "confirmed" else None,
        )  # fmt: skip

    shown = page(cast, "visitor", f"/studios/{studio.public_id}/")

    assert "周启明" in shown
    assert "许*" in shown
    assert "许星野" not in shown
    assert "快换夹具" in shown
    assert "未经确认的成果" not in shown
    assert "LG-S-001" in shown
    assert 'href="/hall/"' in shown
    learner.is_public = True
    learner.save()
    assert "许星野" in page(cast, "visitor", f"/studios/{studio.public_id}/")


def test_a_leader_who_lost_the_title_is_masked_and_the_state_is_told(cast):
    studio = a_studio(cast, studio={"name_zh": "叶片工匠工作室", "name_en": "Blades"})
    Craftsman.objects.update(state="revoked", ended_on=dt.date(2022, 10, 10))
    Studio.objects.update(state="suspended")

    shown = page(cast, "visitor", f"/studios/{studio.public_id}/")

    assert "周启明" not in shown
    assert "suspended" in shown


def test_the_list_shows_those_in_force_and_finds_former_ones(cast, studio):
    assert studio.name_en in page(cast, "visitor", "/studios/")
    Studio.objects.update(state="unnamed", ended_on=dt.date(2022, 10, 10))
    assert studio.name_en not in page(cast, "visitor", "/studios/")
    assert studio.name_en in page(cast, "visitor", "/studios/", state="ended")
    exported = cast.client_of("visitor").get("/studios/?state=all&export=csv").content.decode("utf-8-sig")
    assert studio.name_zh in exported


def test_an_empty_list_says_when_something_appears(cast):
    assert "on the day it is named" in page(cast, "visitor", "/studios/")
    assert "No studio yet" in page(cast, "clerk", "/craftsmen/studios/")


# As it is kept


def test_each_sees_the_own_studios_alone(cast, studio):
    for part in ("hr", "clerk", "auditor"):
        assert studio.name_en in page(cast, part, "/craftsmen/studios/")
    for part in ("other_hr", "base_manager"):
        assert studio.name_en not in page(cast, part, "/craftsmen/studios/")
        assert cast.client_of(part).get(file_of(studio)).status_code == 404
    assert cast.client_of("worker").get("/craftsmen/studios/").status_code == 403
    assert cast.client_of("visitor").get(file_of(studio)).status_code == 302


def test_a_member_sees_the_studio_without_what_is_the_employers(cast, studio, now):
    in_post(cast.worker_person, cast.employer)
    post(cast, "hr", f"{file_of(studio)}members/", name=cast.worker_person.name, role="member")
    Result.objects.create(studio=studio, kind="award", title="未经确认的成果", on=studio.named_on, reported_by="a", reported_at=now)

    shown = page(cast, "worker", file_of(studio))

    assert "未经确认的成果" not in shown
    assert "许星野" not in shown
    assert "/results/" not in shown
    assert "未经确认的成果" in page(cast, "hr", file_of(studio))


def test_a_person_answers_on_the_own_page(cast, studio):
    in_post(cast.worker_person, cast.employer)
    assert post(cast, "hr", f"{file_of(studio)}members/", name="周小登", role="member").status_code == 302
    member = studio.members.get(person=cast.worker_person)
    at = f"/craftsmen/studios/members/{member.public_id}/"
    assert cast.client_of("other_hr").get(at).status_code == 404
    assert cast.client_of("hr").get(at).status_code == 403

    assert post(cast, "worker", at, is_public="on").status_code == 302

    member.refresh_from_db()
    assert member.is_public
    assert post(cast, "worker", f"{at}end/", reason="调岗。").status_code == 302
    member.refresh_from_db()
    assert member.to_on is not None


def test_who_is_not_in_the_roster_is_refused_with_a_sentence(cast, studio):
    response = post(cast, "hr", f"{file_of(studio)}members/", name="外来人", role="member")

    assert response.status_code == 422
    assert "nobody of this name" in response.content.decode()


def test_projects_results_and_visits_are_entered_on_their_pages(cast, studio):
    day = studio.named_on.isoformat()
    assert post(cast, "hr", f"{file_of(studio)}projects/", kind="innovation", title="磨削", from_on=day).status_code == 302
    proof = SimpleUploadedFile("证书.pdf", PDF, "application/pdf")
    response = post(cast, "hr", f"{file_of(studio)}results/", kind="patent", title="夹具", on=day, number="ZL1", proof=proof)
    assert response.status_code == 302, response.content.decode()[-2000:]
    photos = [SimpleUploadedFile(f"{number}.png", PNG, "image/png") for number in (1, 2)]
    assert post(cast, "hr", f"{file_of(studio)}visits/", on=day, visitors="电机学院", people="24", photos=photos).status_code == 302

    result, visit = Result.objects.get(), Visit.objects.get()
    assert visit.photos.count() == 2
    stored = StoredFile.objects.get(kind="studios.evidence")
    assert cast.client_of("hr").get(f"/files/{stored.public_id}/").status_code == 200
    for part in ("other_hr", "worker", "base_manager"):
        assert cast.client_of(part).get(f"/files/{stored.public_id}/").status_code == 404
        assert cast.client_of(part).get(f"/files/{visit.photos.first().file.public_id}/").status_code == 404
    assert post(cast, "clerk", f"/craftsmen/studios/results/{result.public_id}/", confirmed="yes").status_code == 302
    assert "夹具" in page(cast, "visitor", f"/studios/{studio.public_id}/")
    assert "夹具" in page(cast, "hr", f"{file_of(studio)}numbers/patents/")
    project = Project.objects.get()
    assert post(cast, "hr", f"/craftsmen/studios/projects/{project.public_id}/end/", finished="yes", on=day).status_code == 302


def test_a_file_of_the_wrong_kind_is_refused_and_nothing_is_kept(cast, studio):
    bad = SimpleUploadedFile("证书.pdf", b"MZ\x90 not a pdf", "application/pdf")
    data = {"kind": "award", "title": "金奖", "on": studio.named_on.isoformat(), "proof": bad}

    assert post(cast, "hr", f"{file_of(studio)}results/", **data).status_code == 422
    assert not Result.objects.exists()
    assert not StoredFile.objects.filter(kind="studios.evidence").exists()


# Acts


def test_an_act_is_proposed_and_confirmed_by_another_and_weighed_by_the_office_alone(cast, studio):
    assert post(cast, "clerk", f"{file_of(studio)}acts/suspend/", grounds="idle", reason="内部研判意见").status_code == 302
    act = StudioAct.objects.get()
    assert "内部研判意见" in page(cast, "auditor", file_of(studio))
    assert "内部研判意见" not in page(cast, "hr", file_of(studio))
    assert cast.client_of("hr").get(f"/craftsmen/studios/acts/{act.public_id}/").status_code == 404

    assert post(cast, "approver", f"/craftsmen/studios/acts/{act.public_id}/confirm/").status_code == 302

    studio.refresh_from_db()
    assert studio.state == "suspended"
    assert "内部研判意见" in page(cast, "hr", file_of(studio))


def test_another_leader_is_chosen_among_the_employers_free_craftsmen(cast, studio):
    other = a_craftsman(cast, "沈听澜")
    shown = page(cast, "clerk", f"{file_of(studio)}acts/lead/")
    assert "沈听澜" in shown
    assert "周启明 ·" not in shown

    response = post(cast, "clerk", f"{file_of(studio)}acts/lead/", leader=str(other.public_id), grounds="request", reason="换人。")

    assert response.status_code == 302
    assert StudioAct.objects.get().leader == other


def test_a_naming_document_is_recorded_on_its_page(cast, studio):
    call = studio.case.round
    data = {"round": call.pk, "number": "沪临工〔2022〕20号", "title": "通知", "issued_on": "2022-10-10"}

    assert post(cast, "clerk", "/craftsmen/studios/orders/new/", **data).status_code == 302
    assert "沪临工〔2022〕20号" in page(cast, "auditor", "/craftsmen/studios/orders/")
    assert post(cast, "clerk", "/craftsmen/studios/orders/new/", **data).status_code == 422
    assert cast.client_of("hr").get("/craftsmen/studios/orders/").status_code == 403


# Evaluation and alliance


def test_the_report_is_begun_when_it_is_due_and_too_early_the_page_says_from_when(cast, studio, now):
    address = f"{file_of(studio)}evaluation/"
    Studio.objects.update(evaluation_due_on=dt.date(2099, 1, 1))
    assert "2098" in post(cast, "hr", address).content.decode()
    Studio.objects.update(evaluation_due_on=dt.date(2022, 1, 1))
    assert post(cast, "hr", address).status_code == 302
    assert post(cast, "clerk", address).status_code == 403


def test_an_alliance_is_founded_and_read_by_everybody(cast, studio):
    assert post(cast, "hr", f"{file_of(studio)}alliance/", name_zh="工作室联盟", charter="互学互访。").status_code == 302
    alliance = Alliance.objects.get()
    assert AllianceMembership.objects.get().state == "member"
    assert "互学互访。" in page(cast, "visitor", f"/studios/alliances/{alliance.public_id}/")
    assert "互学互访。" in page(cast, "hr", f"/craftsmen/studios/alliances/{alliance.public_id}/")
    assert "工作室联盟" in page(cast, "visitor", "/studios/")


# Queries


@pytest.mark.parametrize("address", ["/craftsmen/studios/", "/craftsmen/studios/acts/", "/studios/"])
def test_lists_take_as_many_queries_for_three_as_for_one(cast, studio, now, address, django_assert_max_num_queries):
    client = cast.client_of("clerk")
    act = {"kind": "suspend", "grounds": "idle", "reason": "x", "effective_on": now.date(), "proposed_by": "a", "proposed_at": now}
    StudioAct.objects.create(studio=studio, **act)
    client.get(address)

    def counted() -> int:
        with django_assert_max_num_queries(60) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    one = counted()
    for name in ("二号工作室", "三号工作室"):
        StudioAct.objects.create(studio=a_bare_studio(cast, a_craftsman(cast, name[:3]), name), **act)
    assert counted() == one


def test_a_studios_pages_take_as_many_queries_whatever_it_did(cast, studio, now, django_assert_max_num_queries):
    def counted(address) -> int:
        client = cast.client_of("clerk")
        client.get(address)
        with django_assert_max_num_queries(60) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    addresses = (file_of(studio), f"/studios/{studio.public_id}/")

    def enter(number: int) -> None:
        Project.objects.create(studio=studio, kind="other", title=f"{number}", from_on=studio.named_on, created_at=now)
        Visit.objects.create(studio=studio, on=studio.named_on, visitors="x", people=1, recorded_by="a", recorded_at=now)
        Result.objects.create(
            studio=studio, kind="award", title=f"{number}", on=studio.named_on, state="confirmed", reported_by="a", decided_by="b",
            reported_at=now, decided_at=now,
        )  # fmt: skip

    enter(1)
    before = [counted(address) for address in addresses]
    enter(2)
    enter(3)
    assert [counted(address) for address in addresses] == before
