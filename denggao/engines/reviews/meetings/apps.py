from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MeetingsConfig(AppConfig):
    name = "denggao.engines.reviews.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_keep_addenda_as_written, sender=self)


def _keep_addenda_as_written(using: str, **_signal: object) -> None:
    from denggao.engines.reviews.meetings.models import Addendum
    from denggao.foundation.audit.unchangeable import keep_as_written

    keep_as_written(Addendum, using=using)
