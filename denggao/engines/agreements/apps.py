from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "denggao.engines.agreements"
    default_auto_field = "django.db.models.BigAutoField"
