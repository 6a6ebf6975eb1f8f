"""Sessions in the database, read by a question that is compiled once: every request asks it."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from denggao.foundation.audit.readied import readied


@readied(str, dt.datetime)
def _open_session(key: str, now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(DatabaseSessionStore):
    def _get_session_from_db(self) -> Session | None:
        """None, and no key any more, where there is none or its time is over."""
        found = _open_session.first(str(self.session_key), timezone.now())
        if found is None:
            self._session_key = None
        return found
