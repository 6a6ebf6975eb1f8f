"""How states, grades and acts of bases are shown: which tone, which icon."""

from __future__ import annotations

from denggao.systems.bases.models import Appraisal, Base, BaseAct

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
