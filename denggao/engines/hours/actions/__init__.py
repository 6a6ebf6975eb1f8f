"""Every write on hours: sittings and their beats, entries, fixes, findings."""

from denggao.engines.hours.actions.beating import Answer, BadToken, beat, receive_beats
from denggao.engines.hours.actions.finding import (
    clear_finding,
    look_through,
    propose_upholding,
    recall_proposal,
    uphold_finding,
)
from denggao.engines.hours.actions.fixing import Missing, answer_fix, ask_fix
from denggao.engines.hours.actions.folding import HoursRefused, Source, count_hours, fold_open, reverse_entry
from denggao.engines.hours.actions.sitting import Started, Subject, end_sitting, start_sitting, sweep_sittings

__all__ = [
    "Answer",
    "BadToken",
    "HoursRefused",
    "Missing",
    "Source",
    "Started",
    "Subject",
    "answer_fix",
    "ask_fix",
    "beat",
    "clear_finding",
    "count_hours",
    "end_sitting",
    "fold_open",
    "look_through",
    "propose_upholding",
    "recall_proposal",
    "receive_beats",
    "reverse_entry",
    "start_sitting",
    "sweep_sittings",
    "uphold_finding",
]
