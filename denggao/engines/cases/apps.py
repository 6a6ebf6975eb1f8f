from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "denggao.engines.cases"
    default_auto_field = "django.db.models.BigAutoField"
