"""The public pages: what is shown, to whom, and that an objection can be sent from a phone without an account."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.engines.notices.conftest import Told, a_notice

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def token_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_every_page_opens(told: Told, cast: Cast) -> None:
    notice = a_notice(timezone.now())
    clerk = cast.client_of("clerk")
    for address in (
        "/notices/",
        "/notices/?state=ended",
        "/notices/?q=zzz",
        "/notices/feed/",
        "/notices/follow/",
        f"/notices/{notice.public_id}/",
        f"/notices/{notice.public_id}/object/",
        f"/notices/{notice.public_id}/proof/",
        f"/notices/{notice.public_id}/proof/1/",
        f"/notices/{notice.public_id}/proof/1.json",
    ):
        assert Client().get(address).status_code == 200, address
        assert Client().get(address + ("&" if "?" in address else "?") + "lang=en", follow=True).status_code == 200, address
    for address in (
        "/notices/objections/",
        "/notices/objections/?open=no",
        f"/notices/{notice.public_id}/manage/",
        f"/notices/{notice.public_id}/extend/",
        "/calendar/",
        "/calendar/?year=2027",
        "/calendar/enter/",
        "/calendar/enter/?year=2026",
    ):
        assert clerk.get(address).status_code == 200, address
