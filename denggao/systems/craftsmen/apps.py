from django.apps import AppConfig


class CraftsmenConfig(AppConfig):
    name = "denggao.systems.craftsmen"
    default_auto_field = "django.db.models.BigAutoField"
