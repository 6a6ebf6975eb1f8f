"""The product's settings, over a data folder of the test run's own. ``DENGGAO_TEST_DATABASE`` names the database
(an address as in DATABASE_URL); without it the run is on SQLite."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "DENGGAO_TEST_FOLDER" not in os.environ:
    os.environ["DENGGAO_TEST_FOLDER"] = tempfile.mkdtemp(prefix="denggao-tests-")
    atexit.register(shutil.rmtree, os.environ["DENGGAO_TEST_FOLDER"], ignore_errors=True)
_folder = Path(os.environ["DENGGAO_TEST_FOLDER"])

# Whatever the developer's own shell says, the tests start from the defaults.
for _name in list(os.environ):
    if _name in {"DATABASE_URL", "REDIS_URL"} or (_name.startswith("DENGGAO_") and not _name.startswith("DENGGAO_TEST_")):
        del os.environ[_name]
os.environ["DENGGAO_DATA_DIR"] = str(_folder)
os.environ["DENGGAO_SECRET_KEY"] = "a-key-for-tests-only-0123456789-abcdef"
if os.environ.get("DENGGAO_TEST_DATABASE"):
    os.environ["DATABASE_URL"] = os.environ["DENGGAO_TEST_DATABASE"]

from denggao.logs import logging_settings  # noqa: E402 -- the settings come first
from denggao.settings import *  # noqa: E402, F403 -- the settings come first
from denggao.settings import DATABASES, STORAGES  # noqa: E402 -- the settings come first

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=20000;"
else:
    DATABASES["default"]["OPTIONS"].pop("pool", None)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = _folder / "static"
STATIC_ROOT.mkdir(exist_ok=True)
LOGGING = logging_settings(readable=True, level="WARNING")
