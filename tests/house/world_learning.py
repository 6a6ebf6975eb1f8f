"""A class of the base's school: the worker learns in it (enrolled by the employer), asked, handed in and was signed."""

from __future__ import annotations

import datetime as dt

from denggao.systems.university.learning.actions import talking, working
from denggao.systems.university.learning.models import Enrolment, Note, Submission, Thread
from tests.cast import Cast
from tests.house.world import World
from tests.systems.university.learning.facts import a_class, again, key_of, teacher


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    run, mine = a_class(cast, now, "reading", "check", "assignment", "practical", "live")
    Enrolment.objects.filter(pk=mine.pk).update(employer=cast.employer)
    mine = again(mine)
    key = key_of(run, "reading")
    thread = talking.ask(run, "Secret question", "", unit_key=key, actor=cast.worker, now=now)
    reply = talking.reply(thread, "Secret answer", actor=teacher(cast), now=now)
    note = talking.write_note(mine, key, "Secret note", actor=cast.worker, now=now)
    work = working.hand_in(mine, key_of(run, "assignment"), text="Secret work", actor=cast.worker, now=now)
    signing = working.sign_practical(again(mine), key_of(run, "practical"), ["s1"], actor=teacher(cast), now=now)
    assert (Thread.objects.count(), Note.objects.count(), Submission.objects.count()) == (1, 1, 1)
    world.values |= {
        "learn/": {"public_id": mine.public_id, "key": key, "note_id": note.public_id},
        "learn/enter/": {"public_id": run.public_id},
        "learn/questions/": {"public_id": thread.public_id},
        "learn/replies/": {"public_id": reply.public_id},
        "learn/<uuid:public_id>/<uuid:key>/check/": {"key": key_of(run, "check")},
        "learn/<uuid:public_id>/<uuid:key>/hand-in/": {"key": key_of(run, "assignment")},
        "learn/<uuid:public_id>/<uuid:key>/join/": {"key": key_of(run, "live")},
        "classes/": {"public_id": run.public_id},
        "classes/marking/": {"public_id": work.public_id},
        "classes/learners/": {"public_id": mine.public_id, "key": key_of(run, "practical")},
        "classes/signings/": {"public_id": signing.public_id},
        "classes/<uuid:public_id>/practical/": {"key": key_of(run, "practical")},
        "classes/<uuid:public_id>/attendance/": {"key": key_of(run, "live")},
        "team/": {"public_id": run.public_id},
    }
    world.forms |= {
        "learn/<uuid:public_id>/<uuid:key>/check/": {"q-q1": "a"},
        "learn/<uuid:public_id>/<uuid:key>/notes/": {"text": "Another"},
        "learn/<uuid:public_id>/<uuid:key>/notes/<uuid:note_id>/": {"text": "Changed"},
        "learn/<uuid:public_id>/<uuid:key>/ask/": {"title": "Another question"},
        "learn/questions/<uuid:public_id>/reply/": {"text": "Another answer"},
        "learn/questions/<uuid:public_id>/hide/": {"reason": "Off topic."},
        "learn/replies/<uuid:public_id>/hide/": {"reason": "Off topic."},
        "classes/<uuid:public_id>/state/": {"state": "closed"},
        "classes/learners/<uuid:public_id>/remove/": {"reason": "Changed plans."},
        "classes/learners/<uuid:public_id>/practical/<uuid:key>/": {"steps": "s2"},
        "classes/signings/<uuid:public_id>/take-back/": {"reason": "Wrong learner."},
        "classes/<uuid:public_id>/announcements/": {"title": "Tomorrow"},
        "classes/marking/<uuid:public_id>/": {"m-size": "50", "m-surface": "30"},
    }
