from django.apps import AppConfig


class AuditingConfig(AppConfig):
    name = "denggao.faces.auditing"
    default_auto_field = "django.db.models.BigAutoField"
