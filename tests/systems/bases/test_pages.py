"""The pages of bases that stand and of the yearly appraisal: what each shows to whom, what a form refuses, how many queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from denggao.engines.cases.answers import clean
from denggao.engines.cases.models import Case
from denggao.engines.cases.showing import differences, shown_sections
from denggao.foundation.files.models import StoredFile
from denggao.systems.bases.actions import appraising
from denggao.systems.bases.actions.appraising import CycleOrder, open_cycle
from denggao.systems.bases.models import Appraisal, Base, BaseAct
from denggao.systems.bases.procedures import FORM_1
from tests.systems.bases.facts import NUMBERS, PDF, a_base, a_base_plan, a_body, a_paper, a_teacher, typed_answers
from tests.systems.bases.test_appraisal import fill

PAPER = ("整改通知.pdf", PDF, "application/pdf")


@pytest.fixture
def plan(cast):
    return a_base_plan()


@pytest.fixture
def base(cast, plan):
    return a_base(plan, cast.base)


@pytest.fixture
def appraisal(cast, plan, base, now):
    open_cycle(CycleOrder(plan, 2022, dt.date(2022, 12, 20)), actor=cast.clerk, now=now)
    return Appraisal.objects.get(base=base)


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


def paper(name, data, media):
    return SimpleUploadedFile(name, data, media)


# The list and the file


def test_the_office_finds_bases_by_name_state_and_industry(cast, plan, base):
    other = a_base(plan, a_body(), name_zh="东海航空实训基地", state="exited", ended_on=dt.date(2022, 5, 1))

    assert other.name_zh in page(cast, "clerk", "/bases/")
    narrowed = page(cast, "clerk", "/bases/", state="accredited")
    assert base.name_zh in narrowed
    assert other.name_zh not in narrowed
    assert other.name_zh in page(cast, "clerk", "/bases/", q="东海")


def test_a_manager_sees_the_own_base_alone(cast, plan, base):
    other = a_base(plan, a_body(), name_zh="东海航空实训基地")

    shown = page(cast, "base_manager", "/bases/")
    assert base.name_zh in shown
    assert other.name_zh not in shown
    assert cast.client_of("base_manager").get(f"/bases/{other.public_id}/file/").status_code == 404


def test_an_accrediting_authority_sees_the_bases_of_its_plan(cast, plan, base):
    plan.parts.filter(role="accredit").update(organisation=cast.authority_body)
    assert base.name_zh in page(cast, "authority", "/bases/")
    plan.parts.all().delete()
    assert base.name_zh not in page(cast, "authority", "/bases/")


def test_what_is_shown_is_exported(cast, base):
    response = cast.client_of("clerk").get("/bases/?export=csv")

    assert response["Content-Type"].startswith("text/csv")
    assert base.name_zh in response.content.decode("utf-8-sig")


@pytest.mark.parametrize("address", ["/bases/", "/bases/acts/", "/bases/appraisals/"])
def test_lists_take_as_many_queries_for_three_as_for_one(cast, plan, base, now, address, django_assert_max_num_queries):
    for body in (a_body(), a_body()):
        a_base(plan, body)
    client = cast.client_of("clerk")
    client.get(address)

    def counted() -> int:
        with django_assert_max_num_queries(60) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    Base.objects.exclude(pk=base.pk).update(state="exited", ended_on=now.date())
    _open_all(cast, plan, now)
    one = counted()
    Base.objects.exclude(pk=base.pk).update(state="accredited", ended_on=None)
    Appraisal.objects.all().delete()
    BaseAct.objects.all().delete()
    plan.appraisal_cycles.all().delete()
    _open_all(cast, plan, now)
    assert counted() == one


def _open_all(cast, plan, now) -> None:
    from denggao.systems.bases.actions.acts import propose_act

    open_cycle(CycleOrder(plan, 2022, dt.date(2022, 12, 20)), actor=cast.clerk, now=now)
    for base in Base.objects.in_force():
        propose_act(base, kind="suspend", reason="x", actor=cast.clerk, now=now)


def test_an_appraisal_takes_as_many_queries_whatever_stands_in_it(cast, appraisal, now, django_assert_max_num_queries):
    client = cast.client_of("base_manager")
    address = f"/bases/appraisals/{appraisal.public_id}/"
    client.get(address)
    with django_assert_max_num_queries(40) as before:
        client.get(address)
    fill(appraisal, cast, now)
    for _at in range(3):
        a_teacher(appraisal.base.organisation)
    with django_assert_max_num_queries(40) as after:
        client.get(address)
    assert len(after) == len(before)


# Acts


def test_an_act_is_proposed_with_its_evidence_and_confirmed_by_another(cast, base):
    address = f"/bases/{base.public_id}/acts/suspend/"
    response = post(cast, "clerk", address, reason="未按期整改。", evidence=paper(*PAPER))
    assert response.status_code == 302
    act = BaseAct.objects.get(base=base)
    assert act.evidence.name == "整改通知.pdf"

    assert "second person" in page(cast, "clerk", f"/bases/acts/{act.public_id}/")
    assert post(cast, "approver", f"/bases/acts/{act.public_id}/confirm/").status_code == 302
    base.refresh_from_db()
    assert base.state == "suspended"


@pytest.mark.parametrize(
    "given",
    [
        ("通知.pdf", b"", "application/pdf"),
        ("通知.pdf", b"MZ\x90 not a pdf", "application/pdf"),
        ("通知.exe", PDF, "application/pdf"),
    ],
)
def test_a_file_of_the_wrong_kind_or_without_content_is_refused_with_a_sentence(cast, base, given):
    response = post(cast, "clerk", f"/bases/{base.public_id}/acts/suspend/", reason="x", evidence=paper(*given))

    assert response.status_code == 422
    assert not BaseAct.objects.exists()
    assert not StoredFile.objects.filter(kind="bases.evidence").exists()


def test_what_the_office_weighs_is_not_on_the_managers_page(cast, base):
    post(cast, "clerk", f"/bases/{base.public_id}/acts/withdraw/", reason="内部研判意见")

    assert "内部研判意见" in page(cast, "auditor", f"/bases/{base.public_id}/file/")
    assert "内部研判意见" not in page(cast, "base_manager", f"/bases/{base.public_id}/file/")


def test_two_at_once_end_with_one_act_and_a_sentence(cast, base):
    post(cast, "clerk", f"/bases/{base.public_id}/acts/suspend/", reason="一")
    second = post(cast, "reviewer", f"/bases/{base.public_id}/acts/withdraw/", reason="二")

    assert second.status_code == 422
    assert "waits for a second person" in second.content.decode()
    assert BaseAct.objects.count() == 1


# A further term


def test_a_further_term_is_asked_for_within_its_window(cast, base):
    soon = localdate() + dt.timedelta(days=90)
    Base.objects.filter(pk=base.pk).update(valid_until=soon)
    assert "/renewal/" in page(cast, "base_manager", f"/bases/{base.public_id}/file/")

    response = post(cast, "base_manager", f"/bases/{base.public_id}/renewal/")
    case = Case.objects.get(procedure="base_renewal")
    assert response.headers["Location"] == case.link
    assert (case.about_id, case.body, case.plan) == (base.public_id, cast.base, base.plan)
    assert post(cast, "base_manager", f"/bases/{base.public_id}/renewal/").status_code == 422
    assert Case.objects.filter(procedure="base_renewal").count() == 1


def test_too_early_the_page_says_from_when(cast, base):
    Base.objects.filter(pk=base.pk).update(valid_until=localdate() + dt.timedelta(days=400))

    shown = page(cast, "base_manager", f"/bases/{base.public_id}/file/")
    assert (localdate() + dt.timedelta(days=220)).isoformat() in shown
    assert post(cast, "base_manager", f"/bases/{base.public_id}/renewal/").status_code == 422
    assert not Case.objects.filter(procedure="base_renewal").exists()


# The yearly appraisal


def test_a_year_walks_through_its_pages(cast, appraisal, now):
    at = f"/bases/appraisals/{appraisal.public_id}/"
    refused = post(cast, "base_manager", f"{at}hand-in/")
    assert refused.status_code == 422
    assert "Not entered yet" in refused.content.decode()
    saved = post(
        cast,
        "base_manager",
        f"{at}values/satisfaction/",
        number="91.5",
        remark="问卷",
        evidence=paper("问卷.pdf", PDF, "application/pdf"),
    )
    assert saved.status_code == 302
    assert appraisal.values.get(indicator="satisfaction").points == Decimal(5)
    fill(appraisal, cast, now, accidents=1)

    assert post(cast, "base_manager", f"{at}hand-in/").status_code == 302
    graded = post(cast, "reviewer", f"{at}propose/", opinion="不可泄露的评语", demands="完成隐患整改。")
    assert graded.status_code == 302
    assert "不可泄露的评语" not in page(cast, "base_manager", at)
    assert "不可泄露的评语" in page(cast, "approver", at)
    assert post(cast, "approver", f"{at}confirm/").status_code == 302
    assert "完成隐患整改。" in page(cast, "base_manager", at)


def test_a_grade_is_in_no_list_of_the_base_before_it_is_confirmed(cast, appraisal, now):
    fill(appraisal, cast, now)
    appraising.hand_in(appraisal, actor=cast.base_manager, now=now)
    appraising.propose_grade(appraisal, opinion="x", demands="y", actor=cast.reviewer, now=now)

    listed = page(cast, "base_manager", "/bases/appraisals/")
    exported = cast.client_of("base_manager").get("/bases/appraisals/?export=csv").content.decode("utf-8-sig")
    assert str(appraisal.points) not in listed
    assert str(appraisal.points) not in exported


def test_the_rows_behind_a_number_name_nobody(cast, base, plan, now):
    teacher = a_teacher(base.organisation)
    open_cycle(CycleOrder(plan, 2022, dt.date(2022, 12, 20)), actor=cast.clerk, now=now)
    appraisal = Appraisal.objects.get(base=base)

    shown = page(cast, "base_manager", f"/bases/appraisals/{appraisal.public_id}/values/qualified_teachers/rows/")
    assert teacher.person.masked_name in shown
    assert teacher.person.name not in shown
    assert cast.client_of("base_manager").get(f"/bases/appraisals/{appraisal.public_id}/values/trained/rows/").status_code == 404


# The application's file


def test_the_file_shows_no_teachers_number_to_anybody(cast, plan):
    typed = typed_answers(a_paper(cast.base_manager))
    typed["teachers"]["teachers"][0]["phone"] = "13812340001"
    answers, _faults = clean(FORM_1, typed)
    later = {**answers, "teachers": {"teachers": [{**answers["teachers"]["teachers"][0], "document_number": NUMBERS[2]}]}}

    for given in (typed, answers):
        shown = str([field.as_text for section in shown_sections(FORM_1, given, {}) for field in section.fields])
        assert NUMBERS[0] not in shown
        assert "13812340001" not in shown
        assert "赵登高" not in shown
        assert "1101**********002X" in shown
    assert [item.label for item in differences(FORM_1, answers, later, {})] != []
