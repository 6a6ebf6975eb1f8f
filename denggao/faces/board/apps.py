from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "denggao.faces.board"
    default_auto_field = "django.db.models.BigAutoField"
