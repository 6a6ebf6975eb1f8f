"""The component page, the frame and the navigation."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from denggao.foundation.audit.actors import Role, visitor
from denggao.foundation.ui import navigation
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_component_page_is_there_in_demo_mode_alone(client: Client, settings: Any) -> None:
    assert client.get("/-/components/").status_code == 404

    settings.DEMO = True
    page = client.get("/-/components/").content.decode()

    assert "<c-" not in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_number_error"' in page


def test_every_page_carries_the_demo_mark_in_demo_mode(client: Client, settings: Any) -> None:
    assert "演示数据" not in client.get("/verify/").content.decode()

    settings.DEMO = True

    assert "演示数据" in client.get("/verify/").content.decode()


def test_the_language_follows_the_visitor(client: Client) -> None:
    assert '<html lang="zh-CN">' in client.get("/help/").content.decode()

    english = client.get("/help/?lang=en").content.decode()

    assert '<html lang="en">' in english
    assert 'href="?lang=zh" lang="zh-CN"' in english
    assert '<html lang="en">' in client.get("/help/").content.decode()


def test_the_side_navigation_shows_what_a_role_may_open(cast: Cast) -> None:
    navigation.register_item(
        navigation.NavItem("test", "Only for auditors", "eye", "/nowhere/", "system", roles=frozenset({Role.AUDITOR}))
    )

    shown = {part: str(navigation.links_for(getattr(cast, part), "/desk/")) for part in ("auditor", "hr")}
    navigation._items.pop("test")

    assert "Only for auditors" in shown["auditor"]
    assert "Only for auditors" not in shown["hr"]


def test_the_link_of_the_page_is_on(cast: Cast, rf: RequestFactory) -> None:
    links = [link for group in navigation.links_for(cast.clerk, "/desk/search/") for link in group.links]

    assert [link.code for link in links if link.on] == ["search"]


def test_the_board_is_on_at_its_own_address_alone(cast: Cast) -> None:
    """It lies at the root: every other address begins with it."""
    on = {
        path: [link.code for group in navigation.links_for(cast.worker, path) for link in group.links if link.on]
        for path in ("/", "/cases/consents/", "/nowhere/")
    }

    assert (on["/"], on["/nowhere/"]) == (["board"], [])
    assert "board" not in on["/cases/consents/"]


def test_who_acts_for_nobody_else_finds_what_is_about_oneself(cast: Cast) -> None:
    own = {"own_applications", "own_consents", "own_mentorships", "own_interviews"}

    assert {group.code: {link.code for link in group.links} for group in navigation.links_for(cast.worker, "/desk/")}["own"] == own
    for role in ("clerk", "hr", "base_manager", "authority"):
        assert "own" not in {group.code for group in navigation.links_for(getattr(cast, role), "/desk/")}
    assert "own" not in {group.code for group in navigation.links_for(visitor("127.0.0.1"), "/desk/")}
