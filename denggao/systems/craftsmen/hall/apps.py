from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "denggao.systems.craftsmen.hall"
    label = "craftsmen_hall"
    default_auto_field = "django.db.models.BigAutoField"
