from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """A visitor who reads English."""
    visitor = Client()
    visitor.cookies["dg_language"] = "en"
    return visitor
