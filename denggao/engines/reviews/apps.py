from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "denggao.engines.reviews"
    default_auto_field = "django.db.models.BigAutoField"
