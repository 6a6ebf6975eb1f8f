from functools import partial

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NoticesConfig(AppConfig):
    name = "denggao.engines.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from denggao.engines.notices.models import NoticeSnapshot, ObjectionNote, ObjectionOriginal
        from denggao.foundation.audit.unchangeable import keep_as_written

        for model in (NoticeSnapshot, ObjectionOriginal, ObjectionNote):
            keep = partial(keep_as_written, model)
            # The signal holds its receivers weakly otherwise.
            post_migrate.connect(keep, sender=self, weak=False, dispatch_uid=f"notices.keep.{model.__name__}")
