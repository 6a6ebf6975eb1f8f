"""Naming a person on a form: by name among those one may see, or by name and document number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.audit.actors import Actor
from denggao.foundation.people.models import Person
from denggao.foundation.people.policies import visible_persons
from denggao.foundation.people.queries import find_by_identity, key_of
from denggao.foundation.people.rules import name_key, read_identity
from denggao.foundation.sheets.kinds import Fault


class PersonUnclear(Exception):
    """Nobody, or several, may be meant; the message says what to write instead."""


def person_named(actor: Actor, name: str, number: str) -> Person:
    """The one person of this name whom the actor may see; with a document number whoever bears both. SECURITY: for who enters
    papers of persons (the office, HR, bases) alone: the answer tells whether the two belong together."""
    key = name_key(name)
    if number.strip():
        identity = read_identity(None, number)
        if isinstance(identity, Fault):
            raise PersonUnclear(str(identity.text) % dict(identity.values))
        found = find_by_identity([key_of(identity)]).get(key_of(identity))
        if found is None or found.name_key != key:
            raise PersonUnclear(_("Nobody of this name and document number is known. Compare both with the document."))
        return found
    seen = list(visible_persons(actor).filter(name_key=key)[:2])
    if not seen:
        raise PersonUnclear(_("You see nobody of this name: write the document number as well."))
    if len(seen) > 1:
        raise PersonUnclear(_("Several people bear this name: write the document number as well."))
    return seen[0]


def name_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))


def number_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        required=False,
        help_text=gettext_lazy("Where the name alone does not say who is meant. It is not kept here."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
