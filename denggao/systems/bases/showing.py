"""How states, grades, acts and numbers of bases are shown."""

from __future__ import annotations

from decimal import Decimal

from denggao.systems.bases.models import Appraisal, Base, BaseAct


def plain(number: Decimal) -> str:
    """Without zeros behind the point: 2400.0 is 2400."""
    return f"{number.normalize():f}"


BASE_TONES: dict[str, str] = {
    Base.State.ACCREDITED: "jade",
    Base.State.SUSPENDED: "amber",
    Base.State.WITHDRAWN: "revoked",
    Base.State.EXPIRED: "",
    Base.State.EXITED: "withdrawn",
}
ACT_TONES: dict[str, str] = {BaseAct.State.PROPOSED: "amber", BaseAct.State.DONE: "jade", BaseAct.State.DISMISSED: ""}
GRADE_TONES: dict[str, str] = {
    Appraisal.Grade.EXCELLENT: "gold",
    Appraisal.Grade.GOOD: "jade",
    Appraisal.Grade.PASS: "lake",
    Appraisal.Grade.FAIL: "crimson",
}
STATE_TONES: dict[str, str] = {
    Appraisal.State.OPEN: "draft",
    Appraisal.State.HANDED_IN: "amber",
    Appraisal.State.PROPOSED: "amber",
    Appraisal.State.REMEDY: "crimson",
    Appraisal.State.REMEDIED: "amber",
    Appraisal.State.CLOSED: "jade",
}
