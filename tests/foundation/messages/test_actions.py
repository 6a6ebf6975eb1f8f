import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext_noop

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.actors import account, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.registry import KINDS, job
from denggao.foundation.jobs.work import drain
from denggao.foundation.messages import registry
from denggao.foundation.messages.actions import mark_all_read, mark_read, send, set_preference
from denggao.foundation.messages.models import Message
from denggao.foundation.messages.queries import row_of, unread_count
from denggao.foundation.messages.tasks import send_sms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "_KINDS", dict(registry._KINDS))
    registry.register("test.done", title="%(name)s is ready", body=gettext_noop("Message"), tone=registry.Tone.DONE)
    registry.register("test.quiet", title="Quiet", by_mail=False)


@pytest.fixture
def reader():
    user = User.objects.create_user(language="en")
    EmailAddress.objects.create(user=user, email="reader@example.org", verified=True, primary=True)
    return user


def test_a_message_is_read_in_the_readers_language(reader, now):
    message = send(reader, "test.done", {"name": {"zh": "名册", "en": "The roster"}}, "/imports/1/", now=now)

    with translation.override("en"):
        english = row_of(message)
    with translation.override("zh-hans"):
        chinese = row_of(message)
    assert (english.title, chinese.title) == ("The roster is ready", "名册 is ready")
    assert english.unread


def test_an_unknown_code_is_refused(reader, now):
    with pytest.raises(KeyError):
        send(reader, "test.nothing", {}, now=now)


def test_a_link_that_leads_elsewhere_is_refused(reader, now):
    with pytest.raises(IntegrityError):
        send(reader, "test.done", {"name": "x"}, "//elsewhere.example/", now=now)


def test_a_message_goes_out_by_mail_once(reader, now):
    message = send(reader, "test.done", {"name": "The roster"}, "/imports/1/", now=now)
    drain(clock=lambda: now)
    enqueue("messages.mail", {"message": str(message.public_id)}, actor=operator("test"), now=now)
    drain(clock=lambda: now)

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [(["reader@example.org"], "The roster is ready")]
    assert "/imports/1/" in mail.outbox[0].body
    message.refresh_from_db()
    assert message.mailed_at == now


@pytest.mark.parametrize("change", ["unwanted", "unconfirmed", "closed", "demo", "quiet"])
def test_no_mail_goes_where_it_should_not(reader, now, change):
    if change == "unwanted":
        set_preference(by_mail=False, actor=account(reader, []), now=now)
    elif change == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    elif change == "closed":
        User.objects.update(is_active=False)
    elif change == "demo":
        reader.is_demo = True
        reader.save()
    send(reader, "test.quiet" if change == "quiet" else "test.done", {"name": "x"}, now=now)
    drain(clock=lambda: now)

    assert not mail.outbox
    assert not Job.objects.exists()
    assert Message.objects.count() == 1


def test_marking_read_counts_down_and_leaves_no_record(reader, now):
    messages = [send(reader, "test.quiet", now=now) for _number in range(3)]
    actor = account(reader, [])

    mark_read(messages[0], actor=actor, now=now)

    assert unread_count(actor) == 2
    assert mark_all_read(actor=actor, now=now) == 2
    assert unread_count(actor) == 0
    assert not Record.objects.exists()


def test_somebody_elses_message_cannot_be_marked(reader, now):
    message = send(reader, "test.quiet", now=now)

    with pytest.raises(NotAllowed):
        mark_read(message, actor=account(User.objects.create_user(), []), now=now)


def test_who_asked_for_a_job_hears_that_it_failed(reader, now, monkeypatch):
    monkeypatch.setattr("denggao.foundation.jobs.registry.KINDS", KINDS)

    @job("test.fails", title="Reading the roster", attempts=1)
    def fails(arguments, progress):
        raise ValueError("secret")

    enqueue("test.fails", {}, link="/imports/7/", actor=account(reader, []), now=now)
    drain(clock=lambda: now)
    del KINDS["test.fails"]

    message = Message.objects.get()
    assert (message.code, message.link) == ("jobs.failed", "/imports/7/")
    assert "secret" not in str(message.values)


def test_a_text_message_lies_encrypted_until_it_is_sent(now, capsys):
    asked = send_sms("13900000001", "Your code is 123456", actor=operator("test"), now=now)
    kept = str(Job.objects.get(pk=asked.pk).arguments)
    drain(clock=lambda: now)

    assert "13900000001" not in kept
    assert "123456" not in kept
    assert capsys.readouterr().out == "SMS to …0001: Your code is 123456\n"
