from django.apps import AppConfig


class LaneConfig(AppConfig):
    name = "denggao.systems.craftsmen.lane"
    label = "craftsmen_lane"
    default_auto_field = "django.db.models.BigAutoField"
