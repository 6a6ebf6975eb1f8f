from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "denggao.foundation.calendar"
    default_auto_field = "django.db.models.BigAutoField"
