"""What the environment may say, read once at start. A wrong value stops the start with one sentence that names it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def refuse(name: str, rule: str) -> NoReturn:
    """Stop the start: exit status 2, one sentence on stderr."""
    sys.stderr.write(f"{name}: {rule}\n")
    raise SystemExit(2)


def _text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def _flag(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "no", "false", "off"}:
        return False
    if value in {"1", "yes", "true", "on"}:
        return True
    refuse(name, f"“{value}” is neither 1 nor 0.")


def _number(name: str, default: int, low: int, high: int) -> int:
    value = _text(name, str(default))
    if not value.isdecimal() or not low <= int(value) <= high:
        refuse(name, f"“{value}” is not a whole number from {low} to {high}.")
    return int(value)


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        refuse(name, "the address can't be read; look at its port and its brackets.")
    return parts


def _address(name: str, default: str) -> str:
    value = _text(name, default).rstrip("/")
    parts = _split(name, value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        refuse(name, f"“{value}” is not an address that begins with http:// or https://.")
    if parts.path or parts.query or parts.fragment:
        refuse(name, f"“{value}” must end with the host or the port: Denggao answers at the root.")
    return value


def _folder(name: str, default: Path) -> Path:
    try:
        path = Path(_text(name, str(default))).expanduser().resolve()
    except RuntimeError:
        refuse(name, "there is no such home folder.")
    # The folder itself may not be there yet: then its nearest ancestor must be one that a folder can be made in.
    nearest = next(place for place in (path, *path.parents) if place.exists())
    if not nearest.is_dir():
        refuse(name, f"“{nearest}” is a file; a folder is needed.")
    return path


def database_from(url: str, *, name: str = "DATABASE_URL") -> dict[str, object]:
    """Django's settings of one database from ``postgresql://user:secret@host:port/name?option=…`` or ``sqlite:///path``."""
    parts = _split(name, url)
    if parts.scheme == "sqlite":
        return sqlite_at(Path(unquote(parts.path.removeprefix("/")) or "denggao.sqlite3"))
    if parts.scheme not in {"postgres", "postgresql"}:
        refuse(name, f"“{parts.scheme or url}” is not a database this product knows; use postgresql://… or sqlite:///….")
    if not parts.path.strip("/"):
        refuse(name, "the address names no database; write it behind the last slash.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "") or unquote(parts.hostname or ""))
    options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
    }


def sqlite_at(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA cache_size=-65536",
        },
    }


@dataclass(frozen=True)
class Environment:
    """Everything the process takes from outside."""

    data_dir: Path
    database: dict[str, object]
    redis_url: str
    base_url: str
    port: int
    secret_key: str
    demo: bool
    debug: bool
    keys_dir: Path
    fonts_dir: Path
    hosts: tuple[str, ...]
    mail_url: str
    mail_from: str
    upload_limit_mb: int
    sms_gateway: str
    language: str
    proxies: int
    map_tiles: str

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")


_HOST = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")


def _hosts(name: str) -> tuple[str, ...]:
    """Names separated by commas; ``.example.org`` stands for every name below."""
    given = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    for host in given:
        if not _HOST.fullmatch(host):
            refuse(name, f"“{host}” is not a host name; write names alone, separated by commas.")
    return tuple(given)


def _checked(name: str, value: str, good: Callable[[str], bool], rule: str) -> str:
    if value and not good(value):
        refuse(name, rule)
    return value


def _service(name: str, schemes: tuple[str, ...]) -> str:
    """The address of a service beside this one, or nothing."""
    value = _text(name, "")
    if not value:
        return ""
    parts = _split(name, value)
    if parts.scheme not in schemes:
        known = ", ".join(f"{scheme}://" for scheme in schemes)
        refuse(name, f"the address must begin with one of {known}.")
    if parts.scheme in {"file", "unix"}:
        if not parts.path:
            refuse(name, "the address names no path.")
    elif not parts.hostname:
        refuse(name, "the address names no host.")
    return value


def _tiles(name: str) -> str:
    """The address of map tiles, with {z}, {x} and {y}, or nothing."""
    value = _text(name, "")
    if value and not (
        value.startswith("https://") and _split(name, value).hostname and all(part in value for part in ("{z}", "{x}", "{y}"))
    ):
        refuse(name, "write an https address with {z}, {x} and {y} in it, as https://tiles.example.org/{z}/{x}/{y}.png.")
    return value


def read_environment() -> Environment:
    data_dir = _folder("DENGGAO_DATA_DIR", PROJECT_ROOT / "data")
    port = _number("DENGGAO_PORT", 8000, 1, 65535)
    url = _text("DATABASE_URL", "")
    return Environment(
        data_dir=data_dir,
        database=database_from(url) if url else sqlite_at(data_dir / "denggao.sqlite3"),
        redis_url=_service("REDIS_URL", ("redis", "rediss", "unix")),
        base_url=_address("DENGGAO_BASE_URL", f"http://127.0.0.1:{port}"),
        port=port,
        secret_key=_checked(
            "DENGGAO_SECRET_KEY", _text("DENGGAO_SECRET_KEY", ""), lambda value: len(value) >= 32, "use at least 32 characters."
        ),
        demo=_flag("DENGGAO_DEMO"),
        debug=_flag("DENGGAO_DEBUG"),
        keys_dir=_folder("DENGGAO_KEYS_DIR", data_dir / "keys"),
        fonts_dir=_folder("DENGGAO_FONTS_DIR", data_dir / "fonts"),
        hosts=_hosts("DENGGAO_HOSTS"),
        mail_url=_service("DENGGAO_MAIL_URL", ("smtp", "smtps", "file")),
        mail_from=_checked(
            "DENGGAO_MAIL_FROM",
            _text("DENGGAO_MAIL_FROM", ""),
            lambda value: "@" in parseaddr(value)[1] and "\n" not in value,
            "write one e-mail address, as office@example.org.",
        ),
        upload_limit_mb=_number("DENGGAO_UPLOAD_LIMIT_MB", 30, 1, 2048),
        sms_gateway=_checked(
            "DENGGAO_SMS_GATEWAY",
            _text("DENGGAO_SMS_GATEWAY", "denggao.foundation.messages.sms.ConsoleGateway"),
            lambda value: "." in value and all(part.isidentifier() for part in value.split(".")),
            "write the dotted name of a Python class, as region.sms.Gateway.",
        ),
        proxies=_number("DENGGAO_PROXIES", 0, 0, 5),
        map_tiles=_tiles("DENGGAO_MAP_TILES"),
        language=_checked(
            "DENGGAO_LANGUAGE", _text("DENGGAO_LANGUAGE", "zh"), lambda value: value in {"zh", "en"}, "the commands speak zh or en."
        ),
    )
