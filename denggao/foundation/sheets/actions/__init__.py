"""What anyone can do with a spreadsheet: hand it in, have it checked, apply it or not."""

from denggao.foundation.sheets.actions.applying import NotAllValid, apply_import, replay_held_rows, start_apply
from denggao.foundation.sheets.actions.checking import check_import
from denggao.foundation.sheets.actions.intake import UPLOAD, ImportBusy, cancel_import, change_mapping, hand_in, recheck
from denggao.foundation.sheets.actions.runs import run_import
from denggao.foundation.sheets.actions.taking import NotChecked, take_workbook
from denggao.foundation.sheets.actions.upkeep import KEPT_DAYS, purge_imports

__all__ = [
    "KEPT_DAYS",
    "UPLOAD",
    "ImportBusy",
    "NotAllValid",
    "NotChecked",
    "apply_import",
    "cancel_import",
    "change_mapping",
    "check_import",
    "hand_in",
    "purge_imports",
    "recheck",
    "replay_held_rows",
    "run_import",
    "start_apply",
    "take_workbook",
]
