"""The environment: every setting is documented, and a wrong value stops the start with one sentence that names it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from denggao.environment import Environment, read_environment
from tests.house.rooms import PACKAGE, ROOT, files
from tests.house.terminal import denggao

pytestmark = pytest.mark.once

DOCUMENTED = set(re.findall(r"`((?:DENGGAO_|DATABASE_URL|REDIS_URL)\w*)`", (ROOT / "docs/settings.md").read_text()))
_READ = re.compile(r"""["'](DENGGAO_[A-Z_]*[A-Z]|DATABASE_URL|REDIS_URL)["']""")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Environment]:
    """What would be read from an environment that holds these values alone."""

    def reader(**values: str) -> Environment:
        for name in DOCUMENTED:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return read_environment()

    return reader


def test_every_setting_that_is_read_is_documented():
    named = {name for path in [*files(".py"), *files(".py", below=ROOT / "tests")] for name in _READ.findall(path.read_text())}

    assert named - DOCUMENTED == set()


def test_every_documented_setting_is_read():
    text = "".join(path.read_text() for path in [*files(".py"), *files(".py", below=ROOT / "tests")])

    assert {name for name in DOCUMENTED if name not in text} == set()


def test_the_environment_is_read_in_one_place():
    readers = [
        str(path.relative_to(PACKAGE)) for path in files(".py") if re.search(r"os\.(?:environ\.get|getenv)\(", path.read_text())
    ]

    assert set(readers) <= {
        "environment.py",
        "guards.py",
        "supervision.py",
        "foundation/organisations/management/commands/create_admin.py",
    }


def test_nothing_needs_to_be_set(read):
    found = read()

    assert found.data_dir == ROOT / "data"
    assert found.database["NAME"] == str(ROOT / "data/denggao.sqlite3")
    assert (found.base_url, found.port, found.demo, found.secure) == ("http://127.0.0.1:8000", 8000, False, False)
    assert (found.hosts, found.redis_url, found.language) == ((), "", "zh")


def test_an_empty_value_is_no_value(read):
    assert read(DENGGAO_PORT="", DENGGAO_DATA_DIR=" ", DENGGAO_DEMO="").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DENGGAO_PORT", "http"),
        ("DENGGAO_PORT", "0"),
        ("DENGGAO_PORT", "65536"),
        ("DENGGAO_PORT", "-1"),
        ("DENGGAO_DATA_DIR", __file__),
        ("DENGGAO_DATA_DIR", f"{__file__}/below"),
        ("DENGGAO_DATA_DIR", "~nobody-of-this-name/data"),
        ("DENGGAO_KEYS_DIR", __file__),
        ("DENGGAO_BASE_URL", "denggao.example.org"),
        ("DENGGAO_BASE_URL", "ftp://denggao.example.org"),
        ("DENGGAO_BASE_URL", "https://"),
        ("DENGGAO_BASE_URL", "https://example.org/denggao"),
        ("DENGGAO_BASE_URL", "https://example.org:port"),
        ("DENGGAO_BASE_URL", "https://[::1"),
        ("DENGGAO_SECRET_KEY", "short"),
        ("DENGGAO_SECRET_KEY", "x" * 31),
        ("DENGGAO_DEMO", "maybe"),
        ("DENGGAO_DEBUG", "2"),
        ("DENGGAO_HOSTS", "https://example.org"),
        ("DENGGAO_HOSTS", "one.example.org two.example.org"),
        ("DENGGAO_MAP_TILES", "http://tiles.example/{z}/{x}/{y}.png"),
        ("DENGGAO_MAP_TILES", "https://tiles.example/{z}/{x}.png"),
        ("DENGGAO_PROXIES", "many"),
        ("DENGGAO_PROXIES", "6"),
        ("DENGGAO_MAIL_URL", "mail.example.org"),
        ("DENGGAO_MAIL_URL", "smtp://"),
        ("DENGGAO_MAIL_URL", "smtp://host:port"),
        ("DENGGAO_MAIL_URL", "file://"),
        ("DENGGAO_MAIL_FROM", "the office"),
        ("DENGGAO_SMS_GATEWAY", "https://sms.example.org"),
        ("DENGGAO_UPLOAD_LIMIT_MB", "0"),
        ("DENGGAO_UPLOAD_LIMIT_MB", "2049"),
        ("DENGGAO_UPLOAD_LIMIT_MB", "1.5"),
        ("DENGGAO_LANGUAGE", "fr"),
        ("DATABASE_URL", "mysql://localhost/denggao"),
        ("DATABASE_URL", "denggao.sqlite3"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://localhost:port/denggao"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "unix://"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence_that_names_it(name, value, read, capsys):
    with pytest.raises(SystemExit) as stop:
        read(**{name: value})

    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert said.startswith(f"{name}: ")
    assert said.endswith(".\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DENGGAO_PORT", "1"),
        ("DENGGAO_PORT", "65535"),
        ("DENGGAO_BASE_URL", "https://denggao.example.org/"),
        ("DENGGAO_SECRET_KEY", "x" * 32),
        ("DENGGAO_DEMO", "1"),
        ("DENGGAO_DEMO", "no"),
        ("DENGGAO_HOSTS", "one.example.org, .two.example.org,[::1]"),
        ("DENGGAO_PROXIES", "5"),
        ("DENGGAO_MAP_TILES", "https://tiles.example:8443/{z}/{x}/{y}.png"),
        ("DENGGAO_MAIL_URL", "smtps://user:secret@mail.example.org"),
        ("DENGGAO_MAIL_FROM", "登高 <office@example.org>"),
        ("DENGGAO_LANGUAGE", "en"),
        ("DATABASE_URL", "postgresql://user:secret@[::1]:5433/denggao?sslmode=require"),
        ("DATABASE_URL", "postgresql:///denggao?host=/run/postgresql"),
        ("DATABASE_URL", "sqlite:////srv/denggao.sqlite3"),
        ("REDIS_URL", "redis://localhost:6379/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
    ],
)
def test_a_right_value_is_taken(name, value, read):
    read(**{name: value})


def test_a_secret_in_an_address_is_not_repeated(read, capsys):
    with pytest.raises(SystemExit):
        read(DATABASE_URL="mysql://user:very-secret@localhost/denggao")

    assert "very-secret" not in capsys.readouterr().err


def test_the_program_itself_stops_with_the_sentence(tmp_path: Path):
    started = denggao("board", "lingang-2020", folder=tmp_path / "data", DENGGAO_PORT="no")

    assert (started.returncode, started.stdout) == (2, "")
    assert started.stderr == "DENGGAO_PORT: “no” is not a whole number from 1 to 65535.\n"
    assert not (tmp_path / "data").exists()
