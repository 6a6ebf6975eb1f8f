from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "denggao.engines.ledger"
    default_auto_field = "django.db.models.BigAutoField"
