from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StandardsConfig(AppConfig):
    name = "denggao.foundation.standards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from denggao.foundation.standards.seeds import load_seeds

        # Not a migration: a new edition comes with a new file, and an emptied database (tests) gets it back as well.
        post_migrate.connect(load_seeds, sender=self, dispatch_uid="standards.seeds")
