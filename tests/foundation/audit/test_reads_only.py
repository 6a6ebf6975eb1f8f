"""Reads cannot write."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.middleware import ReadsOnlyMiddleware, WriteInRead

pytestmark = pytest.mark.django_db


def writing(request: HttpRequest) -> HttpResponse:
    User.objects.create_user()
    return HttpResponse("done")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_is_looked_at_cannot_write(method):
    request = getattr(RequestFactory(), method)("/")

    with pytest.raises(WriteInRead, match="accounts_user"), transaction.atomic():
        ReadsOnlyMiddleware(writing)(request)

    assert not User.objects.exists()


def test_a_post_writes():
    ReadsOnlyMiddleware(writing)(RequestFactory().post("/"))

    assert User.objects.count() == 1


@pytest.mark.parametrize("change", [lambda: User.objects.update(language="en"), lambda: User.objects.all().delete()])
def test_changes_and_removals_are_refused_too(change):
    User.objects.create_user()

    with pytest.raises(WriteInRead):
        ReadsOnlyMiddleware(lambda request: HttpResponse(str(change())))(RequestFactory().get("/"))


def test_reads_and_the_session_pass():
    def reading(request: HttpRequest) -> HttpResponse:
        Session.objects.filter(session_key="x").delete()
        return HttpResponse(str(User.objects.select_for_update().count()))

    assert ReadsOnlyMiddleware(reading)(RequestFactory().get("/")).content == b"0"


def test_after_the_page_writing_goes_on():
    ReadsOnlyMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))

    assert User.objects.create_user().pk
