"""Every model says what one row means in the world and which personal data it holds."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from denggao.foundation.vault.fields import EncryptedTextField

pytestmark = pytest.mark.once

MODELS = [model for model in apps.get_models() if model.__module__.startswith("denggao.")]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_says_what_one_row_means(model):
    written = model.__doc__ or ""

    # Django writes "Name(field, field)" where nobody wrote anything.
    assert written.strip()
    assert not written.startswith(f"{model.__name__}("), "no docstring"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_with_personal_data_says_so(model):
    encrypted = [field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
    declared = list(getattr(model, "personal", ())) if isinstance(getattr(model, "personal", ()), tuple | list | frozenset) else []
    linked = [field.name for field in model._meta.local_fields if isinstance(field, models.EmailField)]

    if encrypted or declared or linked:
        assert "personal" in (model.__doc__ or "").lower(), f"holds {encrypted + declared + linked}, its docstring is silent"
