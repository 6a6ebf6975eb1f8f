"""Words that rooms above bring and every page may use: the names of levels, and of accounts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import get_language

_level_name: Callable[[str], str] = str
_account_names: Callable[[Collection[str]], dict[str, str]] | None = None


def listed(names: Iterable[object]) -> str:
    """甲、乙 · A, B"""
    return (", " if (get_language() or "").startswith("en") else "、").join(map(str, names))


def level_name(code: str) -> str:
    return _level_name(code)


def set_level_name(name: Callable[[str], str]) -> None:
    """Plugged in by the roof: the ladder lies in ``standards``, above this room."""
    global _level_name
    _level_name = name


def account_names(public_ids: Collection[str]) -> dict[str, str]:
    """How colleagues call the accounts with these public ids; without those that are gone. Two queries, however many."""
    return _account_names(public_ids) if _account_names is not None and public_ids else {}


def actor_name(actor_id: str, text: str) -> str:
    """Who did something, for a page: the name where it was an account, else what is written (operator, a token's name)."""
    return account_names([actor_id]).get(actor_id, text) if text.startswith("account ") else text


def actor_names(actors: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The same for many, of (id, text), by id. Two queries, however many."""
    told = {actor_id: text for actor_id, text in actors if actor_id}
    return told | account_names([actor_id for actor_id, text in told.items() if text.startswith("account ")])


def set_account_names(names: Callable[[Collection[str]], dict[str, str]]) -> None:
    """Plugged in by the roof: names lie in ``people``, roles in ``organisations``, above this room."""
    global _account_names
    _account_names = names
