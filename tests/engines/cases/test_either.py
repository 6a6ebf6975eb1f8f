"""A call that takes bodies and persons: a person once, a body as often as it puts somebody forward."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from denggao.engines.cases import actions, policies, queries
from denggao.engines.cases.models import Case
from denggao.engines.cases.procedures import Procedure, registered
from denggao.engines.cases.refusals import CaseRefused
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.messages.models import Message
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import ANSWERS, SHORT, TrialSystem, a_round


class Naming(TrialSystem):
    """Calls a draft by what is typed in its first field."""

    def draft_title(self, case, answers):
        return answers.get("place", {}).get("name", "")

    def title(self, case):
        return case.title or f"{case.applicant_name} 申请"


EITHER = dataclasses.replace(SHORT, code="trial_either", applicant="either", once="person", system=Naming())


@pytest.fixture(autouse=True)
def _either():
    with registered(EITHER):
        yield


@pytest.fixture
def call(cast, now):
    return a_round(cast, now, procedure="trial_either")


@pytest.fixture
def today(now):
    """The machine's own: a page asks what is open at this moment."""
    return dt.datetime.now(tz=now.tzinfo)


@pytest.fixture
def open_call(cast, today):
    return a_round(cast, today, procedure="trial_either")


def of_the_body(cast, now, call) -> Case:
    return actions.open_case(call, body=cast.base, actor=cast.base_manager, now=now)


def of_the_person(cast, now, call) -> Case:
    return actions.open_case(call, person=cast.worker_person, actor=cast.worker, now=now)


def test_a_person_applies_once_a_body_several_times(cast, now, call):
    of_the_person(cast, now, call)
    for _again in range(3):
        of_the_body(cast, now, call)

    with pytest.raises(CaseRefused):
        of_the_person(cast, now, call)

    assert Case.objects.filter(body=cast.base).count() == 3
    assert actions.standing_case(call, cast.base) is None
    assert actions.standing_case(call, cast.worker_person) is not None


def test_nobody_applies_for_another(cast, now, call):
    for given in ({"person": cast.worker_person, "actor": cast.base_manager}, {"body": cast.base, "actor": cast.worker}):
        with pytest.raises(NotAllowed):
            actions.open_case(call, **given, now=now)
    with pytest.raises(CaseRefused):
        actions.open_case(call, body=cast.base, person=cast.worker_person, actor=cast.base_manager, now=now)


@pytest.mark.parametrize(("applicant", "given"), [("body", "person"), ("person", "body")])
def test_the_other_kinds_still_refuse(cast, now, applicant, given):
    with registered(dataclasses.replace(SHORT, code="trial_one", applicant=applicant)):
        round_ = a_round(cast, now, procedure="trial_one")
        with pytest.raises(CaseRefused):
            (of_the_person if given == "person" else of_the_body)(cast, now, round_)


@pytest.mark.parametrize("wrong", [{"applicant": "anybody"}, {"once": "body"}])
def test_a_declaration_says_who_and_how_often(wrong):
    with pytest.raises(ValueError, match="trial"):
        dataclasses.replace(SHORT, **wrong)


def test_several_drafts_of_a_body_are_told_apart(cast, today, open_call):
    first, second = of_the_body(cast, today, open_call), of_the_body(cast, today, open_call)

    for case, name in ((first, "推荐甲"), (second, "推荐乙")):
        actions.save_draft(case, section="place", answers={"name": name}, base_revision=0, actor=cast.base_manager, now=today)

    assert set(Case.objects.values_list("title", flat=True)) == {"推荐甲", "推荐乙"}
    page = cast.client_of("base_manager").get(f"/cases/calls/{open_call.public_id}/").content.decode()
    assert "推荐甲" in page
    assert "推荐乙" in page
    assert page.count('name="applicant"') == 1


def test_the_call_offers_what_the_account_may_do(cast, today, open_call):
    address = f"/cases/calls/{open_call.public_id}/"
    worker, manager, other = (cast.client_of(part) for part in ("worker", "base_manager", "clerk"))

    assert f'value="{cast.worker_person.public_id}"' in worker.get(address).content.decode()
    assert f'value="{cast.base.public_id}"' in manager.get(address).content.decode()
    assert 'name="applicant"' not in other.get(address).content.decode()
    response = worker.post(f"{address}apply/", {"applicant": str(cast.worker_person.public_id)})
    assert response.status_code == 302
    assert 'name="applicant"' not in worker.get(address).content.decode()
    assert worker.post(f"{address}apply/", {"applicant": str(cast.base.public_id)}).status_code in {403, 422}


def test_a_person_and_a_body_of_one_key_are_not_mixed_up(cast, today, open_call):
    """The rows of two tables may have the same number."""
    person = cast.worker_person
    type(person).objects.filter(pk=person.pk).update(id=cast.base.pk)
    person = type(person).objects.get(pk=cast.base.pk)
    of_the_body(cast, today, open_call)
    actions.open_case(open_call, person=person, actor=cast.worker, now=today)

    page = cast.client_of("worker").get(f"/cases/calls/{open_call.public_id}/").content.decode()
    assert page.count("btn-primary") >= 1
    assert 'name="applicant"' not in page


def test_each_goes_its_way_to_the_award(cast, now, call):
    for case, actor in ((of_the_body(cast, now, call), cast.base_manager), (of_the_person(cast, now, call), cast.worker)):
        for section, answers in ANSWERS.items():
            actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=actor, now=now)
        actions.submit_case(case, actor=actor, now=now)
        assert list(policies.own_cases(actor)) == [case]
        checked(case, cast, now)
        actions.decide_case(case, approve=True, reason="同意", actor=cast.approver, now=now)
        assert Message.objects.filter(account=actor.user, code="cases.submitted").exists()
    found = {row.applicant for row in queries.rows(Case.objects.with_labels(), actor=cast.clerk, today=queries.today_of(now))}
    assert found == {cast.base.name, cast.worker_person.masked_name}


def test_a_procedure_is_what_it_was(cast, now):
    assert isinstance(SHORT, Procedure)
    case = actions.open_case(a_round(cast, now), body=cast.base, actor=cast.base_manager, now=now)

    assert case.once_key == f"trial:{case.round_id}:body:{cast.base.pk}"
