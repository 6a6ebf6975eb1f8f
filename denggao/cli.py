"""``denggao``: the commands of the machine's operator."""

from __future__ import annotations

import os
import sys

_TOUCH_NO_DATA = {"collectstatic", "compilemessages", "makemessages", "makemigrations", "check", "help", "--help", "--version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denggao.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if len(sys.argv) > 1 and sys.argv[1] not in _TOUCH_NO_DATA:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)

    execute_from_command_line(sys.argv)
