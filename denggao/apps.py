from django.apps import AppConfig


class DenggaoConfig(AppConfig):
    """The last app to be ready: it wires the rooms together."""

    name = "denggao"
    label = "denggao"

    def ready(self) -> None:
        from denggao.wiring import wire

        wire()
