"""Controls drawn without a template are what Django's templates would have drawn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from denggao.foundation.ui.forms import Renderer

pytestmark = pytest.mark.once

NASTY = "<script>\"'&"
GROUPED = [("", _("all")), (1, NASTY), ("组", [("a", "甲"), (NASTY, "乙")])]


class Form(forms.Form):
    text = forms.CharField(max_length=5, help_text="x")
    number = forms.IntegerField(min_value=0, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date", "data-x": NASTY}))
    hidden = forms.CharField(widget=forms.HiddenInput)
    secret = forms.CharField(widget=forms.PasswordInput)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "readonly": False}))
    choice = forms.ChoiceField(choices=GROUPED, required=False)
    several = forms.MultipleChoiceField(choices=GROUPED)
    box = forms.BooleanField(required=False)
    file = forms.FileField()
    yes = forms.NullBooleanField()


def _drawn(form: forms.Form) -> dict[str, str]:
    return {field.name: re.sub(r">\s+<", "><", str(field.as_widget())).strip() for field in form}


@pytest.mark.parametrize(
    "given",
    [None, {}, dict.fromkeys(Form.base_fields, NASTY), {"choice": "1", "several": ["a", NASTY], "box": "on", "yes": "true", "number": 0}],
)  # fmt: skip
def test_a_control_is_drawn_as_django_draws_it(given: dict[str, Any] | None) -> None:
    ours, theirs = Form(given, renderer=Renderer()), Form(given, renderer=DjangoTemplates())

    assert _drawn(ours) == _drawn(theirs)
