"""Signatories are reminded once before the day and once after it, and only those whose body has not spoken."""

import datetime as dt

import pytest

from denggao.engines.agreements.actions import sign
from denggao.engines.agreements.reminding import remind_signers
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import system
from denggao.foundation.messages.models import Message
from tests.engines.agreements.matter import asked, factor

pytestmark = pytest.mark.django_db
PRODUCT = system("agreements.remind")
# Friday; the two working days after the demo's Monday are Tuesday and Wednesday.
DUE = dt.date(2022, 10, 14)


def reminded(now):
    before = Message.objects.filter(code="agreements.due").count()
    remind_signers(actor=PRODUCT, now=now)
    return Message.objects.filter(code="agreements.due").count() - before


def test_once_shortly_before_the_day_and_once_after_it(cast, three, matter, now):
    asked(matter, three.bodies, cast, now, due_on=DUE)

    told = [reminded(now + dt.timedelta(days=day)) for day in range(9)]

    assert told == [0, 0, 3, 0, 0, 3, 0, 0, 0]


def test_a_second_run_on_the_same_day_tells_nobody_twice(cast, three, matter, now):
    asked(matter, three.bodies, cast, now, due_on=now.date())

    assert [reminded(now), reminded(now + dt.timedelta(minutes=5))] == [3, 0]


def test_who_has_signed_and_what_has_no_day_is_left_alone(cast, three, matter, now):
    request = asked(matter, three.bodies, cast, now, due_on=now.date())
    sign(
        request, organisation=three.union, shown_hash=request.content_hash,
        second_factor=factor(three.for_union, now), actor=three.for_union, now=now,
    )  # fmt: skip

    assert reminded(now) == 2
    assert not Message.objects.filter(code="agreements.due", account=three.for_union.user).exists()


def test_a_request_without_a_day_reminds_nobody(cast, three, matter, now):
    asked(matter, three.bodies, cast, now)

    assert reminded(now + dt.timedelta(days=99)) == 0


def test_only_the_product_reminds(cast, now):
    with pytest.raises(NotAllowed):
        remind_signers(actor=cast.administrator, now=now)
