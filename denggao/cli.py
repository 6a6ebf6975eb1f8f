"""``denggao``: the commands of the machine's operator.

The product's own commands prepare what they need themselves (``denggao.guards``); Django's are given their data folder.
"""

from __future__ import annotations

import os
import sys

_TOUCH_NO_DATA = {"collectstatic", "compilemessages", "makemessages", "makemigrations", "check", "help", "--help", "--version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denggao.settings")
    # Words outlive the locale of the terminal: a missing glyph is better than a broken command.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text stream
    if "--json" in sys.argv:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream
    import django
    from django.core.management import execute_from_command_line, get_commands

    from denggao.foundation.vault.keys import KeyUnusable

    django.setup()
    try:
        name = sys.argv[1] if len(sys.argv) > 1 else "help"
        if name not in _TOUCH_NO_DATA and not get_commands().get(name, "").startswith("denggao"):
            from denggao.guards import make_data_folder

            make_data_folder()
        execute_from_command_line(sys.argv)
    except KeyUnusable as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
