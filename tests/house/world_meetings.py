"""A jury that meets: the cast's expert chairs, one item on the table, a secret count to check, a recusal; and one that is planned."""

from __future__ import annotations

import datetime as dt
import uuid

from denggao.engines.reviews.meetings.actions.planning import MeetingGiven, invite_members, name_chair, plan_meeting
from denggao.engines.reviews.meetings.actions.recusing import set_recusal
from denggao.engines.reviews.meetings.actions.sitting import arrive, open_meeting
from denggao.engines.reviews.meetings.actions.voting import call_item
from denggao.engines.reviews.meetings.models import Item
from denggao.engines.reviews.meetings.registry import register_meeting_subject
from denggao.engines.reviews.models import Expert
from tests.cast import Cast
from tests.engines.reviews.meetings.jury import KIND, TrialRound, a_candidate
from tests.engines.reviews.scene import an_expert
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    register_meeting_subject(KIND, TrialRound(waiting=[a_candidate("候选甲", 1), a_candidate("候选乙", 2)]))
    own = Expert.objects.filter(person__account=cast.user("expert")).first() or an_expert("评委", user=cast.user("expert"))
    experts = [own, an_expert("评委二"), an_expert("评委三")]
    given = MeetingGiven("评委会会议", "会议室", now, cast.user("clerk"))
    meeting = plan_meeting(KIND, uuid.uuid4(), given, actor=cast.reviewer, now=now)
    seats = invite_members(meeting, experts, actor=cast.reviewer, now=now)
    name_chair(seats[0], actor=cast.reviewer, now=now)
    for seat in seats:
        arrive(seat, actor=cast.clerk, now=now)
    open_meeting(meeting, actor=cast.clerk, now=now)
    first, second = Item.objects.filter(meeting=meeting).select_related("meeting")
    call_item(first, actor=cast.clerk, now=now)
    recusal = set_recusal(seats[1], second, reason="师徒", actor=cast.clerk, now=now)
    planned = plan_meeting(KIND, uuid.uuid4(), given, actor=cast.reviewer, now=now)
    invited = invite_members(planned, experts, actor=cast.reviewer, now=now)
    ids = {"public_id": meeting.public_id, "item_id": first.public_id, "recusal_id": recusal.public_id}
    world.values |= {
        "reviews/meetings/": {**ids, "member_id": seats[2].public_id},
        "reviews/meetings/mine/": {"public_id": meeting.public_id, "item_id": first.public_id},
        "reviews/meetings/mine/<uuid:public_id>/answer/": {"public_id": planned.public_id},
    }
    for page in ("edit/", "candidates/", "members/", "open/", "members/<uuid:member_id>/remove/", "members/<uuid:member_id>/chair/",
                 "members/<uuid:member_id>/arrive/"):  # fmt: skip
        world.values[f"reviews/meetings/<uuid:public_id>/{page}"] = {
            "public_id": planned.public_id, "member_id": invited[1].public_id,
        }  # fmt: skip
    subject = {"kind": KIND, "subject": str(uuid.uuid4())}
    world.forms |= {
        "reviews/meetings/new/": subject,
        "reviews/meetings/<uuid:public_id>/call-off/": {"reason": "改期"},
        "reviews/meetings/<uuid:public_id>/members/": {"experts": str(an_expert("评委四").public_id)},
        "reviews/meetings/<uuid:public_id>/recusals/<uuid:recusal_id>/clear/": {"reason": "误记"},
        "reviews/meetings/<uuid:public_id>/items/<uuid:item_id>/votes/": {f"vote-{seats[1].public_id}": "for"},
        "reviews/meetings/<uuid:public_id>/items/<uuid:item_id>/recuse/": {"member": str(seats[2].public_id), "reason": "近亲"},
        "reviews/meetings/<uuid:public_id>/minutes/": {"text": "到会三人"},
        "reviews/meetings/<uuid:public_id>/items/<uuid:item_id>/decision/": {"text": "同意推荐"},
        "reviews/meetings/mine/<uuid:public_id>/answer/": {"coming": "yes"},
        "reviews/meetings/mine/<uuid:public_id>/items/<uuid:item_id>/vote/": {"choice": "for"},
        "reviews/meetings/mine/<uuid:public_id>/items/<uuid:item_id>/recuse/": {"reason": "近亲"},
    }
