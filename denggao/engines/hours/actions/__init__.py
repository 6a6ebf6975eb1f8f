"""Every write on hours: sittings and their beats, entries, fixes, findings."""

from denggao.engines.hours.actions.beating import Answer, BadToken, beat, receive_beats
from denggao.engines.hours.actions.folding import count_hours, fold_open, reverse_entry
from denggao.engines.hours.actions.sitting import Started, Subject, end_sitting, start_sitting, sweep_sittings

__all__ = [
    "Answer",
    "BadToken",
    "Started",
    "Subject",
    "beat",
    "count_hours",
    "end_sitting",
    "fold_open",
    "receive_beats",
    "reverse_entry",
    "start_sitting",
    "sweep_sittings",
]
