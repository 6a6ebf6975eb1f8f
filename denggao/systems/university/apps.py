from django.apps import AppConfig


class UniversityConfig(AppConfig):
    name = "denggao.systems.university"
    default_auto_field = "django.db.models.BigAutoField"
