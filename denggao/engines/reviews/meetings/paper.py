"""The minutes as a document: who was there, what was voted and decided on each candidate, the outcome, the signatures' lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Recusal, Vote
from denggao.engines.reviews.meetings.queries import room_of
from denggao.engines.reviews.meetings.showing import facts_of
from denggao.foundation.documents import rendering
from denggao.foundation.documents.codes import qr_for_paper
from denggao.foundation.ui.templatetags.dg import moment
from denggao.foundation.ui.words import account_names

PAPER = "meetings/minutes"
rendering.register(PAPER, Path(__file__).parent / "paper" / "minutes.typ")


def minutes_of(meeting: Meeting) -> bytes:
    """The PDF, in the language now spoken; of a closed meeting the same bytes each time. Raises GlyphMissing."""
    room = room_of(meeting)
    address = f"{settings.BASE_URL}/reviews/meetings/{meeting.public_id}/"
    closed = meeting.state == Meeting.State.CLOSED
    names = account_names([who for who in (meeting.closing_by, meeting.closed_by, str(meeting.minute_taker.public_id)) if who])
    chair = next((member.expert.person.name for member in room.members.values() if member.is_chair), "")
    data = {
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "title": meeting.title,
        "facts": [
            [_("Begins"), moment(meeting.starts_at)],
            [pgettext("of a meeting", "Opened"), moment(meeting.opened_at) if meeting.opened_at else "—"],
            [pgettext("of a meeting", "Closed"), moment(meeting.closed_at) if meeting.closed_at else "—"],
            [pgettext("jury", "Chair"), chair or "—"],
            *[[label, value or "—"] for label, value in facts_of(meeting, len(room.members))],
        ],
        "members": _members(meeting, room.members),
        "items": _items(meeting),
        "minutes": meeting.minutes,
        "addenda": [[str(each.number), moment(each.at), each.text] for each in meeting.addenda.all()],
        "hash": meeting.record_hash,
        "draft": not closed,
        "address": address,
        "qr": qr_for_paper(address),
        "sample": bool(settings.DEMO) or meeting.is_demo,
        "signers": [
            [pgettext("jury", "Chair"), chair],
            [_("Minutes taken by"), names.get(str(meeting.minute_taker.public_id), "")],
            [_("Confirmed by"), names.get(meeting.closed_by, "")],
        ],
        "words": {
            "members": pgettext("jury", "Members"),
            "items": _("Candidates and votes"),
            "minutes": pgettext("of a meeting", "Minutes"),
            "addenda": _("Addenda"),
            "none": _("Nothing was written down."),
            "scan": _("The page of this meeting"),
            "frozen": _("Frozen when the meeting was closed. Whoever changes a character gets another hash."),
            "draft": _("Draft: the meeting is not closed."),
            "sample": _("Demo data: not a real meeting."),
            "columns": [pgettext("ranking", "Place"), _("Candidate"), _("Votes"), _("Outcome")],
        },
    }
    return rendering.render(PAPER, data, at=meeting.closed_at or meeting.created_at)


def _members(meeting: Meeting, members: dict[int, Member]) -> list[list[str]]:
    times: dict[int, list[str]] = {}
    for member in meeting.members.prefetch_related("presences"):
        times[member.pk] = [
            f"{moment(row.from_at)} – {moment(row.to_at) if row.to_at else ''}".strip() for row in member.presences.all()
        ]
    return [
        [
            member.expert.person.name,
            member.expert.employer_name,
            pgettext("jury", "Chair") if member.is_chair else "",
            "; ".join(times[pk]) or "—",
        ]
        for pk, member in members.items()
    ]


def _items(meeting: Meeting) -> list[dict[str, Any]]:
    ballots: dict[int, list[Ballot]] = {}
    for ballot in Ballot.objects.filter(item__meeting=meeting).prefetch_related("votes__member__expert__person"):
        ballots.setdefault(ballot.item_id, []).append(ballot)
    recused: dict[int, list[str]] = {}
    rows = Recusal.objects.filter(item__meeting=meeting, cleared_at__isnull=True).select_related("member__expert__person")
    for row in rows.order_by("pk"):
        who = row.member.expert.person.name
        if who not in recused.setdefault(row.item_id, []):
            recused[row.item_id].append(who)
    return [_item(item, ballots.get(item.pk, []), recused.get(item.pk, [])) for item in meeting.items.all()]


def _item(item: Item, ballots: list[Ballot], recused: list[str]) -> dict[str, Any]:
    outcome = str(item.get_outcome_display()) if item.outcome else ""
    return {
        "position": str(item.position),
        "place": str(item.place) if item.place else "—",
        "title": item.title,
        "group": item.group_name,
        "outcome": _("dropped out") if item.state == Item.State.DROPPED else outcome or "—",
        "why": item.dropped_reason or (str(item.get_why_display()) if item.why else ""),
        "votes": [_ballot(ballot) for ballot in ballots if ballot.state != Ballot.State.OPEN],
        "recused": _("Recused: %(names)s") % {"names": "、".join(recused)} if recused else "",
        "decision": item.decision,
    }


def _ballot(ballot: Ballot) -> str:
    said = {
        "yes": ballot.in_favour or 0,
        "no": ballot.against or 0,
        "blank": ballot.abstained or 0,
        "needed": ballot.needed or 0,
        "present": ballot.present or 0,
    }
    text = _("%(yes)s in favour, %(no)s against, %(blank)s abstained; %(needed)s needed, %(present)s present") % said
    if ballot.second:
        text = _("Second vote:") + " " + text
    if ballot.state == Ballot.State.SET_ASIDE:
        return text + " · " + pgettext("votes", "set aside") + f" ({ballot.reason})"
    silent = ballot.silent
    if silent > 0:
        text += " · " + ngettext("%(count)s gave no vote", "%(count)s gave no vote", silent) % {"count": silent}
    by_choice = [
        (label, [vote.member.expert.person.name for vote in ballot.votes.all() if vote.choice == choice and not vote.set_aside_at])
        for choice, label in Vote.Choice.choices
    ]
    named = [f"{label}: {'、'.join(who)}" for label, who in by_choice if who]
    return text + (" (" + "; ".join(named) + ")" if named else "")
