"""What a conflict of interest hides from whoever reads the audit: every record of the case, wherever it could be met."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from denggao.engines.agreements.models import SigningRequest
from denggao.engines.cases.procedures import registered
from denggao.engines.notices.models import NoticeItem
from denggao.engines.reviews.actions.conflicts import pin_conflict
from denggao.engines.reviews.models import Assignment, Conflict, Panel
from denggao.foundation.audit.actions import unmask_record
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.policies import can_unmask_record, visible_records
from denggao.foundation.audit.seals import seal_pending
from denggao.foundation.organisations.models import Membership
from denggao.foundation.organisations.queries import actor_of_account
from tests.engines.cases.procedures import FULL, SHORT, forget
from tests.engines.cases.test_full_way import at_cosign
from tests.engines.reviews.scene import a_rubric, an_expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast, now):
    """Judged, ranked, noticed, decided, to be signed; with a conflict that somebody else looked behind in the audit."""
    a_rubric()
    forget()
    with registered(SHORT, FULL):
        case = at_cosign(cast, now)
        Panel.objects.filter(subject_id=case.public_id).update(state="scoring", closed_at=None)
        panel = Panel.objects.get(subject_id=case.public_id)
        pin_conflict(panel, an_expert("甲"), reason="师门", actor=cast.reviewer, now=now)
        record = Record.objects.get(action="reviews.conflict.pinned")
        unmask_record(record, reason="复核", actor=cast.auditor, now=now)
        seal_pending(now + dt.timedelta(hours=1))
        yield case


def test_a_conflicted_reader_meets_nothing_of_the_case_in_the_audit(cast, now, case):
    ids = {str(case.public_id)}
    for model in (Panel, SigningRequest, NoticeItem):
        ids |= {str(one.public_id) for one in model.objects.filter(subject_id=case.public_id)}
    for model in (Assignment, Conflict):
        ids |= {str(one.public_id) for one in model.objects.filter(panel__subject_id=case.public_id)}
    told = (case.number, case.title, "师门")
    Membership.objects.create(
        account=cast.user("auditor"), role="base_manager", organisation=cast.base, from_on=dt.date(2020, 1, 1)
    )
    auditor = actor_of_account(str(cast.user("auditor").public_id), now.date())
    assert auditor is not None
    hers, his = cast.client_of("auditor"), cast.client_of("administrator")
    whole = his.get(reverse("auditing:list"), {"export": "csv"}).content.decode()

    shown = hers.get(reverse("auditing:list"), {"export": "csv"}).content.decode()

    assert all(name in whole for name in (case.number, case.title))
    assert len([one for one in ids if one in whole]) >= 7
    assert [name for name in (*told, *ids) if name in shown] == []
    kept = visible_records(auditor)
    assert 0 < kept.count() < Record.objects.count()
    left = " ".join(f"{one.action} {one.object_id} {one.object_text} {one.before} {one.after}" for one in kept)
    assert [name for name in (case.number, case.title, *ids) if name in left] == []
    for record in Record.objects.filter(object_id__in=ids):
        assert hers.get(reverse("auditing:list"), {"object": record.object_id}).context["rows"] == []
        assert hers.get(reverse("auditing:record", args=[record.act_id, record.position])).status_code == 404
        assert hers.get(reverse("auditing:numbered", args=[record.number])).status_code == 404
        assert not can_unmask_record(auditor, record)
        where = reverse("auditing:unmask", args=[record.act_id, record.position])
        assert hers.post(where, {"reason": "x"}).status_code == 404
        assert hers.get(reverse("auditing:list"), {"act": record.act_id}).context["rows"] == [
            row for row in hers.get(reverse("auditing:list"), {"act": record.act_id}).context["rows"]
            if row.record.object_id not in ids
        ]  # fmt: skip
    assert not kept.filter(action="audit.record.unmask").exists()


def test_companions_of_a_record_are_without_what_is_hidden(cast, now, case):
    """One act that touched the case and something else."""
    record = Record.objects.filter(object_id=str(case.public_id)).latest("pk")
    Record.objects.create(
        act_id=record.act_id, position=90, action="people.person.correct", object_type="people.person", object_id="1",
        object_text="陈*", actor_kind="system", actor_id="system", actor_text="system", at=now, mac=b"",
    )  # fmt: skip
    where = reverse("auditing:record", args=[record.act_id, 90])
    assert case.title in cast.client_of("auditor").get(where).content.decode()

    Membership.objects.create(account=cast.user("auditor"), role="hr", organisation=cast.base, from_on=dt.date(2020, 1, 1))

    page = cast.client_of("auditor").get(where)
    assert page.status_code == 200
    assert case.title not in page.content.decode()


def test_hiding_costs_the_same_for_any_number_of_records(cast, now, case, django_assert_max_num_queries):
    Membership.objects.create(account=cast.user("auditor"), role="hr", organisation=cast.base, from_on=dt.date(2020, 1, 1))
    client = cast.client_of("auditor")
    with django_assert_max_num_queries(72) as asked:
        client.get(reverse("auditing:list"))
    Record.objects.bulk_create(
        Record(action="x", actor_kind="system", actor_id="system", actor_text="system", at=now, mac=b"") for _one in range(30)
    )
    with django_assert_max_num_queries(len(asked)):
        client.get(reverse("auditing:list"))
