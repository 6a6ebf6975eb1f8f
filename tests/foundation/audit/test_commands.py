"""The base of the product's commands: its statuses, its two ways of speaking, its seal."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentTypeError
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from denggao.foundation.audit import commands
from denggao.foundation.audit.actions import Refused
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.commands import Outcome, ProductCommand, WrongUse, day, existing_file


class Tried(ProductCommand):
    """A command that ends as its argument says."""

    needs_database = False
    help = "Try."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("how", choices=["well", "partly", "refused", "wrong"])

    def perform(self, *, actor: Actor, now: dt.datetime, **options: Any) -> Outcome:
        if options["how"] == "refused":
            raise Refused("身份证号的校验位不对。")
        if options["how"] == "wrong":
            raise WrongUse("There is no such plan.")
        data = {"人数": 3, "on": dt.date(2022, 12, 31), "by": actor.origin, "share": 0.5}
        return Outcome(data, [_("Language")], ok=options["how"] == "well")


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seals: list[str] = []
    monkeypatch.setattr(commands, "command_ends", lambda **told: seals.append(told["actor"].origin))
    return seals


def typed(*argv: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command typed by the operator."""
    out, err = StringIO(), StringIO()
    command = Tried(stdout=out, stderr=err)
    try:
        command.run_from_argv(["denggao", "tried", *argv])
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_command_that_went_well_ends_with_0_and_tells_its_outcome(sealed):
    status, out, err = typed("well", "--json")

    assert (status, err, sealed) == (0, "", ["command:tried"])
    assert json.loads(out) == {"人数": 3, "on": "2022-12-31", "by": "command:tried", "share": 0.5}
    assert "人数" in out


def test_words_are_for_people_and_json_only_where_asked():
    assert typed("well", "--language", "en") == (0, "Language\n", "")


def test_refused_rows_end_with_1_and_still_tell_the_outcome(sealed):
    status, out, _err = typed("partly", "--json")

    assert (status, json.loads(out)["人数"]) == (1, 3)
    assert sealed == ["command:tried"]


def test_a_refusal_ends_with_1_and_one_sentence(sealed):
    assert typed("refused") == (1, "", "身份证号的校验位不对。\n")
    assert sealed == ["command:tried"]


def test_a_refusal_is_json_where_json_was_asked():
    status, out, _err = typed("refused", "--json")

    assert (status, json.loads(out)) == (1, {"error": "身份证号的校验位不对。"})


def test_wrong_use_ends_with_2_and_one_sentence():
    assert typed("wrong") == (2, "", "There is no such plan.\n")


@pytest.mark.parametrize("argv", [[], ["sideways"], ["well", "--unknown"]])
def test_arguments_that_cannot_be_read_end_with_2_before_anything_is_done(argv, sealed, capsys):
    status, out, _err = typed(*argv)

    assert (status, out, sealed) == (2, "", [])
    assert "tried" in capsys.readouterr().err


def test_called_from_code_a_command_raises(sealed):
    with pytest.raises(WrongUse):
        call_command(Tried(), "wrong")
    with pytest.raises(SystemExit):
        call_command(Tried(stdout=StringIO()), "partly")


@pytest.mark.parametrize("text", ["31.12.2022", "2022-13-01", "2022", ""])
def test_a_day_that_is_none_is_refused(text):
    assert day("2022-12-31") == dt.date(2022, 12, 31)
    with pytest.raises(ArgumentTypeError):
        day(text)


def test_a_file_must_be_there(tmp_path):
    (tmp_path / "名册.xlsx").write_bytes(b"")

    assert existing_file(str(tmp_path / "名册.xlsx")).name == "名册.xlsx"
    with pytest.raises(ArgumentTypeError):
        existing_file(str(tmp_path))
