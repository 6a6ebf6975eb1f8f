from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "denggao.engines.credentials"
    default_auto_field = "django.db.models.BigAutoField"
