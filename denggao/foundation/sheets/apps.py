from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "denggao.foundation.sheets"
    default_auto_field = "django.db.models.BigAutoField"
