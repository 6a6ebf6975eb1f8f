"""No machine words for the auditor: whatever the product can write into a record has a name."""

import re

from django.apps import apps

from denggao.faces.auditing.words import ACTIONS, OBJECTS
from denggao.foundation.audit.actions import CODES
from tests.house.rooms import files

# Batches that note records under other codes, or none at all.
_SILENT = {"messages.message.read", "messages.message.read_all"}
_NOTED = re.compile(r'\bLine(?:\.about)?\(\s*"([a-z_]+\.[a-z_.]+)"')


def test_every_action_has_a_name():
    noted = {code for path in files(".py") for code in _NOTED.findall(path.read_text())}

    own = {code for code, doorway in CODES.items() if doorway.__module__.startswith("denggao.")} - _SILENT
    of_tests = {code for code in own if code.startswith("tests.")}  # a test may wrap a function of the product
    assert sorted((own | noted) - of_tests - set(ACTIONS)) == []


def test_every_audited_object_has_a_name():
    audited = {
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.startswith("denggao.") and getattr(model, "audited", None) is not None
    }

    assert sorted(audited - set(OBJECTS)) == []
