"""A case as an expert and as a signing authority see it: their part, and nothing of the rest."""

from __future__ import annotations

import datetime as dt
import io

from denggao.engines.cases import policies
from denggao.engines.cases.actions import submit_case
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.models import Snapshot
from denggao.engines.reviews.actions.conflicts import pin_conflict
from tests.cast import Cast, browser_of
from tests.engines.cases.judging import panel_of, request_of, seated
from tests.engines.cases.placing import checked
from tests.engines.cases.procedures import ANSWERS, SYSTEM, a_draft, a_submitted
from tests.engines.cases.test_full_way import at_cosign
from tests.engines.reviews.scene import a_rubric, actor_of, an_expert

ANSWERED = (ANSWERS["place"]["name"], ANSWERS["plan"]["aim"])


def test_an_expert_reads_the_file_at_the_seat_and_opens_nothing_else(cast: Cast, now: dt.datetime) -> None:
    a_rubric()
    draft = a_draft(cast, now, procedure="trial_full")
    given = {"section": "plan", "field": "papers", "taken": ["pdf"], "limit": 1000}
    paper = attach_file(draft, "安全.pdf", io.BytesIO(b"%PDF-1.7 x"), **given, actor=cast.base_manager, now=now)
    case = checked(submit_case(draft, actor=cast.base_manager, now=now), cast, now)
    first, second = seated(case, cast, now)
    one, other = (browser_of(each.person.account, ["password"]) for each in (first, second))
    judge_elsewhere = an_expert()
    outsider = browser_of(judge_elsewhere.person.account, ["password"])
    seat = f"/reviews/{first.assignments.get().public_id}/"

    shown = one.get(seat).content.decode()

    assert [text in shown for text in (*ANSWERED, Snapshot.objects.get().content_hash)] == [True] * 3
    assert "Papers are there" not in shown
    assert [policies.can_read_attachment(actor_of(each), paper) for each in (first, judge_elsewhere)] == [True, False]
    for address in (case.link, f"{case.link}filed/", f"{case.link}snapshots/1/", f"{case.link}snapshots/1/pdf/"):
        assert one.get(address).status_code == 404, address
    assert [client.get(seat).status_code for client in (other, outsider)] == [404, 404]
    assert str(case.number) not in one.get("/cases/", follow=True).content.decode()

    pin_conflict(panel_of(case), first, reason="同单位", actor=cast.reviewer, now=now)

    assert not policies.can_read_attachment(actor_of(first), paper)
    aside = one.get(seat)
    assert not any(text in aside.content.decode() for text in ANSWERED)


def test_an_authority_sees_a_case_as_the_public_and_only_once_it_is_asked_to_sign(cast: Cast, now: dt.datetime) -> None:
    a_rubric()
    SYSTEM.signing = [cast.authority_body]
    authority = cast.client_of("authority")
    early = a_submitted(cast, now)
    case = at_cosign(cast, now)
    request = request_of(case)

    page = authority.get(case.link)
    shown = page.content.decode().split("<main")[1]

    assert (authority.get(early.link).status_code, page.status_code) == (404, 200)
    assert not any(text in shown for text in ("同意", "Papers are there", ANSWERED[1], "催办"))
    assert f"/signatures/{request.public_id}/" in shown
    for address in ("filed/", "snapshots/1/", "snapshots/1/pdf/", "return/", "remind/", "hand-over/"):
        assert authority.get(f"{case.link}{address}").status_code in {404, 405}, address
    listed = authority.get("/cases/").content.decode()
    assert (str(case.number) in listed, str(early.number) in listed) == (True, False)
    assert request.title_en == f"{case.number} Full trial: {cast.base.name_en}"
    assert "Full trial" in authority.get("/signatures/?lang=en").content.decode()
