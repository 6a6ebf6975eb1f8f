"""Every write on cases, one function each."""

from denggao.engines.cases.actions.checking import FieldRemark, pass_check, record_check, reject_case, return_case
from denggao.engines.cases.actions.consenting import agree, ask_for_changes, decline, take_back_consent
from denggao.engines.cases.actions.deciding import Outcome, award_case, decide_case, pass_many
from denggao.engines.cases.actions.drafting import Saved, open_case, save_draft, settle_conflict, standing_case
from denggao.engines.cases.actions.following import ask_again
from denggao.engines.cases.actions.nudging import last_nudge, nudge
from denggao.engines.cases.actions.office import escalate_due, reassign_case, remind
from denggao.engines.cases.actions.rounds import RoundGiven, change_round, close_round, open_round, prepare_round, weigh_round
from denggao.engines.cases.actions.saving import forget_view, keep_view, rename_view
from denggao.engines.cases.actions.submitting import resubmit_case, submit_case, withdraw_case

__all__ = [
    "FieldRemark",
    "Outcome",
    "RoundGiven",
    "Saved",
    "agree",
    "ask_again",
    "ask_for_changes",
    "award_case",
    "change_round",
    "close_round",
    "decide_case",
    "decline",
    "escalate_due",
    "forget_view",
    "keep_view",
    "last_nudge",
    "nudge",
    "open_case",
    "open_round",
    "pass_check",
    "pass_many",
    "prepare_round",
    "reassign_case",
    "record_check",
    "reject_case",
    "remind",
    "rename_view",
    "resubmit_case",
    "return_case",
    "save_draft",
    "settle_conflict",
    "standing_case",
    "submit_case",
    "take_back_consent",
    "weigh_round",
    "withdraw_case",
]
