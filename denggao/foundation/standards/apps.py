from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "denggao.foundation.standards"
    default_auto_field = "django.db.models.BigAutoField"
