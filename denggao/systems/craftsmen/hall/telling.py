"""What a craftsman is told of the own page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from denggao.foundation.messages.actions import send_many
from denggao.foundation.messages.registry import Tone, register
from denggao.systems.craftsmen.hall.models import Profile

PAGE = "/craftsmen/mine/page/"

register(
    "craftsmen.page_hidden",
    title=_("The office has hidden your page in the hall of fame"),
    body=_("Reason: %(reason)s Mend it, then ask the office to release the page; you show it again yourself."),
    tone=Tone.REFUSED,
)
register(
    "craftsmen.page_released",
    title=_("Your page in the hall of fame may be shown again"),
    body=_("It is a draft now. Look through it and show it when you like."),
    tone=Tone.DONE,
)


def tell_hidden(profile: Profile, *, now: dt.datetime) -> None:
    _send(profile, "craftsmen.page_hidden", {"reason": profile.hidden_reason}, now)


def tell_released(profile: Profile, *, now: dt.datetime) -> None:
    _send(profile, "craftsmen.page_released", {}, now)


def _send(profile: Profile, code: str, values: dict[str, object], now: dt.datetime) -> None:
    account = profile.craftsman.person.account
    if account is not None:
        send_many([(account, values, PAGE)], code, now=now)
