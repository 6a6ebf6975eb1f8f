"""How states, grades and acts of studios are shown."""

from __future__ import annotations

from denggao.systems.craftsmen.studios.models import AllianceMembership, Evaluation, Project, Result, Studio, StudioAct

STUDIO_TONES: dict[str, str] = {Studio.State.NAMED: "jade", Studio.State.SUSPENDED: "amber", Studio.State.UNNAMED: "revoked"}
ACT_TONES: dict[str, str] = {StudioAct.State.PROPOSED: "amber", StudioAct.State.DONE: "jade", StudioAct.State.DISMISSED: ""}
GRADE_TONES: dict[str, str] = {
    Evaluation.Grade.EXCELLENT: "gold",
    Evaluation.Grade.QUALIFIED: "jade",
    Evaluation.Grade.UNQUALIFIED: "crimson",
}
PROJECT_TONES: dict[str, str] = {Project.State.RUNNING: "lake", Project.State.FINISHED: "jade", Project.State.STOPPED: "withdrawn"}
RESULT_TONES: dict[str, str] = {Result.State.REPORTED: "amber", Result.State.CONFIRMED: "jade", Result.State.REFUSED: "crimson"}
PLACE_TONES: dict[str, str] = {
    AllianceMembership.State.ASKED: "amber",
    AllianceMembership.State.INVITED: "amber",
    AllianceMembership.State.MEMBER: "jade",
    AllianceMembership.State.REFUSED: "",
    AllianceMembership.State.LEFT: "withdrawn",
}
