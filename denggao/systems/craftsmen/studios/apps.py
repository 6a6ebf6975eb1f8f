from django.apps import AppConfig


class StudiosConfig(AppConfig):
    name = "denggao.systems.craftsmen.studios"
    label = "craftsmen_studios"
    default_auto_field = "django.db.models.BigAutoField"
