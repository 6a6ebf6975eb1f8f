import datetime as dt
import hashlib
import io
import uuid

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import account, operator, visitor
from denggao.foundation.audit.models import Record
from denggao.foundation.files.actions import FileNotTaken, FileTooLarge, erase_file, store_file, sweep_store
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_read_file
from denggao.foundation.files.queries import FileGone, open_file
from tests.foundation.files.test_rules import workbook

pytestmark = pytest.mark.django_db
OPERATOR = operator("test")
SHEETS = ("xlsx", "xls", "csv")


def test_a_stored_file_opens_as_it_was_and_lies_encrypted(now):
    data = workbook()

    stored = store_file("../名册.xlsx", io.BytesIO(data), kind="test", taken=SHEETS, actor=OPERATOR, now=now)

    with open_file(stored) as opened:
        assert openpyxl.load_workbook(opened).sheetnames == ["Sheet"]
    assert (stored.name, stored.size, stored.sha256) == ("名册.xlsx", len(data), hashlib.sha256(data).hexdigest())
    assert stored.content_type.endswith("spreadsheetml.sheet")
    with default_storage.open(stored.path) as raw:
        assert b"xl/workbook.xml" not in raw.read()


def test_storing_leaves_an_audit_record(now):
    stored = store_file("a.csv", b"a,b", kind="test", actor=OPERATOR, now=now)

    record = Record.objects.get()
    assert (record.action, record.object_id) == ("files.file.store", str(stored.public_id))
    assert record.after["sha256"] == stored.sha256


def test_a_visitor_stores_nothing(now):
    with pytest.raises(NotAllowed):
        store_file("a.csv", b"a,b", kind="test", actor=visitor(), now=now)

    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b"MZ\x90\x00"),
        ("a.csv", workbook()),
        ("a.pdf", b"%PDF-1.7"),
        ("a", workbook()),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    ],
)
def test_a_file_of_another_kind_is_refused_and_leaves_nothing(name, data, now):
    now = now.replace(year=1999)
    with pytest.raises(FileNotTaken):
        store_file(name, data, kind="test", taken=SHEETS, actor=OPERATOR, now=now)

    assert not StoredFile.objects.exists()
    assert not default_storage.exists("1999")


def test_a_file_at_the_limit_is_taken_one_byte_more_is_not(now):
    store_file("a.csv", b"x" * 100, kind="test", limit=100, actor=OPERATOR, now=now)
    with pytest.raises(FileTooLarge):
        store_file("a.csv", b"x" * 101, kind="test", limit=100, actor=OPERATOR, now=now)


def test_an_erased_file_is_gone_and_its_row_stays(now, django_capture_on_commit_callbacks):
    stored = store_file("a.csv", b"a,b", kind="test", actor=OPERATOR, now=now)

    with django_capture_on_commit_callbacks(execute=True):
        erase_file(stored, actor=OPERATOR, now=now)

    with pytest.raises(FileGone):
        open_file(stored)
    assert not default_storage.exists(stored.path)
    assert StoredFile.objects.get().erased_at == now


def test_who_stored_a_file_reads_it_others_only_by_policy(now):
    owner, other = (account(User.objects.create_user(), []) for _number in range(2))
    stored = store_file("a.csv", b"a,b", kind="test.unregistered", actor=owner, now=now)

    assert can_read_file(owner, stored)
    assert not can_read_file(other, stored)
    assert not can_read_file(visitor(), stored)


def test_the_sweep_removes_what_no_act_stands_for(now):
    long_ago = now - dt.timedelta(days=3)
    kept = store_file("a.csv", b"a,b", kind="test", actor=OPERATOR, now=long_ago)
    with transaction.atomic():
        lost = store_file("a.csv", b"a,b", kind="test", actor=OPERATOR, now=long_ago)
        transaction.set_rollback(True)
    fresh = default_storage.save(f"{now:%Y/%m/%d}/{uuid.uuid4().hex}", ContentFile(b"x"))

    removed = sweep_store(today=now.date())

    assert removed == 1
    assert [default_storage.exists(path) for path in (kept.path, lost.path, fresh)] == [True, False, True]
