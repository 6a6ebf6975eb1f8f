"""Teaching standards kept as text, set down and put in force as the office does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from denggao.demo.university.packing import read_yaml
from denggao.foundation.audit.actors import Actor
from denggao.foundation.standards.models import Occupation
from denggao.foundation.standards.teaching.actions import Given, put_in_force, write_standard
from denggao.foundation.standards.teaching.rules import Item

HERE = Path(__file__).resolve().parent / "standards"


@dataclass(frozen=True)
class Told:
    """A standard as its file says it, its occupation by its code."""

    occupation: str
    given: dict[str, Any]
    items: list[Item]


def standards() -> Iterator[Told]:
    """All of them, by file, the lowest level first."""
    for path in sorted(HERE.glob("*.yaml")):
        said = read_yaml(path)
        shared = {name: said[name] for name in ("document", "issued_on", "confidence")}
        for one in said["standards"]:
            given = {"code": one["code"], "level": one["level"], "name_zh": one["title"]["zh"], "name_en": one["title"]["en"]}
            yield Told(said["occupation"], given | shared, [_item(*row) for row in one["items"]])


def _item(code: str, kind: str, text_zh: str, text_en: str, hours: float, weight: float) -> Item:
    return Item(code, kind, text_zh, text_en, Decimal(str(hours)), Decimal(str(weight)))


def write_and_put_in_force(told: Told, *, actor: Actor, now: dt.datetime) -> None:
    occupation = Occupation.objects.get(code=told.occupation)
    draft = write_standard(Given(occupation=occupation, **told.given), told.items, whole=True, actor=actor, now=now)
    if draft is not None:
        put_in_force(draft, from_on=now.date(), actor=actor, now=now)
