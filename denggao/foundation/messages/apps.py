from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "denggao.foundation.messages"
    label = "denggao_messages"
    default_auto_field = "django.db.models.BigAutoField"
