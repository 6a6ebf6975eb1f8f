from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CalendarConfig(AppConfig):
    name = "denggao.foundation.calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from denggao.foundation.calendar.seeds import load_seeds

        # Not a migration: a newer library brings a newer year, and an emptied database (tests) gets its years back.
        post_migrate.connect(load_seeds, sender=self, dispatch_uid="calendar.seeds")
