from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "denggao.foundation.audit"
    default_auto_field = "django.db.models.BigAutoField"
