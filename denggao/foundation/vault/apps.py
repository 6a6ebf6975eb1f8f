from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "denggao.foundation.vault"
    default_auto_field = "django.db.models.BigAutoField"
