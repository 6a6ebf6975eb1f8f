from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "denggao.foundation.documents"
    default_auto_field = "django.db.models.BigAutoField"
