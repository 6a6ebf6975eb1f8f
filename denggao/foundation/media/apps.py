from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "denggao.foundation.media"
    default_auto_field = "django.db.models.BigAutoField"
