from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "denggao.foundation.plans"
    default_auto_field = "django.db.models.BigAutoField"
