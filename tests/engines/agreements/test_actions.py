"""Who may sign what, and what each word does: the complaints other products' users had are the list."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, transaction

from denggao.engines.agreements.actions import (
    AlreadySpoken,
    Barred,
    NotOpen,
    SecondFactorMissing,
    SigningRefused,
    StaleText,
    ask_signatures,
    refuse_to_sign,
    sign,
    void_request,
)
from denggao.engines.agreements.models import Refusal, Signature, Signer, SigningRequest
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import Grant, Role, account, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.messages.models import Message
from denggao.foundation.people.signin.proofs import Factor, SecondFactorGiven
from tests.cast import ORIGIN
from tests.engines.agreements.matter import KIND, TEXT, a_signatory, asked, factor

pytestmark = pytest.mark.django_db


def signed(request, body, actor, now, **changed):
    given = {"shown_hash": request.content_hash, "second_factor": factor(actor, now), **changed}
    return sign(request, organisation=body, actor=actor, now=now, **given)


def refused(request, body, actor, now, reason="场地面积与承诺不符", shown_hash=None):
    return refuse_to_sign(
        request, organisation=body, shown_hash=shown_hash or request.content_hash, reason=reason, actor=actor, now=now
    )


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_signing_in_any_order_is_complete_with_the_last_and_not_before(cast, three, matter, now, order):
    request = asked(matter, three.bodies, cast, now)

    for step, at in enumerate(order):
        assert matter.told == []
        signed(request, *three.pairs[at], now + dt.timedelta(minutes=step))

    request.refresh_from_db()
    assert matter.told == [("complete", 1)]
    assert request.state == SigningRequest.State.COMPLETE
    assert request.ended_at == now + dt.timedelta(minutes=2)


def test_a_signature_keeps_who_for_which_body_over_which_hash_how_and_when(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)

    said = signed(request, three.labour, three.for_labour, now, second_factor=factor(three.for_labour, now, Factor.RECOVERY_CODE))

    assert (said.account_id, said.name, said.body_name) == (three.for_labour.id, "林人社", "示范区人力资源和社会保障局")
    assert (said.hash_seen, said.second_factor, said.origin, said.at) == (request.content_hash, "recovery_code", ORIGIN, now)
    assert Record.objects.get(action="agreements.sign").object_id == str(said.public_id)


def test_the_audit_of_a_signature_holds_no_name(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)

    signed(request, three.labour, three.for_labour, now)

    record = Record.objects.get(action="agreements.sign")
    assert "林人社" not in str({name: getattr(record, name) for name in ("before", "after", "object_text")})
    assert record.after["hash_seen"] == request.content_hash
    assert record.after["second_factor"] == "totp"


def test_asking_tells_each_signatory_where_to_sign(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)

    told = Message.objects.filter(code="agreements.asked")
    assert {message.account_id for message in told} == {actor.user.pk for _body, actor in three.pairs}
    assert {message.link for message in told} == {f"/signatures/{request.public_id}/"}


@pytest.mark.parametrize("part", ["clerk", "approver", "administrator", "hr", "base_manager", "expert", "worker", "visitor"])
def test_nobody_signs_without_the_role_in_that_body(cast, three, matter, now, part):
    request = asked(matter, three.bodies, cast, now)
    actor = getattr(cast, part)

    for act in (signed, refused):
        with pytest.raises(NotAllowed):
            act(request, three.union, actor, now)

    assert not Signature.objects.exists()
    assert not Refusal.objects.exists()


def test_an_authority_signs_for_no_other_body_and_the_operator_for_none(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)

    with pytest.raises(NotAllowed):
        signed(request, three.labour, three.for_area, now)
    with pytest.raises(NotAllowed):
        signed(request, three.labour, operator("sign"), now)


def test_a_role_that_ended_signs_nothing(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)
    without = account(three.for_labour.user, [], ORIGIN)

    with pytest.raises(NotAllowed):
        signed(request, three.labour, without, now)


def test_who_acted_for_the_office_on_the_matter_does_not_sign(cast, three, matter, now):
    both = account(three.for_labour.user, [Grant(Role.CLERK), Grant(Role.AUTHORITY, three.labour.pk)], ORIGIN)
    request = asked(matter, three.bodies, cast, now)
    matter.office.add(both.id)

    with pytest.raises(Barred, match="office"):
        signed(request, three.labour, both, now)

    assert Signer.objects.filter(state=Signer.State.WAITING).count() == 3


@pytest.mark.parametrize("given", ["none", "another account's", "too old", "of the future"])
def test_a_signature_needs_a_second_factor_of_its_own(cast, three, matter, now, given):
    request = asked(matter, three.bodies, cast, now)
    proof = {
        "none": None,
        "another account's": factor(three.for_area, now),
        "too old": SecondFactorGiven(three.for_labour.id, Factor.APP, now - dt.timedelta(minutes=5, seconds=1)),
        "of the future": SecondFactorGiven(three.for_labour.id, Factor.APP, now + dt.timedelta(seconds=1)),
    }[given]

    with pytest.raises(SecondFactorMissing):
        signed(request, three.labour, three.for_labour, now, second_factor=proof)

    assert not Signature.objects.exists()


def test_a_page_that_shows_another_text_signs_nothing(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)

    for act in (signed, refused):
        with pytest.raises(StaleText, match="Load it again"):
            act(request, three.union, three.for_union, now, shown_hash="0" * 64)

    assert not Signature.objects.exists()


def test_an_edit_voids_what_was_signed_and_the_old_form_signs_nothing(cast, three, matter, now):
    old = asked(matter, three.bodies, cast, now)
    signed(old, three.union, three.for_union, now)
    later = now + dt.timedelta(hours=1)

    new = asked(matter, three.bodies, cast, later, content={**TEXT, "期限": "2022-10-10 至 2024-10-09"})

    with pytest.raises(StaleText, match="no longer holds") as stale:
        signed(old, three.labour, three.for_labour, later)
    assert stale.value.newer == new
    assert new.round == 2
    assert new.content_hash != old.content_hash
    assert new.signers.filter(state=Signer.State.WAITING).count() == 3
    assert Message.objects.get(code="agreements.void").account == three.for_union.user
    assert matter.told == []


def test_signatures_of_two_rounds_do_not_add_up(cast, three, matter, now):
    old = asked(matter, three.bodies, cast, now)
    signed(old, three.union, three.for_union, now)
    new = asked(matter, three.bodies, cast, now, title_zh="认定滴水湖实训基地（修订）")

    signed(new, three.labour, three.for_labour, now)
    signed(new, three.area, three.for_area, now)

    assert matter.told == []
    signed(new, three.union, three.for_union, now)
    assert matter.told == [("complete", 2)]


def test_the_same_text_asked_twice_is_one_request_and_keeps_its_signatures(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)
    signed(request, three.union, three.for_union, now)

    again = asked(matter, three.bodies, cast, now, content=dict(reversed(TEXT.items())))

    assert again == request
    assert again.state == SigningRequest.State.OPEN
    assert Signature.objects.count() == 1


def test_a_double_click_is_one_signature(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)
    said = signed(request, three.union, three.for_union, now)

    with pytest.raises(AlreadySpoken, match="has signed already") as again:
        signed(request, three.union, three.for_union, now)

    assert again.value.word == said
    assert Signature.objects.count() == 1
    assert Record.objects.filter(action="agreements.sign").count() == 1


def test_a_second_officer_of_a_body_learns_that_a_colleague_signed(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)
    signed(request, three.labour, three.for_labour, now)
    colleague = a_signatory(three.labour, "同事", now)

    with pytest.raises(AlreadySpoken, match="林人社"):
        signed(request, three.labour, colleague, now)
    with pytest.raises(AlreadySpoken, match="林人社"):
        refused(request, three.labour, colleague, now)


def test_a_refusal_ends_the_request_with_its_reason(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)
    signed(request, three.union, three.for_union, now)

    said = refused(request, three.labour, three.for_labour, now)

    request.refresh_from_db()
    assert (request.state, request.end_reason) == ("refused", "场地面积与承诺不符")
    assert (said.reason, said.name) == ("场地面积与承诺不符", "林人社")
    assert matter.told == [("refused", 1)]
    with pytest.raises(NotOpen, match="场地面积"):
        signed(request, three.area, three.for_area, now)
    assert Record.objects.filter(action="agreements.refuse").count() == 1


def test_a_refusal_without_a_reason_is_none(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)

    with pytest.raises(SigningRefused, match="Reason"):
        refused(request, three.labour, three.for_labour, now, reason="  \n ")

    assert not Refusal.objects.exists()
    assert matter.told == []


def test_after_a_refusal_the_same_text_may_be_asked_again_in_a_new_round(cast, three, matter, now):
    refused(asked(matter, three.bodies, cast, now), three.labour, three.for_labour, now)

    again = asked(matter, three.bodies, cast, now)

    assert (again.round, again.state) == (2, "open")


@pytest.mark.parametrize("end", ["complete", "refused", "void"])
def test_what_has_ended_takes_no_word_and_is_not_voided(cast, three, matter, now, end):
    request = asked(matter, [three.union, three.labour] if end != "complete" else [three.union], cast, now)
    if end == "complete":
        signed(request, three.union, three.for_union, now)
    elif end == "refused":
        refused(request, three.union, three.for_union, now)
    else:
        void_request(request, reason="单位撤回申报", actor=cast.clerk, now=now)
    told = list(matter.told)

    with pytest.raises(SigningRefused):
        signed(request, three.union, three.for_union, now)
    with pytest.raises(NotOpen):
        void_request(request, reason="再次作废", actor=cast.clerk, now=now)

    assert matter.told == told


def test_only_the_office_and_who_manages_the_matter_ask_and_void(cast, three, matter, now):
    for actor in (cast.hr, cast.authority, cast.worker, cast.visitor):
        with pytest.raises(NotAllowed):
            asked(matter, three.bodies, cast, now, actor=actor)
    request = asked(matter, three.bodies, cast, now)
    with pytest.raises(NotAllowed):
        void_request(request, reason="不想要了", actor=cast.hr, now=now)
    matter.managers.add(cast.hr.id)

    void_request(request, reason="单位撤回申报", actor=cast.hr, now=now)

    assert Record.objects.filter(action="agreements.request.void").count() == 1


def test_a_request_names_its_signers(cast, matter, now):
    with pytest.raises(SigningRefused, match="Signers"):
        ask_signatures(KIND, matter.id, title_zh="空", content={}, signers=[], actor=cast.clerk, now=now)


def test_what_follows_from_the_last_signature_fails_with_it_or_not_at_all(cast, three, matter, now, monkeypatch):
    request = asked(matter, [three.union], cast, now)
    monkeypatch.setattr(matter, "told", None)

    with pytest.raises(AttributeError):
        signed(request, three.union, three.for_union, now)

    request.refresh_from_db()
    assert request.state == SigningRequest.State.OPEN
    assert not Signature.objects.exists()


def test_the_database_holds_one_open_request_a_matter(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now)
    request.pk, request.public_id, request.round = None, matter.id, 2

    with pytest.raises(IntegrityError), transaction.atomic():
        request.save(force_insert=True)
