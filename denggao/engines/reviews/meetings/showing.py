"""What the pages of a meeting show, read with a fixed number of queries however many members and items there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from denggao.engines.reviews.meetings import policies
from denggao.engines.reviews.meetings.actions.recusing import barred_of
from denggao.engines.reviews.meetings.actions.voting import settled
from denggao.engines.reviews.meetings.models import Ballot, Item, Meeting, Member, Recusal, Vote
from denggao.engines.reviews.meetings.queries import Quorum, Room, lines_of, room_of
from denggao.engines.reviews.meetings.reading import Listed, Votes, listed_in, votes_in
from denggao.engines.reviews.meetings.registry import MeetingSubject, meeting_subject
from denggao.engines.reviews.meetings.rules import Fate, fates, quorum_needed
from denggao.engines.reviews.models import Conflict
from denggao.foundation.audit.actors import Actor
from denggao.foundation.audit.readied import readied
from denggao.foundation.ui.held import Choice, HeldListing, Pick
from denggao.foundation.ui.templatetags.dg import role_label
from denggao.foundation.ui.words import account_names


class OfItem(Protocol):
    """A line about one candidate."""

    @property
    def item(self) -> Item | Listed: ...


Line = TypeVar("Line", bound=OfItem)

PER_PAGE = 25
OUTCOME_TONES = {"majority": "jade", "too_few": "crimson", "beyond_quota": "amber", "tie_held": "amber"}
ANSWER_TONES = {Member.Answer.ASKED: "amber", Member.Answer.COMING: "lake", Member.Answer.DECLINED: "crimson"}
TONE_ICONS = {
    "jade": "circle-check",
    "crimson": "alert-circle",
    "amber": "clock",
    "lake": "info-circle",
    "withdrawn": "arrow-back-up",
    "": "circle",
}


def share_text(parts: int, of: int, *, majority: bool = False) -> str:
    """A share in words: one half as a majority means more than half."""
    if majority and 2 * parts == of:
        return _("more than half")
    return _("at least %(parts)s of %(of)s parts") % {"parts": parts, "of": of}


def asked_again(request: HttpRequest, parts: Mapping[str, str]) -> str:
    """The template of the part of a page that the page itself asks for anew, by the element's id; empty for a whole page."""
    polls = request.method == "GET" and request.headers.get("HX-Request") == "true"
    return parts.get(request.headers.get("HX-Target", ""), "") if polls else ""


@dataclass(frozen=True)
class ItemLine:
    """One candidate in the list. ``last``: the vote that stands, second votes in ``again``; ``fate``: where it would stand if the
    meeting ended now (once closed: as it ended)."""

    item: Item | Listed
    recused: int
    last: Votes | None = None
    again: Sequence[Votes] = ()
    fate: Fate | None = None
    on_table: bool = False
    subject: MeetingSubject | None = None

    @property
    def url(self) -> str:
        return self.subject.item_url(self.item.subject_id) if self.subject is not None else ""

    @property
    def is_left(self) -> bool:
        """Whether its vote is still to come or under way."""
        return self.item.state == Item.State.STANDING and self.fate is None

    @property
    def tone(self) -> str:
        if self.item.state == Item.State.DROPPED:
            return "withdrawn"
        return OUTCOME_TONES[self.fate.why] if self.fate is not None else ""

    @property
    def told(self) -> str:
        """The numbers of its vote, as ``parts/numbers.html`` has them."""
        votes = self.last
        if votes is None:
            return ""
        given = {"yes": votes.in_favour, "no": votes.against, "blank": votes.abstained, "needed": votes.needed}
        return _("%(yes)s in favour, %(no)s against, %(blank)s abstained; %(needed)s needed") % given

    @property
    def icon(self) -> str:
        """As a chip of this tone has it: a list of hundreds draws its chips without a component each."""
        return TONE_ICONS[self.tone]

    @property
    def words(self) -> str:
        """How it stands, in a word or two."""
        if self.item.state == Item.State.DROPPED:
            return _("dropped out")
        if self.fate is None:
            return _("under vote") if self.last is not None else _("not voted on")
        if self.fate.passes:
            return _("passes")
        return {"too_few": _("too few votes"), "beyond_quota": _("no place left"), "tie_held": _("equal at the last place")}[
            self.fate.why
        ]


@dataclass(frozen=True)
class MemberLine:
    """``choice``: the vote by name on the item on the table. ``recused`` from it; ``barred``: a candidate of the same subject.
    ``turn``: where it is noted that the member comes or leaves; ``chair`` and ``off``: that they chair, or are taken off."""

    member: Member
    present: bool
    turn: str
    chair: str
    off: str
    choice: str = ""
    recused: bool = False
    recusals: int = 0
    barred: bool = False

    @property
    def name(self) -> str:
        return self.member.expert.person.name

    @property
    def key(self) -> SafeString:
        """Of the field that holds the vote."""
        return SafeString(f"vote-{self.member.public_id}")

    @property
    def tone(self) -> str:
        return "jade" if self.present else ANSWER_TONES[Member.Answer(self.member.answer)]

    @property
    def icon(self) -> str:
        return TONE_ICONS[self.tone]

    @property
    def answer(self) -> str:
        return pgettext("jury", "present") if self.present else str(self.member.get_answer_display())


