"""From an application to the plaque, and every way in which there is no studio."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.timezone import localdate

from denggao.engines.cases import actions
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.actions.noticing import publish_notice
from denggao.engines.cases.procedures import latest
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused
from denggao.engines.credentials.models import Issued
from denggao.engines.notices.actions import close_due_notices
from denggao.engines.notices.models import NoticeItem
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.models import Employment
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.queries import identity_index
from denggao.foundation.plans.models import Participation
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios.actions.founding import Document, NotNamed, OrderRefused, name_studio, record_order
from denggao.systems.craftsmen.studios.models import Studio, StudioMember
from tests.facts import a_person, in_post
from tests.systems.craftsmen.studios.facts import (
    a_call,
    a_craftsman,
    a_paper,
    a_studio,
    an_order,
    decided,
    drafted,
    submitted,
    typed,
)

NUMBER = "11010519491231002X"


@pytest.fixture
def craftsman(cast):
    return a_craftsman(cast)


@pytest.fixture
def call(craftsman):
    return a_call(craftsman)


def test_a_studio_is_checked_shown_decided_and_named_with_its_plaque(cast, craftsman, call, now):
    in_post(a_person("许星野"), cast.employer)
    case = drafted(cast, call, craftsman)

    actions.submit_case(case, actor=cast.hr, now=now)
    assert case.number == "GZS-2022-001"
    for item in case.declared.system.checklist(case):
        actions.record_check(case, item=item.code, ok=True, actor=cast.clerk, now=now)
    actions.pass_check(case, actor=cast.clerk, now=now)
    assert case.stage == "notice"
    publish_notice([case], actor=cast.clerk, now=now)
    assert craftsman.person.masked_name in str(list(NoticeItem.objects.values_list("shown", flat=True)))
    later = now + dt.timedelta(days=20)
    close_due_notices(now=later)
    case.refresh_from_db()
    with pytest.raises(NotNamed, match="naming document"):
        actions.decide_case(case, approve=True, reason="同意。", actor=cast.approver, now=later)
    an_order(cast, call)
    case.refresh_from_db()
    actions.decide_case(case, approve=True, reason="同意。", actor=cast.approver, now=later)
    case.refresh_from_db()
    award_case(case, actor=cast.clerk, now=later)

    studio = Studio.objects.get(case=case)
    assert (studio.state, studio.leader, studio.named_on) == ("named", craftsman, later.date())
    assert studio.evaluation_due_on == dt.date(2024, 10, 30)
    assert studio.plaque.number == "LG-S-001"
    assert studio.plaque.holder_organisation == cast.employer
    assert {item.role for item in studio.members.all()} == {"leader", "learner"}
    assert studio.members.get(role="learner").confirmed_at is None
    assert Record.objects.filter(action="studios.studio.name").exists()
    assert Message.objects.filter(code="studios.named", account=cast.user("hr")).exists()


def test_called_again_for_the_same_case_nothing_is_named_twice(cast, craftsman, call, now):
    an_order(cast, call)
    case = decided(submitted(cast, call, craftsman), cast)

    first = name_studio(case, actor=cast.clerk, now=now)

    assert name_studio(case, actor=cast.clerk, now=now) == first
    assert Issued.objects.filter(kind="studio_plaque").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda cast, craftsman: Participation.objects.all().delete(), "does not take part"),
        (lambda cast, craftsman: Employment.objects.update(left_on=dt.date(2022, 1, 1)), "No craftsman in force"),
        (
            lambda cast, craftsman: Craftsman.objects.update(state="revoked", ended_on=dt.date(2022, 10, 1)),
            "No craftsman in force",
        ),
    ],
)
def test_who_may_not_apply_is_told_why(cast, craftsman, call, now, change, sentence):
    change(cast, craftsman)

    with pytest.raises(CaseRefused, match=sentence):
        actions.open_case(call, body=cast.employer, actor=cast.hr, now=now)


def test_a_body_that_is_no_employer_does_not_apply(cast, craftsman, call, now):
    with pytest.raises(CaseRefused, match="stand in employers"):
        actions.open_case(call, body=cast.base, actor=cast.base_manager, now=now)


def test_who_is_of_another_body_opens_nothing(cast, craftsman, call, now):
    with pytest.raises(NotAllowed):
        actions.open_case(call, body=cast.employer, actor=cast.other_hr, now=now)


def test_the_leader_is_a_craftsman_of_this_employer_and_leads_one_studio(cast, craftsman, call, now):
    a_studio(cast, craftsman, call)
    other = a_craftsman(cast, "沈听澜")
    away = a_craftsman(cast, "蒋采薇")
    Employment.objects.filter(person=away.person).update(left_on=dt.date(2022, 10, 9))
    faults = latest("studio").system.submission_faults
    case = drafted(cast, call, other)

    def said(leader):
        return [text for section, field, text in faults(case, typed(leader, "x")) if field == "leader"]

    assert said(other) == []
    assert "leads the studio" in said(craftsman)[0]
    assert "does not work for the employer" in said(away)[0]
    unknown = typed(other, "x", studio={"leader": "LG-C-9999-999"})
    assert "no title in force" in next(text for _s, field, text in faults(case, unknown) if field == "leader")


def test_the_same_person_and_employer_wait_after_an_un_naming(cast, craftsman, call, now):
    studio = a_studio(cast, craftsman, call)
    today = localdate()
    Studio.objects.filter(pk=studio.pk).update(state="unnamed", ended_on=today)

    case = drafted(cast, call, craftsman)
    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.hr, now=now)
    assert f"{today.year + 2}-{today:%m}" in str(refused.value.faults)


def test_members_are_found_in_the_roster_and_doubtful_ones_are_asked_about(cast, craftsman, call, now):
    for _twice in range(2):
        in_post(a_person("同名人"), cast.employer)
    case = drafted(cast, call, craftsman, members=[{"name": "同名人", "role": "成员"}, {"name": "周启明", "role": "成员"}])

    with pytest.raises(AnswersIncomplete) as refused:
        actions.submit_case(case, actor=cast.hr, now=now)

    told = str(refused.value.faults)
    assert "several people of this name" in told
    assert "the leader" in told


def test_of_two_of_one_name_the_document_tells_which(cast, craftsman, call, now):
    persons = [a_person("同名人") for _twice in range(2)]
    for person in persons:
        in_post(person, cast.employer)
    IdentityDocument.objects.create(
        person=persons[1], kind="resident_id", number=NUMBER, number_index=identity_index("resident_id", NUMBER), created_at=now
    )
    row = {"name": "同名人", "document_number": NUMBER, "role": "成员"}

    case = submitted(cast, call, craftsman, members=[row])

    assert case.studio_application.members.get().person == persons[1]
    stranger = drafted(cast, call, craftsman, members=[{**row, "document_number": "44030819990101001X"}])
    with pytest.raises(AnswersIncomplete):
        actions.submit_case(stranger, actor=cast.hr, now=now)


def test_who_is_not_in_the_roster_stays_a_name_and_is_asked_nothing(cast, craftsman, call, now):
    an_order(cast, call)
    case = submitted(cast, call, craftsman, members=[{"name": "外来人", "role": "成员"}])
    assert case.studio_application.members.get().person is None

    award_case(decided(case, cast), actor=cast.clerk, now=now)

    assert StudioMember.objects.filter(studio__case=case).count() == 1


def test_the_leader_must_still_hold_the_title_when_the_studio_is_named(cast, craftsman, call, now):
    an_order(cast, call)
    case = decided(submitted(cast, call, craftsman), cast)
    Craftsman.objects.filter(pk=craftsman.pk).update(state="revoked", ended_on=now.date())

    with pytest.raises(NotNamed, match="no title in force"):
        name_studio(case, actor=cast.clerk, now=now)

    assert not Studio.objects.exists()
    assert not Issued.objects.filter(kind="studio_plaque").exists()


def test_a_naming_document_is_recorded_once_by_the_office(cast, craftsman, call, now):
    an_order(cast, call)

    with pytest.raises(OrderRefused, match="recorded already"):
        an_order(cast, call)
    with pytest.raises(OrderRefused, match="lies ahead"):
        record_order(call, Document("2", "x", dt.date(2030, 1, 1)), actor=cast.clerk, now=now)
    with pytest.raises(OrderRefused, match="craftsman studios"):
        record_order(
            a_call(craftsman, title_zh="y") and _other_call(craftsman), Document("3", "x", now.date()), actor=cast.clerk, now=now
        )
    with pytest.raises(NotAllowed):
        record_order(call, Document("4", "x", now.date()), actor=cast.hr, now=now)


def _other_call(craftsman):
    call = a_call(craftsman, title_zh="z")
    call.procedure = "base"
    return call


def test_the_form_offers_the_own_craftsmen_alone(cast, craftsman, call):
    case = drafted(cast, call, craftsman)
    elsewhere = a_craftsman(cast, "望潮匠")
    Employment.objects.filter(person=elsewhere.person).update(employer=cast.other_employer)

    page = cast.client_of("hr").get(f"/cases/{case.public_id}/edit/studio/").content.decode()

    assert craftsman.certificate.number in page
    assert elsewhere.certificate.number not in page
    assert "望潮匠" not in page
    assert a_paper(cast.hr)
