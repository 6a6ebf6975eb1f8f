from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "denggao.faces.portal"
    default_auto_field = "django.db.models.BigAutoField"
