"""Django's collector of texts, without its guesses: a new text starts untranslated, not with the words of a similar one."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # Django declares it as an instance's.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012 -- Django's own attribute
