"""The other side agrees, asks for changes or declines; all must agree, and a consent can be taken back while the case stands."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from denggao.engines.cases import actions, policies, queries
from denggao.engines.cases.actions.consenting import remind_consents
from denggao.engines.cases.consents import consents_to_answer, parties_of
from denggao.engines.cases.models import Case, Consent, Step
from denggao.engines.cases.procedures import Agreeing, Audience
from denggao.engines.cases.refusals import CaseRefused, StageMoved, TwoPersons
from denggao.engines.cases.states import Act
from denggao.engines.notices.models import NoticeItem
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Grant, Role, account, system
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.people.models import Person
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import SYSTEM, a_draft, a_submitted

WORDS = "推荐您参评"


def asking(cast, *more: Agreeing) -> None:
    SYSTEM.agrees = [Agreeing(WORDS, person=cast.worker_person), Agreeing("单位同意推荐", body=cast.employer), *more]


def asked_case(cast, now, **given) -> Case:
    asking(cast)
    return a_submitted(cast, now, procedure="trial_consent", **given)


def of(case: Case, body: bool = False) -> Consent:
    return case.consents.filter(body__isnull=not body).latest("pk")


def answer(case: Case, cast, now, how=actions.agree, *, body: bool = False, **given) -> Consent:
    consent = of(case, body)
    given = {"hash_seen": consent.content_hash, "actor": cast.hr if body else cast.worker, "now": now} | given
    return how(consent, **given)


def agreed_by_all(case: Case, cast, now) -> Case:
    answer(case, cast, now)
    answer(case, cast, now, body=True)
    case.refresh_from_db()
    return case


def test_it_goes_on_when_all_have_agreed(cast, now):
    case = asked_case(cast, now)
    assert (case.stage, case.waits_for) == ("consent", "consent")
    with translation.override("en"):
        assert queries.waiting([case], today=queries.today_of(now))[case.pk].text == "2 of 2 who must agree"

    first = answer(case, cast, now)
    case.refresh_from_db()
    assert case.stage == "consent"
    answer(case, cast, now, body=True)

    case.refresh_from_db()
    assert (case.stage, case.waits_for) == ("check", "office")
    assert (first.state, first.name, first.hash_seen, first.said) == ("agreed", "周小登", case.snapshots.get().content_hash, WORDS)
    step = case.steps.last()
    assert (step.kind, step.facts["hash"]) == ("consented", case.snapshots.get().content_hash)
    assert Record.objects.filter(action="cases.consent.agree", actor_id=cast.worker.id).count() == 1


def test_with_nobody_to_ask_it_goes_on_at_once(cast, now):
    case = a_submitted(cast, now, procedure="trial_consent")

    assert case.stage == "check"
    assert list(case.steps.values_list("kind", flat=True)) == ["opened", "submitted", "consented"]


def test_the_applicant_is_not_asked_once_more(cast, now):
    SYSTEM.agrees = [Agreeing("单位同意", body=cast.base), Agreeing("单位同意", body=cast.base)]

    assert a_submitted(cast, now, procedure="trial_consent").stage == "check"


def test_whoever_is_asked_is_told_and_reminded(cast, now):
    case = asked_case(cast, now)

    told = Message.objects.filter(code="cases.consent_asked")
    assert {message.account_id for message in told} == {cast.user("worker").pk, cast.user("hr").pk}
    assert {message.link for message in told} == {consent.link for consent in case.consents.all()}
    assert "2" in actions.nudge(case, actor=cast.clerk, now=now)
    near = now + dt.timedelta(days=5)
    assert remind_consents(actor=system("cases.remind"), now=near) == 2
    assert remind_consents(actor=system("cases.remind"), now=near) == 0


def test_changes_asked_for_give_it_back_and_all_agree_anew(cast, now):
    case = asked_case(cast, now)
    answer(case, cast, now, body=True)
    with pytest.raises(CaseRefused):
        answer(case, cast, now, actions.ask_for_changes, reason=" ")

    answer(case, cast, now, actions.ask_for_changes, reason="工种写错了")

    case.refresh_from_db()
    assert (case.state, queries.open_correction(case).resumes_at) == ("returned", "consent")
    assert Message.objects.filter(code="cases.returned", account=cast.user("base_manager")).exists()
    actions.save_draft(case, section="place", answers={"name": "新名"}, base_revision=1, actor=cast.base_manager, now=now)
    actions.resubmit_case(case, actor=cast.base_manager, now=now)
    assert case.stage == "consent"
    assert list(case.consents.values_list("snapshot", "state")) == [(1, "changes"), (1, "void"), (2, "asked"), (2, "asked")]
    assert agreed_by_all(case, cast, now).stage == "check"


def test_what_the_office_sends_back_is_agreed_to_anew(cast, now):
    case = agreed_by_all(asked_case(cast, now), cast, now)

    actions.return_case(case, reason="缺页", back_to="check", actor=cast.clerk, now=now)
    assert queries.open_correction(case).resumes_at == "consent"
    actions.resubmit_case(case, actor=cast.base_manager, now=now)

    assert (case.stage, of(case).state, of(case).snapshot) == ("consent", "asked", 2)


def test_who_declines_ends_it(cast, now):
    case = asked_case(cast, now)

    answer(case, cast, now, actions.decline, reason="本人不参评")

    case.refresh_from_db()
    assert (case.state, case.steps.last().kind, of(case).reason) == ("ended", "declined", "本人不参评")
    assert of(case, body=True).state == "void"
    assert SYSTEM.told == [("ended", str(case.public_id))]
    assert Message.objects.filter(code="cases.ended", account=cast.user("base_manager")).exists()
    with pytest.raises(StageMoved):
        answer(case, cast, now, body=True)


@pytest.mark.parametrize("how", [actions.agree, actions.ask_for_changes, actions.decline])
def test_of_two_answers_the_first_stands(cast, now, how):
    case = asked_case(cast, now)
    first, second = of(case), of(case)
    reason = {} if how == actions.agree else {"reason": "x"}
    actions.agree(first, hash_seen=first.content_hash, actor=cast.worker, now=now)

    with pytest.raises(CaseRefused):
        how(second, hash_seen=second.content_hash, actor=cast.worker, now=now, **reason)

    assert of(case).state == "agreed"


def test_what_is_answered_is_what_was_read(cast, now):
    case = asked_case(cast, now)

    with pytest.raises(CaseRefused):
        answer(case, cast, now, hash_seen="0" * 64)

    assert of(case).state == "asked"


@pytest.mark.parametrize("part", ["visitor", "hr", "other_hr", "base_manager", "expert", "clerk", "approver", "administrator"])
def test_nobody_answers_for_the_person_asked(cast, now, part):
    consent = of(asked_case(cast, now))
    actor = getattr(cast, part)

    for attempt in (
        lambda: actions.agree(consent, hash_seen=consent.content_hash, actor=actor, now=now),
        lambda: actions.decline(consent, reason="x", hash_seen=consent.content_hash, actor=actor, now=now),
        lambda: actions.ask_for_changes(consent, reason="x", hash_seen=consent.content_hash, actor=actor, now=now),
        lambda: actions.take_back_consent(consent, reason="x", actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_who_wrote_it_does_not_agree_for_a_body_too(cast, now):
    asking(cast)
    case = a_draft(cast, now, procedure="trial_consent")
    both = account(cast.user("hr"), [Grant(Role.BASE_MANAGER, cast.base.pk), Grant(Role.HR, cast.employer.pk)])
    actions.submit_case(case, actor=both, now=now)

    with pytest.raises(TwoPersons):
        answer(case, cast, now, body=True, actor=both)


def test_a_consent_taken_back_during_the_notice_takes_the_name_off(cast, now):
    case = agreed_by_all(asked_case(cast, now), cast, now)
    checked(case, cast, now)
    assert case.stage == "notice"

    with pytest.raises(CaseRefused):
        actions.take_back_consent(of(case), reason="", actor=cast.worker, now=now)
    actions.take_back_consent(of(case), reason="不再参评", actor=cast.worker, now=now)

    case.refresh_from_db()
    assert (case.state, case.stage, case.steps.last().kind) == ("ended", "notice", "taken_back")
    item = NoticeItem.objects.get(subject_id=case.public_id)
    assert item.state == "dropped"
    assert "不再参评" not in str(item.__dict__)
    assert (of(case).state, of(case, body=True).state) == ("taken_back", "agreed")
    assert Message.objects.filter(code="cases.consent_taken_back", account=cast.user("clerk")).exists()
    with pytest.raises(StageMoved):
        actions.take_back_consent(of(case, body=True), reason="x", actor=cast.hr, now=now)


def test_a_consent_is_taken_back_while_the_applicant_corrects(cast, now):
    case = agreed_by_all(asked_case(cast, now), cast, now)
    actions.return_case(case, reason="缺页", actor=cast.clerk, now=now)

    actions.take_back_consent(of(case), reason="不再参评", actor=cast.worker, now=now)

    assert Case.objects.get(pk=case.pk).state == "ended"
    assert queries.open_correction(case) is None


def test_only_a_consent_given_is_taken_back(cast, now):
    case = asked_case(cast, now)
    before = Step.objects.count()

    with pytest.raises(CaseRefused):
        actions.take_back_consent(of(case), reason="x", actor=cast.worker, now=now)

    assert (Case.objects.get(pk=case.pk).state, Step.objects.count()) == ("open", before)


def test_withdrawn_it_needs_no_consent_any_more(cast, now):
    case = asked_case(cast, now)

    actions.withdraw_case(case, actor=cast.base_manager, now=now)

    assert set(case.consents.values_list("state", flat=True)) == {"void"}
    assert not consents_to_answer(cast.worker).exists()


def test_who_is_asked_reads_the_case_from_its_submission_on(cast, now):
    asking(cast)
    case = a_draft(cast, now, procedure="trial_consent")
    for actor in (cast.worker, cast.hr):
        assert not policies.visible_cases(actor).exists()
        assert not policies.can_read_answers(actor, case)

    actions.submit_case(case, actor=cast.base_manager, now=now)

    for actor in (cast.worker, cast.hr):
        assert list(policies.visible_cases(actor)) == [case]
        assert policies.sees(actor, case)
        assert policies.can_read_answers(actor, case)
        assert policies.audience_of(actor, case) == Audience.APPLICANT
        assert not policies.can_write(actor, case)
        assert queries.offers(case, actor=actor, now=now) == []
    for part in ("other_hr", "expert", "authority", "visitor"):
        assert not policies.sees(getattr(cast, part), case), part
    answer(case, cast, now, actions.decline, reason="x")
    assert list(policies.visible_cases(cast.worker)) == [case]


def test_another_role_in_the_body_reads_nothing(cast, now):
    case = asked_case(cast, now)
    other = account(cast.user("other_hr"), [Grant(Role.BASE_MANAGER, cast.employer.pk)])

    assert not policies.sees(other, case)
    assert not consents_to_answer(other).exists()


@pytest.mark.parametrize("who", ["is asked", "agreed for the body"])
def test_who_agrees_neither_checks_nor_decides(cast, now, who):
    case = asked_case(cast, now)
    office = [Grant(role) for role in (Role.CLERK, Role.REVIEWER, Role.APPROVER)]
    if who == "is asked":
        side = account(cast.user("worker"), office)
        agreed_by_all(case, cast, now)
    else:
        answer(case, cast, now)
        answer(case, cast, now, body=True)
        # The role in the body is over; who agreed is known all the same.
        side = account(cast.user("hr"), office)
        case.refresh_from_db()

    for attempt in (
        lambda: actions.record_check(case, item="seal", ok=True, actor=side, now=now),
        lambda: actions.pass_check(case, actor=side, now=now),
        lambda: actions.return_case(case, reason="x", actor=side, now=now),
        lambda: actions.reject_case(case, reason="x", actor=side, now=now),
    ):
        with pytest.raises(TwoPersons):
            attempt()
    assert policies.audience_of(side, case) == Audience.APPLICANT
    assert not any(offer.allowed for offer in queries.offers(case, actor=side, now=now) if offer.act != Act.REASSIGN)


def test_experts_are_looked_at_for_those_who_agree(cast, now):
    case = asked_case(cast, now)
    clerk_person = Person.objects.create(name="李人事", name_key="李人事", account=cast.user("hr"), created_at=now)
    answer(case, cast, now, body=True)

    found = parties_of(case)

    assert cast.employer.pk in found.organisation_ids
    assert {cast.worker_person.pk, clerk_person.pk} <= found.person_ids


def test_procedures_without_consent_ask_nothing(cast, now, django_assert_num_queries):
    case = a_submitted(cast, now)

    with django_assert_num_queries(0):
        assert not policies.is_asked(cast.worker, case)
