"""Where an account is signed in, as its holder can recognise it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from denggao.foundation.accounts.models import User

# The first that fits names the browser: most of them also claim to be one of those below.
_BROWSERS = (
    ("WeChat", r"MicroMessenger"),
    ("DingTalk", r"DingTalk"),
    ("Edge", r"Edg[eA]?/|EdgiOS"),
    ("360", r"QIHU|360SE|360EE"),
    ("QQ", r"QQBrowser"),
    ("UC", r"UCBrowser|UBrowser"),
    ("Firefox", r"Firefox|FxiOS"),
    ("Chrome", r"Chrom(e|ium)|CriOS"),
    ("Safari", r"Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("UOS", r"UOS"),
    ("Linux", r"Linux|X11"),
)


@dataclass(frozen=True)
class Browser:
    """One open session. ``number`` names it in the account's own addresses; empty names where they are not known."""

    session: UserSession
    number: int
    program: str
    system: str
    address: str
    since: dt.datetime
    last_seen: dt.datetime
    current: bool


def browsers_of(user: User, current_key: str | None) -> list[Browser]:
    """The account's open sessions, this one first, then the latest used. Two queries."""
    held = list(UserSession.objects.filter(user=user))
    alive = set(
        Session.objects.filter(session_key__in=[one.session_key for one in held], expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    browsers = [_browser(one, current_key) for one in held if one.session_key in alive]
    return sorted(browsers, key=lambda one: (not one.current, -one.last_seen.timestamp(), one.number))


def _browser(session: UserSession, current_key: str | None) -> Browser:
    return Browser(
        session=session,
        number=session.pk,
        program=named(session.user_agent, _BROWSERS),
        system=named(session.user_agent, _SYSTEMS),
        address=str(session.ip),
        since=session.created_at,
        last_seen=session.last_seen_at,
        current=session.session_key == current_key,
    )


def named(user_agent: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for name, pattern in known if re.search(pattern, user_agent)), "")
