"""The beat's own address: what it takes, what it says, what it refuses."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.engines.hours.models import Sitting
from denggao.engines.hours.tokens import token_of
from tests.cast import Cast
from tests.engines.hours.learning import sit


def post(body: object, **told: object):
    content = body if isinstance(body, str) else json.dumps(body)
    return Client().post("/-/beat/", content, content_type="application/json", **told)


def test_a_beat_needs_no_session_and_two_queries(cast: Cast, now, monkeypatch):
    sitting, token = sit(cast, now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    post({"token": token, "beats": []})

    with CaptureQueriesContext(connection) as asked:
        response = post(
            {"token": token, "clock": now.timestamp() * 1000, "beats": [{"n": 1, "acts": 3, "span": 60000, "at": 12.5}]}
        )

    assert response.status_code == 200
    assert response.json() == {"saved": "10:00:00", "seconds": 0, "day": 0, "state": "counting", "sequence": 1}
    assert len(asked) == 2
    assert not response.cookies
    sitting.refresh_from_db()
    assert (sitting.beats, sitting.position_seconds, sitting.clock_drift) == (1, 12.5, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("[" * 60000, 400),
        ({"token": 5}, 410),
        ({"token": "0" * 32 + "." + "0" * 32}, 410),
        ({"token": "é" * 65}, 410),
    ],
)
def test_what_is_no_beat_is_refused(db, body, status):
    assert post(body).status_code == status


def test_a_wrong_field_is_named_and_nothing_kept(cast: Cast, now):
    sitting, token = sit(cast, now)
    wrong = {
        "n": [{"acts": 1}, {"n": "1"}, {"n": -1}, {"n": True}, {"n": 1e400}],
        "parts": [{"n": 1, "parts": "all"}, {"n": 1, "parts": [[1]]}, {"n": 1, "parts": [[0, None]]}, {"n": 1, "parts": [[0, -5]]}],
        "span": [{"n": 1, "span": -1}],
        "beats": [7],
    }

    told = {name: {post({"token": token, "beats": [beat]}).json()["error"] for beat in beats} for name, beats in wrong.items()}

    assert told == {name: {name} for name in wrong}
    assert post({"token": token, "beats": [{"n": 1}] * 301}).status_code == 400
    assert Client().get("/-/beat/").status_code == 405
    sitting.refresh_from_db()
    assert sitting.last_sequence == 0


def test_a_token_of_a_sitting_that_is_gone_is_refused(cast: Cast, now):
    sitting, token = sit(cast, now)
    Sitting.objects.all().delete()

    assert token == token_of(sitting.public_id)
    assert post({"token": token, "beats": []}).status_code == 410