@dataclass(frozen=True)
class RecusalLine:
    recusal: Recusal
    text: str
    may_clear: bool


@dataclass(frozen=True)
class Table:
    """The item on the table: who is entitled, how the vote under way or settled stands, who is recused and why. ``counts``: the
    votes by name entered so far."""

    line: ItemLine
    quorum: Quorum
    needed: int
    ballot: Votes | None
    counts: dict[str, int]
    members: list[MemberLine]
    recusals: list[RecusalLine]
    may_check: bool

    @property
    def silent(self) -> int:
        return max(0, self.quorum.present - sum(self.counts.values()))

    @property
    def is_open(self) -> bool:
        return self.ballot is not None and self.ballot.state == Ballot.State.OPEN

    @property
    def is_counted(self) -> bool:
        return self.ballot is not None and self.ballot.state == Ballot.State.COUNTED


@dataclass(frozen=True)
class Day:
    """The whole meeting as its page shows it."""

    meeting: Meeting
    room: Room
    quorum: Quorum
    items: list[ItemLine]
    listing: HeldListing[ItemLine]
    members: list[MemberLine]
    table: Table | None
    groups: list[tuple[str, int, int]] = field(default_factory=list)
    voted: int = 0
    passing: int = 0
    ties: int = 0
    following: Item | Listed | None = None

    @property
    def standing(self) -> int:
        return sum(1 for line in self.items if line.item.state == Item.State.STANDING)


def day_of(meeting: Meeting, actor: Actor, asked: QueryDict, *, chosen: Item | None = None) -> Day:
    """``chosen``: the item to show instead of that on the table; ``asked``: how the list of candidates is narrowed and paged."""
    room = room_of(meeting)
    shown = chosen or meeting.on_table
    items, ballots = listed_in(meeting, whole=shown), votes_in(meeting)
    by_code = _fates(meeting, items, ballots)
    subject = meeting_subject(meeting.subject_kind)
    lines = [
        ItemLine(
            item,
            len(room.recused.get(item.pk, ())),
            *_last(ballots.get(item.pk, [])),
            by_code.get(str(item.public_id)),
            shown is not None and item.pk == shown.pk,
            subject,
        )
        for item in items
    ]
    barred = {member.pk for member in barred_of(meeting, room.members.values())} if meeting.state == "planned" else set()
    counted = Counter(member_id for out in room.recused.values() for member_id in out)
    come, go = _each("meetings:arrive", meeting), _each("meetings:leave", meeting)
    chair, off = _each("meetings:chair", meeting), _each("meetings:remove", meeting)
    members = [
        MemberLine(
            member,
            pk in room.present,
            (go if pk in room.present else come)(member.public_id),
            chair(member.public_id),
            off(member.public_id),
            recusals=counted[pk],
            barred=pk in barred,
        )
        for pk, member in room.members.items()
    ]
    table = next((_table(meeting, room, line, members, actor) for line in lines if line.on_table), None)
    left = [line.item for line in lines if line.item.state == Item.State.STANDING and not settled(ballots.get(line.item.pk, []))]
    return Day(
        meeting=meeting,
        room=room,
        quorum=room.quorum(),
        items=lines,
        listing=candidates_of(lines, asked, STANDINGS, first=lambda line: line.on_table),
        members=members,
        table=table,
        groups=_groups(meeting, lines),
        voted=sum(1 for line in lines if line.fate is not None),
        passing=sum(1 for line in lines if line.fate is not None and line.fate.passes),
        ties=sum(1 for line in lines if line.fate is not None and line.fate.why == "tie_held"),
        following=next((item for item in left if shown is None or item.pk != shown.pk), None),
    )


STANDINGS: tuple[tuple[str, Any, Callable[[ItemLine], bool]], ...] = (
    ("left", gettext_lazy("still to be voted on"), lambda line: line.is_left),
    ("passing", gettext_lazy("pass"), lambda line: line.fate is not None and line.fate.passes),
    ("failing", gettext_lazy("do not pass"), lambda line: line.fate is not None and not line.fate.passes),
    ("equal", gettext_lazy("equal at the last place"), lambda line: line.fate is not None and line.fate.why == "tie_held"),
    ("dropped", gettext_lazy("dropped out"), lambda line: line.item.state == Item.State.DROPPED),
)


def candidates_of(
    lines: Sequence[Line],
    asked: QueryDict,
    standings: Iterable[tuple[str, Any, Callable[[Line], bool]]],
    *,
    first: Callable[[Line], bool] | None = None,
) -> HeldListing[Line]:
    """The candidates by name, group and standing, a page at a time; that of the ``first`` unless another is asked for."""
    groups = _group_names(lines)
    of_group: list[Choice[Line]] = [
        Choice(code, name or code, _in_group(code)) for code, name in sorted(groups.items(), key=lambda one: one[1])
    ]
    stands = [Choice(code, str(label), takes) for code, label, takes in standings]
    picks: list[Pick[Line]] = [Pick("group", _("Group"), of_group), Pick("stands", pgettext("of candidates", "Vote"), stands)]
    return HeldListing(asked, lines, text=lambda line: line.item.title, picks=picks, first=first, per_page=PER_PAGE)


