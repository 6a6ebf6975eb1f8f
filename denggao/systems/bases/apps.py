from django.apps import AppConfig


class BasesConfig(AppConfig):
    name = "denggao.systems.bases"
    default_auto_field = "django.db.models.BigAutoField"
