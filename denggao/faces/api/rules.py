"""What a token may be allowed, and how its text is made up. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_DAYS = 366
PREFIX_LENGTH, SECRET_LENGTH = 10, 43
_TEXT = re.compile(rf"dg_([0-9a-z]{{{PREFIX_LENGTH}}})_([0-9A-Za-z_-]{{{SECRET_LENGTH}}})")


class Scope(models.TextChoices):
    """What a token may do. All but ``board`` and ``experts`` reach its own organisation's records only."""

    ORGANISATION = "organisation", _("read the organisation's own record")
    PERSONS = "persons", _("read the organisation's people, masked")
    CERTIFICATES = "certificates", _("read the certificates of the organisation's people")
    IMPORTS = "imports", _("read the organisation's imports")
    IMPORTS_WRITE = "imports.write", _("hand in spreadsheets and apply them")
    CASES = "cases", _("read the organisation's applications")
    EXPERTS = "experts", _("read the expert register, masked")
    HOURS = "hours", _("read learning time earned in the organisation or through it, masked")
    ENROLMENTS = "enrolments", _("read who learns in the organisation's school or through it, masked")
    BOARD = "board", _("read the board in full, head by head, masked")


OFFICE_SCOPES = frozenset({Scope.BOARD, Scope.EXPERTS})


def token_text(prefix: str, secret: str) -> str:
    """What its holder keeps: ``dg_<prefix>_<secret>``."""
    return f"dg_{prefix}_{secret}"


def split_token(text: str) -> tuple[str, str] | None:
    """Prefix and secret of a token's text; None where it isn't one."""
    found = _TEXT.fullmatch(text)
    return (found[1], found[2]) if found else None


def secret_hash(secret: str) -> str:
    """What is stored. The secret is 256 random bits, so a plain hash can't be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_agrees(secret: str, stored: str) -> bool:
    return hmac.compare_digest(secret_hash(secret), stored)


def may_expire_on(day: dt.date, today: dt.date) -> bool:
    """A token holds for at least today and at most a year."""
    return today <= day <= today + dt.timedelta(days=LONGEST_DAYS)


def asks_for_office_scope(scopes: Collection[str]) -> bool:
    return bool(OFFICE_SCOPES & set(scopes))
