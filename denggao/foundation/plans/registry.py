"""Counting rules as plans know them: by name, and in words. A rule itself lies above (``engines.ledger.registry``);
``wiring.py`` tells its name and words here, so that a plan file naming an unknown rule is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class RuleWords:
    """What a rule counts, in a sentence, and the parameters it takes (name → least whole number, or None for text)."""

    sentence: Any
    parameters: frozenset[str] = frozenset()


_WORDS: dict[str, RuleWords] = {}
_NOT_COUNTED = _("Nothing counts towards this goal yet: no system of this installation serves it.")


def tell_rule(name: str, words: RuleWords) -> None:
    _WORDS[name] = words


def known_rules() -> dict[str, RuleWords]:
    return dict(_WORDS)


def rule_in_words(name: str) -> Any:
    return _WORDS[name].sentence if name in _WORDS else _NOT_COUNTED
