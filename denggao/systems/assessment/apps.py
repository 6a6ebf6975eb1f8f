from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "denggao.systems.assessment"
    default_auto_field = "django.db.models.BigAutoField"