def _group_names(lines: Iterable[OfItem]) -> dict[str, str]:
    """By code, of groups that have one."""
    first = {line.item.group: line.item for line in lines if line.item.group}
    return {code: item.group_name for code, item in first.items()}


def _in_group(code: str) -> Callable[[OfItem], bool]:
    return lambda line: line.item.group == code


def _each(view: str, meeting: Meeting) -> Callable[[UUID], str]:
    """The address of a view for each member, looked up once."""
    address = reverse(view, args=[meeting.public_id, meeting.public_id])
    start, _mine, end = address.rpartition(str(meeting.public_id))
    return lambda member_id: f"{start}{member_id}{end}"


def _last(ballots: Sequence[Votes]) -> tuple[Votes | None, list[Votes]]:
    first = next((ballot for ballot in ballots if not ballot.second), None)
    return first, [ballot for ballot in ballots if ballot.second]


def _fates(meeting: Meeting, items: Sequence[Item | Listed], ballots: Mapping[int, Sequence[Votes]]) -> dict[str, Fate]:
    return {fate.code: fate for fate in fates(lines_of(items, ballots), quota=meeting.quota, quotas=meeting.quotas)}


def _groups(meeting: Meeting, lines: list[ItemLine]) -> list[tuple[str, int, int]]:
    """Name, places and how many pass, of each group with places of its own."""
    names = _group_names(lines)
    passing = Counter(line.item.group for line in lines if line.fate is not None and line.fate.passes)
    return [(names.get(code, code), places, passing[code]) for code, places in sorted(meeting.quotas.items())]


@readied(int)
def _choices(ballot_id: int) -> QuerySet[Vote, tuple[int, str]]:
    return Vote.objects.filter(ballot=ballot_id, set_aside_at__isnull=True).values_list("member_id", "choice")


@readied(int)
def _recusals_of(item_id: int) -> QuerySet[Recusal]:
    found = Recusal.objects.filter(item=item_id, cleared_at__isnull=True)
    return found.select_related("member__expert__person").order_by("pk")


def _table(meeting: Meeting, room: Room, line: ItemLine, members: list[MemberLine], actor: Actor) -> Table:
    item, quorum = line.item, room.quorum(line.item)
    ballot = next((each for each in reversed([line.last, *line.again]) if each is not None), None)
    choices = dict(_choices.rows(ballot.pk)) if ballot is not None and meeting.way == Meeting.Way.NAMED else {}
    out = room.recused.get(item.pk, set())
    rows = _recusals_of.objects(item.pk)
    may_plan = policies.can_plan(actor) and meeting.is_running
    return Table(
        line=line,
        quorum=quorum,
        needed=room.majority(quorum.present),
        ballot=ballot,
        counts=dict(Counter(choices.values())),
        members=[replace(each, choice=choices.get(each.member.pk, ""), recused=each.member.pk in out) for each in members],
        recusals=[
            RecusalLine(row, recusal_text(row), may_plan and row.source != Conflict.Source.DECLARED and row.kind != "party")
            for row in rows
        ],
        may_check=ballot is not None and ballot.state == Ballot.State.COUNTED and ballot.counted_by != actor.id,
    )


def recusal_text(recusal: Recusal) -> str:
    """What it rests on, in one line."""
    detail: dict[str, Any] = recusal.detail
    body = detail.get("body") or {}
    english = (get_language() or "").startswith("en")
    name = (body.get("en") if english else "") or body.get("zh", "")
    role = role_label(detail["role"]) if detail.get("role") else ""
    days = " – ".join(filter(None, [detail.get("from", ""), detail.get("to", "")]))
    twin = _("another record with the same name and birth date or phone") if detail.get("twin") else ""
    return " · ".join(filter(None, [name, role, detail.get("person", ""), days, detail.get("text", ""), twin]))


def facts_of(meeting: Meeting, members: int) -> list[tuple[str, str]]:
    """What holds for this meeting, with where it comes from."""
    source = _("set for this meeting") if meeting.own_rule else _("the platform’s default, confidence C")
    quorum = share_text(meeting.quorum_parts, meeting.quorum_of)
    if members:
        quorum += " " + _("(%(needed)s of %(members)s members)") % {
            "needed": quorum_needed(members, meeting.quorum_parts, meeting.quorum_of),
            "members": members,
        }
    majority = share_text(meeting.majority_parts, meeting.majority_of, majority=True)
    names = account_names([str(meeting.minute_taker.public_id)])
    return [
        (pgettext("of a meeting", "Place"), meeting.place),
        (_("Way of voting"), str(meeting.get_way_display())),
        (_("Quorum"), f"{quorum} · {source}"),
        (_("Majority"), _("%(share)s of those present and not recused") % {"share": majority} + f" · {source}"),
        (_("Places"), str(meeting.quota) if meeting.quota is not None else _("no limit")),
        (_("Minutes taken by"), names.get(str(meeting.minute_taker.public_id), meeting.minute_taker.audit_text)),
    ]
