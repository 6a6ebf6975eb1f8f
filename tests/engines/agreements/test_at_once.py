"""Signatures at the same moment: one a body, and one completion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from denggao.engines.agreements.actions import ask_signatures, refuse_to_sign, sign, void_request
from denggao.engines.agreements.models import Refusal, Signature, SigningRequest
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from tests.at_once import at_once
from tests.cast import make_cast
from tests.engines.agreements.conftest import Three, make_three
from tests.engines.agreements.matter import KIND, TEXT, Matter, a_signatory, factor, registered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(now: dt.datetime) -> Iterator[tuple[Matter, Three, SigningRequest]]:
    cast = make_cast(now)
    three = make_three(cast, now)
    with registered(Matter()) as matter:
        yield (
            matter,
            three,
            ask_signatures(KIND, matter.id, title_zh="认定", content=TEXT, signers=three.bodies, actor=cast.clerk, now=now),
        )


def signing(request: SigningRequest, body: Organisation, actor: Actor, now: dt.datetime) -> Callable[[], object]:
    def act() -> object:
        fresh = SigningRequest.objects.get(pk=request.pk)
        return sign(
            fresh, organisation=body, shown_hash=request.content_hash, second_factor=factor(actor, now), actor=actor, now=now
        )

    return act


def test_two_last_signers_at_once_complete_once(scene, now):
    matter, three, request = scene
    signing(request, three.union, three.for_union, now)()

    outcomes = at_once(signing(request, three.labour, three.for_labour, now), signing(request, three.area, three.for_area, now))

    assert outcomes == ["done", "done"]
    assert matter.told == [("complete", 1)]
    assert Signature.objects.count() == 3


def test_three_signers_at_once_complete_once(scene, now):
    matter, three, request = scene

    outcomes = at_once(*(signing(request, body, actor, now) for body, actor in three.pairs))

    assert outcomes == ["done"] * 3
    assert matter.told == [("complete", 1)]


def test_a_double_click_at_once_is_one_signature(scene, now):
    _matter, three, request = scene

    outcomes = at_once(*[signing(request, three.union, three.for_union, now)] * 3)

    assert outcomes == ["AlreadySpoken", "AlreadySpoken", "done"]
    assert Signature.objects.count() == 1


def test_two_officers_of_a_body_at_once_are_one_signature(scene, now):
    _matter, three, request = scene
    colleague = a_signatory(three.labour, "同事", now)

    outcomes = at_once(signing(request, three.labour, three.for_labour, now), signing(request, three.labour, colleague, now))

    assert outcomes == ["AlreadySpoken", "done"]
    assert Signature.objects.count() == 1


def test_the_last_signature_and_a_void_at_once_are_one_of_the_two(scene, now):
    matter, three, request = scene
    manager = a_signatory(three.area, "经办", now)
    matter.managers.add(manager.id)
    signing(request, three.union, three.for_union, now)()
    signing(request, three.labour, three.for_labour, now)()

    outcomes = at_once(
        signing(request, three.area, three.for_area, now),
        lambda: void_request(SigningRequest.objects.get(pk=request.pk), reason="撤回", actor=manager, now=now),
    )

    request.refresh_from_db()
    if request.state == SigningRequest.State.COMPLETE:
        assert (outcomes, matter.told) == (["NotOpen", "done"], [("complete", 1)])
    else:
        assert (request.state, outcomes, matter.told) == ("void", ["StaleText", "done"], [])
        assert Signature.objects.count() == 2


def test_the_last_signature_and_a_refusal_at_once_are_one_of_the_two(scene, now):
    matter, three, request = scene
    signing(request, three.union, three.for_union, now)()

    outcomes = at_once(
        signing(request, three.labour, three.for_labour, now),
        lambda: refuse_to_sign(
            SigningRequest.objects.get(pk=request.pk),
            organisation=three.area,
            shown_hash=request.content_hash,
            reason="不同意",
            actor=three.for_area,
            now=now,
        ),
    )

    request.refresh_from_db()
    assert request.state == SigningRequest.State.REFUSED
    assert matter.told == [("refused", 1)]
    assert Refusal.objects.count() == 1
    assert outcomes in (["NotOpen", "done"], ["done", "done"])
