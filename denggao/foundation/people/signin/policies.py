"""Who may do what with an account: its holder everything that is its own."""

from __future__ import annotations

from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Actor


def can_keep_account(actor: Actor, account: User) -> bool:
    """One's own password, second factor, addresses and sessions."""
    return actor.is_operator or (actor.user is not None and actor.user.pk == account.pk)


def anyone(actor: Actor, subject: object) -> bool:
    """Trying to sign in is everybody's right; the attempt is recorded."""
    return True
