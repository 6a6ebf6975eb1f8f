from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HoursConfig(AppConfig):
    name = "denggao.engines.hours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_keep_entries_as_written, sender=self)


def _keep_entries_as_written(using: str, **_signal: object) -> None:
    from denggao.engines.hours.models import HourEntry
    from denggao.foundation.audit.unchangeable import keep_as_written

    keep_as_written(HourEntry, using=using)
