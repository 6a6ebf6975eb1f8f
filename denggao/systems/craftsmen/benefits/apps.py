from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "denggao.systems.craftsmen.benefits"
    label = "craftsmen_benefits"
    default_auto_field = "django.db.models.BigAutoField"
