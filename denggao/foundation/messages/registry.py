"""What can be told, by code. A room registers its messages beside its actions; the text is filled at reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Tone(StrEnum):
    INFO = "info"
    DONE = "done"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True)
class MessageKind:
    """``title`` and ``body`` are lazy translations with named placeholders. ``by_mail``: sent by e-mail too."""

    code: str
    title: Any
    body: Any
    tone: Tone
    by_mail: bool


_KINDS: dict[str, MessageKind] = {}


def register(code: str, *, title: Any, body: Any = "", tone: Tone = Tone.INFO, by_mail: bool = True) -> None:
    if code in _KINDS and _KINDS[code].title is not title:
        raise RuntimeError(f"The message code {code} is taken.")
    _KINDS[code] = MessageKind(code, title, body, tone, by_mail)


def kind_of(code: str) -> MessageKind:
    """The registered kind; a plain one for a code that a later version no longer knows."""
    return _KINDS.get(code) or MessageKind(code, _("Message"), "", Tone.INFO, by_mail=False)


def is_known(code: str) -> bool:
    return code in _KINDS


def filled(text: Any, values: Mapping[str, Any]) -> str:
    """The text in the active language. A value given as ``{"zh": …, "en": …}`` is taken in that language too."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    chosen = {
        name: (value.get(language) or value.get("zh") or "") if isinstance(value, dict) else value for name, value in values.items()
    }
    return str(text) % _Kept(chosen) if chosen or "%(" in str(text) else str(text)


def in_both(text: Callable[[], object]) -> dict[str, str]:
    """What a text is in each language, for a message's values."""
    spoken = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            spoken[name] = str(text())
    return spoken


class _Kept(dict[str, Any]):
    """A value an old message lacks is left empty: the rest of the sentence still tells something."""

    def __missing__(self, name: str) -> str:
        return ""
