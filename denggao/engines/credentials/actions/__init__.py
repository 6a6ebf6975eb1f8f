"""Every write on credentials: certificates of people as registered, and what the platform itself issues."""

from denggao.engines.credentials.actions.certificates import (
    AlreadyWithdrawn,
    CertificateRefused,
    Whole,
    compare_scan,
    confirm_certificate,
    hand_in_scan,
    join_certificate,
    join_waiting,
    part_certificate,
    read_whole,
    withdraw_certificate,
)
from denggao.engines.credentials.actions.issued import (
    IssuedRefused,
    IssueOrder,
    PaperMoot,
    issue_credential,
    keep_paper,
    renew_issued,
    restore_issued,
    suspend_issued,
    withdraw_issued,
)

__all__ = [
    "AlreadyWithdrawn",
    "CertificateRefused",
    "IssueOrder",
    "IssuedRefused",
    "PaperMoot",
    "Whole",
    "compare_scan",
    "confirm_certificate",
    "hand_in_scan",
    "issue_credential",
    "join_certificate",
    "join_waiting",
    "keep_paper",
    "part_certificate",
    "read_whole",
    "renew_issued",
    "restore_issued",
    "suspend_issued",
    "withdraw_certificate",
    "withdraw_issued",
]
