"""Rounds, cases, what was typed, what was submitted, and every step taken."""

from denggao.engines.cases.models.append_only import AppendOnly, NeverChanged
from denggao.engines.cases.models.attachments import Arriving, Attachment
from denggao.engines.cases.models.cases import SUBJECT_KIND, Case, CaseCounter, CaseQuerySet
from denggao.engines.cases.models.consents import Consent
from denggao.engines.cases.models.drafts import Draft, DraftVersion
from denggao.engines.cases.models.records import CheckResult, Correction, Decision, Reminder, Snapshot, Step, StepKind
from denggao.engines.cases.models.rounds import Round
from denggao.engines.cases.models.saved import SavedView
from denggao.engines.cases.states import State, WaitsFor

__all__ = [
    "SUBJECT_KIND",
    "AppendOnly",
    "Arriving",
    "Attachment",
    "Case",
    "CaseCounter",
    "CaseQuerySet",
    "CheckResult",
    "Consent",
    "Correction",
    "Decision",
    "Draft",
    "DraftVersion",
    "NeverChanged",
    "Reminder",
    "Round",
    "SavedView",
    "Snapshot",
    "State",
    "Step",
    "StepKind",
    "WaitsFor",
]
