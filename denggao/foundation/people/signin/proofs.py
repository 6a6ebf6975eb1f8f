"""What proves that it is the account's holder who does this, now: an act that binds (a signature) asks for it each time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

GOOD_FOR = dt.timedelta(minutes=5)


class Factor(StrEnum):
    """By what the holder proved it. The password alone is taken in demo mode, and is called so."""

    APP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSWORD = "password (demo)"


@dataclass(frozen=True)
class SecondFactorGiven:
    """``account_id`` is the account's public id, as text."""

    account_id: str
    kind: Factor
    at: dt.datetime

    def holds(self, account_id: str, now: dt.datetime) -> bool:
        """For this account, and given no longer ago than five minutes."""
        return self.account_id == account_id and dt.timedelta(0) <= now - self.at <= GOOD_FOR
