"""What was shown and what was written can't be changed afterwards: the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from denggao.engines.notices.models import NoticeSnapshot
from tests.engines.notices.conftest import Told, a_notice, at

pytestmark = pytest.mark.django_db


def test_a_snapshot_is_never_changed(told: Told) -> None:
    notice = a_notice(at("2022-10-08 09:00"))
    taken = notice.snapshots.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeSnapshot.objects.filter(pk=taken.pk).update(content_hash="0" * 64)

    assert NoticeSnapshot.objects.get(pk=taken.pk).content_hash == taken.content_hash
