from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "denggao.foundation.files"
    default_auto_field = "django.db.models.BigAutoField"
