"""Text messages through an adapter. A gateway is a class with ``send``, named in the setting ``SMS_GATEWAY``."""

from __future__ import annotations

import sys
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Hand one message to the carrier. Raises when it was not taken; it will be tried again."""


class ConsoleGateway:
    """Prints what would be sent, for one's own machine. The number is shown by its last four digits."""

    def send(self, phone: str, text: str) -> None:
        sys.stdout.write(f"SMS to …{phone[-4:]}: {text}\n")


def gateway() -> Gateway:
    return cast(Gateway, import_string(settings.SMS_GATEWAY)())
