from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "denggao.engines.notices"
    default_auto_field = "django.db.models.BigAutoField"
