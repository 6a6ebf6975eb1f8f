from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "denggao.foundation.organisations"
    default_auto_field = "django.db.models.BigAutoField"
