from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "denggao.faces.api"
    default_auto_field = "django.db.models.BigAutoField"
