"""Naming: what a decided nomination makes, once; what counts; and what opens it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.models import Case
from denggao.engines.credentials.models import Issued
from denggao.engines.ledger.evidence import evidence_of
from denggao.engines.ledger.models import Entry, Standing
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs import work
from denggao.foundation.messages.models import Message
from denggao.foundation.standards.models import RuleValue
from denggao.systems.craftsmen.actions.naming import NotNamed, OrderRefused, must_have_order, name_craftsman, record_naming_order
from denggao.systems.craftsmen.hooks import craftsman_named
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, Medal
from tests.at_once import at_once
from tests.systems.craftsmen.scene import a_nominee, an_order, at_award, craftsmen_round, named, nominated


def test_a_naming_gives_title_certificate_medal_bonus_and_count(cast, now):
    craftsman = named(cast, now)

    assert (craftsman.state, craftsman.named_on, craftsman.employer) == ("named", now.date(), cast.employer)
    assert craftsman.order.number == "沪临工匠〔2022〕018号"
    assert (craftsman.certificate.number, craftsman.certificate.holder_zh) == ("LG-G-2022-001", "周启明")
    assert craftsman.certificate.valid_until is None
    assert Medal.objects.get().number == "LG-J-001"
    entry = Entry.objects.get(goal__counting_rule="named_craftsmen")
    assert (entry.person, entry.proof, entry.industry, entry.channel) == (craftsman.person, "confirmed", "ic", "employer")


def test_the_bonus_is_recorded_for_the_funds_with_its_source(cast, now):
    rule = RuleValue.objects.get(key="craftsmen.bonus_yuan")

    bonus = BonusOrder.objects.get(craftsman=named(cast, now))

    assert (bonus.amount_yuan, bonus.state) == (Decimal(20000), "recorded")
    assert bonus.rule["document"] == rule.document
    assert bonus.rule["confidence"] == "C"


def test_the_paper_is_made_with_number_and_code(cast, now):
    craftsman = named(cast, now)

    work.drain(clock=lambda: now)

    issued = Issued.objects.get(pk=craftsman.certificate_id)
    assert issued.has_current_pdf
    assert issued.pdf.name == "LG-G-2022-001.pdf"


def test_the_same_case_names_once(cast, now):
    craftsman = named(cast, now)

    assert name_craftsman(craftsman.case, actor=cast.clerk, now=now) == craftsman
    assert (Craftsman.objects.count(), Issued.objects.count(), Medal.objects.count()) == (1, 1, 1)


def test_nobody_is_named_without_an_order(cast, now):
    case = nominated(cast, craftsmen_round(cast, now), a_nominee(cast), now)

    with pytest.raises(NotNamed, match="Naming order"):
        must_have_order(case)
    with pytest.raises(NotNamed, match="Naming order"):
        award_case(at_award(case), actor=cast.clerk, now=now)

    assert not Craftsman.objects.exists()


def test_nobody_is_named_before_the_decision(cast, now):
    round_ = craftsmen_round(cast, now)
    case = nominated(cast, round_, a_nominee(cast), now)
    an_order(cast, round_, now)

    with pytest.raises(NotNamed, match="not decided"):
        name_craftsman(case, actor=cast.clerk, now=now)


def test_an_order_is_entered_once_and_not_ahead_of_its_day(cast, now):
    round_ = craftsmen_round(cast, now)
    an_order(cast, round_, now)

    with pytest.raises(OrderRefused, match="recorded already"):
        an_order(cast, round_, now)
    with pytest.raises(OrderRefused, match="lies ahead"):
        record_naming_order(round_, number="x", title="y", issued_on=now.date().replace(year=2030), actor=cast.clerk, now=now)
    with pytest.raises(OrderRefused, match="number and its title"):
        record_naming_order(round_, number=" ", title="y", issued_on=now.date(), actor=cast.clerk, now=now)


@pytest.mark.parametrize("part", ["approver", "hr", "worker", "auditor", "expert"])
def test_only_clerk_and_reviewer_enter_an_order(cast, now, part):
    round_ = craftsmen_round(cast, now)

    with pytest.raises(NotAllowed):
        record_naming_order(round_, number="x", title="y", issued_on=now.date(), actor=getattr(cast, part), now=now)


def test_the_craftsman_and_the_employer_are_told(cast, now):
    named(cast, now, nominee=a_nominee(cast, account=True))

    told = dict(Message.objects.filter(code__startswith="craftsmen.").values_list("code", "account_id"))
    assert told == {"craftsmen.named": cast.user("worker").pk, "craftsmen.named_here": cast.user("hr").pk}


def test_other_rooms_hear_of_a_naming_inside_the_act(cast, now):
    heard = []

    def hear(craftsman, *, actor, now):
        heard.append(craftsman.person.name)

    craftsman_named.plug(hear)
    try:
        named(cast, now)
    finally:
        craftsman_named._handlers.remove(hear)

    assert heard == ["周启明"]


def test_the_count_opens_down_to_the_certificate(cast, now):
    craftsman = named(cast, now)
    entry = Entry.objects.get()

    steps = {step.kind: step for step in evidence_of(entry, cast.auditor)}

    assert steps["naming"].state == steps["certificate"].state == "proven"
    assert ("Naming order", craftsman.order.number) in steps["naming"].lines
    assert steps["decision"].state == "broken", "the stages were skipped here, and the chain says so"


def test_a_changed_fact_breaks_the_chain(cast, now):
    craftsman = named(cast, now)
    Craftsman.objects.filter(pk=craftsman.pk).update(named_on=now.date().replace(day=1))

    steps = {step.kind: step for step in evidence_of(Entry.objects.get(), cast.auditor)}

    assert steps["naming"].state == "broken"


def test_a_naming_leaves_its_records(cast, now):
    craftsman = named(cast, now)

    told = set(Record.objects.filter(object_id=str(craftsman.public_id)).values_list("action", flat=True))
    assert "craftsmen.craftsman.name" in told


@pytest.mark.django_db(transaction=True)
def test_two_namings_of_one_person_at_once_make_one(cast, now):
    round_ = craftsmen_round(cast, now)
    nominee = a_nominee(cast)
    first = at_award(nominated(cast, round_, nominee, now))
    an_order(cast, round_, now)
    other_round = craftsmen_round(cast, now, plan=round_.plan, title="下一轮")
    second = at_award(nominated(cast, other_round, nominee, now))
    an_order(cast, other_round, now, number="另一号")

    done = at_once(
        *(lambda case=case: award_case(Case.objects.get(pk=case.pk), actor=cast.clerk, now=now) for case in (first, second))
    )

    assert Craftsman.objects.in_force().count() == 1
    assert Standing.objects.count() == 1
    assert done == ["NotNamed", "done"]
