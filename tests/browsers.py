"""The browser that journeys walk in: the machine's own Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser() -> Path | None:
    """Chromium, or ``DENGGAO_TEST_BROWSER``; None where there is none."""
    told = os.environ.get("DENGGAO_TEST_BROWSER")
    if told:
        return Path(told)
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        return next((Path(path) for path in _APPLICATIONS if os.access(path, os.X_OK)), None)
    return Path(found)
