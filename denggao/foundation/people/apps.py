from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "denggao.foundation.people"
    default_auto_field = "django.db.models.BigAutoField"
