"""The product's settings, over a data folder of the test run's own. ``DENGGAO_TEST_DATABASE`` names the database
(an address as in DATABASE_URL); without it the run is on SQLite."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_folder = Path(os.environ.setdefault("DENGGAO_TEST_FOLDER", tempfile.mkdtemp(prefix="denggao-tests-")))
os.environ["DENGGAO_DATA_DIR"] = str(_folder)
os.environ["DENGGAO_SECRET_KEY"] = "a-key-for-tests-only-0123456789-abcdef"
for _name in ("DENGGAO_DEMO", "REDIS_URL", "DENGGAO_BASE_URL", "DENGGAO_KEYS_DIR", "DENGGAO_MAIL_URL"):
    os.environ.pop(_name, None)
os.environ.pop("DATABASE_URL", None)
if os.environ.get("DENGGAO_TEST_DATABASE"):
    os.environ["DATABASE_URL"] = os.environ["DENGGAO_TEST_DATABASE"]

from denggao.settings import *  # noqa: E402, F403
from denggao.settings import DATABASES, STORAGES  # noqa: E402

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
