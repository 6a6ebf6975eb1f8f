"""A title taken away by two persons, and given back by two."""

from __future__ import annotations

import pytest

from denggao.engines.ledger.models import Entry
from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.messages.models import Message
from denggao.systems.craftsmen.actions.revoking import ActRefused, confirm_act, dismiss_act, keep_medal, propose_act
from denggao.systems.craftsmen.hooks import craftsman_revoked
from denggao.systems.craftsmen.models import BonusOrder, Craftsman, CraftsmanAct, Medal
from tests.at_once import at_once
from tests.systems.craftsmen.scene import a_nominee, named


def proposed(cast, craftsman, now, **given) -> CraftsmanAct:
    facts = {"kind": "revoke", "grounds": "forged", "reason": "业绩材料不实。", "document": "沪临工匠〔2022〕030号", **given}
    return propose_act(craftsman, **facts, actor=cast.clerk, now=now)


def revoked(cast, now, **given) -> Craftsman:
    craftsman = named(cast, now, **given)
    confirm_act(proposed(cast, craftsman, now), actor=cast.approver, now=now)
    craftsman.refresh_from_db()
    return craftsman


def test_a_revocation_takes_title_certificate_and_count_and_keeps_the_history(cast, now):
    craftsman = revoked(cast, now)

    assert (craftsman.state, craftsman.ended_on) == ("revoked", now.date())
    assert craftsman.certificate.status == "withdrawn"
    assert list(Entry.objects.order_by("id").values_list("sign", flat=True)) == [1, -1]
    assert CraftsmanAct.objects.get().decided_by == cast.approver.id


def test_the_bonus_that_nobody_took_over_is_cancelled_and_one_that_was_is_claimed_back(cast, now):
    first = revoked(cast, now)
    second = named(cast, now, round_=first.nomination.round, nominee=a_nominee(cast, "沈听澜"))
    BonusOrder.objects.filter(craftsman=second).update(state="handed_over")
    confirm_act(proposed(cast, second, now), actor=cast.approver, now=now)

    assert BonusOrder.objects.get(craftsman=first).state == "cancelled"
    assert BonusOrder.objects.get(craftsman=second).state == "to_claim_back"


def test_a_medal_that_was_handed_over_is_called_back(cast, now):
    craftsman = named(cast, now)
    medal = Medal.objects.get(craftsman=craftsman)
    keep_medal(medal, state="held", on=now.date(), actor=cast.clerk, now=now)
    confirm_act(proposed(cast, craftsman, now), actor=cast.approver, now=now)
    medal.refresh_from_db()

    assert medal.state == "recalled"
    with pytest.raises(ActRefused, match="enter the day"):
        keep_medal(medal, state="returned", actor=cast.clerk, now=now)
    with pytest.raises(ActRefused, match="can’t follow"):
        keep_medal(medal, state="held", on=now.date(), actor=cast.clerk, now=now)
    assert keep_medal(medal, state="returned", on=now.date(), actor=cast.clerk, now=now).state == "returned"


def test_a_lost_medal_says_how(cast, now):
    medal = Medal.objects.get(craftsman=named(cast, now))

    with pytest.raises(ActRefused, match="how it was lost"):
        keep_medal(medal, state="lost", actor=cast.clerk, now=now)


def test_whoever_proposed_does_not_confirm(cast, now):
    craftsman = named(cast, now)
    act = propose_act(craftsman, kind="revoke", grounds="forged", reason="不实", actor=cast.reviewer, now=now)
    CraftsmanAct.objects.filter(pk=act.pk).update(proposed_by=cast.approver.id)
    act.refresh_from_db()

    with pytest.raises(ActRefused, match="a second person must"):
        confirm_act(act, actor=cast.approver, now=now)


@pytest.mark.parametrize("part", ["approver", "hr", "worker", "auditor", "expert", "finance"])
def test_only_clerk_and_reviewer_propose(cast, now, part):
    craftsman = named(cast, now)

    with pytest.raises(NotAllowed):
        propose_act(craftsman, kind="revoke", grounds="forged", reason="不实", actor=getattr(cast, part), now=now)


@pytest.mark.parametrize("part", ["clerk", "reviewer", "hr", "worker", "auditor"])
def test_only_an_approver_confirms(cast, now, part):
    act = proposed(cast, named(cast, now), now)

    with pytest.raises(NotAllowed):
        confirm_act(act, actor=getattr(cast, part), now=now)


def test_one_act_waits_at_a_time(cast, now):
    craftsman = named(cast, now)
    proposed(cast, craftsman, now)

    with pytest.raises(ActRefused, match="Something else is proposed"):
        proposed(cast, craftsman, now)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"grounds": "mistake"}, ActRefused),
        ({"grounds": "?"}, ActRefused),
        ({"kind": "reinstate"}, ActRefused),
    ],
)
def test_what_makes_no_sense_is_not_proposed(cast, now, given, error):
    with pytest.raises(error):
        proposed(cast, named(cast, now), now, **given)


def test_what_was_dismissed_changes_nothing(cast, now):
    craftsman = named(cast, now)
    act = dismiss_act(proposed(cast, craftsman, now), reason="证据不足", actor=cast.approver, now=now)
    craftsman.refresh_from_db()

    assert (act.state, craftsman.state) == ("dismissed", "named")
    with pytest.raises(ActRefused, match="decided before"):
        confirm_act(act, actor=cast.approver, now=now)


def test_a_title_is_given_back_by_a_decision_with_a_new_certificate(cast, now):
    craftsman = revoked(cast, now)
    act = propose_act(craftsman, kind="reinstate", grounds="", reason="复核属实", actor=cast.reviewer, now=now)
    confirm_act(act, actor=cast.approver, now=now)

    again = Craftsman.objects.in_force().get()
    assert (again.before, again.person) == (craftsman, craftsman.person)
    assert again.certificate.number == "LG-G-2022-002"
    assert list(Entry.objects.order_by("id").values_list("sign", flat=True)) == [1, -1, 1]
    assert (Medal.objects.count(), BonusOrder.objects.count()) == (1, 1), "no second medal, no second bonus"


def test_other_rooms_hear_of_it_inside_the_act(cast, now):
    heard = []

    def hear(craftsman, *, reason, on, actor, now):
        heard.append((craftsman.person.name, reason, on))

    craftsman_revoked.plug(hear)
    try:
        revoked(cast, now)
    finally:
        craftsman_revoked._handlers.remove(hear)

    assert heard == [("周启明", "业绩材料不实。", now.date())]


def test_the_craftsman_and_the_employer_are_told(cast, now):
    revoked(cast, now, nominee=a_nominee(cast, account=True))

    assert set(Message.objects.values_list("code", flat=True)) >= {
        "craftsmen.revoked",
        "craftsmen.revoked_here",
        "craftsmen.act.proposed",
    }


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_revoke_once(cast, now):
    act = proposed(cast, named(cast, now), now)

    done = at_once(*(lambda: confirm_act(CraftsmanAct.objects.get(pk=act.pk), actor=cast.approver, now=now) for _ in range(2)))

    assert done == ["ActRefused", "done"]
    assert Entry.objects.filter(sign=-1).count() == 1
