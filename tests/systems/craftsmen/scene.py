"""A plan that counts craftsmen, a round, nominees, and answers that pass."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from denggao.engines.cases import actions
from denggao.engines.cases.actions.attaching import attach_file
from denggao.engines.cases.actions.consenting import agree
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.models import Case, Consent, Round
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Part, Plan
from denggao.systems.craftsmen.actions.naming import record_naming_order
from denggao.systems.craftsmen.actions.rubric import bring_rubric
from denggao.systems.craftsmen.models import Craftsman, NamingOrder, Nomination
from tests.cast import Cast
from tests.facts import NOW, a_person, a_plan, in_post

WEEK = dt.timedelta(days=7)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def craftsmen_plan(cast: Cast, now: dt.datetime) -> Plan:
    plan = a_plan(code="lingang-2020", unit="person", counting_rule="named_craftsmen", lowest_proof="confirmed")
    Part.objects.create(plan=plan, goal=plan.goals.get(), role="host", organisation=cast.authority_body, position=1)
    bring_rubric(plan, actor=cast.administrator, now=now)
    return plan


def craftsmen_round(
    cast: Cast, now: dt.datetime, *, plan: Plan | None = None, title: str = "2022年临港工匠选树", **given: Any
) -> Round:
    facts = {"opens_at": now - WEEK, "closes_at": now + WEEK, "quota": 10, **given}
    round_ = actions.prepare_round(
        actions.RoundGiven("craftsman", title, plan=plan or craftsmen_plan(cast, now), **facts), actor=cast.clerk, now=now
    )
    return actions.open_round(round_, actor=cast.clerk, now=now)


def a_nominee(
    cast: Cast, name: str = "周启明", *, employer: Organisation | None = None, account: bool = False, **facts: Any
) -> Person:
    person = a_person(name)
    if account:
        person.account = cast.user("worker")
        Person.objects.filter(account=person.account).update(account=None)
        person.save(update_fields=["account"])
    in_post(person, employer or cast.employer, **facts)
    return person


def answers(told_name: str, *, paper: str, place: int | None = None, **given: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {
        "nominee": {
            "name": told_name, "document_number": "", "industry": "ic", "occupation": "车工", "post": "班组长", "front_line_years": 12,
            "nationality": "chinese", "union_member": "on", "motto": "剩下那一点，在手上。",
        },
        "conditions": {"craft": "叶片磨削误差 0.02 mm", "skill": "市赛第一名", "lead": "带徒 6 人", "contribution": "年节约 120 万元"},
        "deeds": {
            "story": "十九岁进厂，做了二十一年。",
            "works": [{"title": "空心叶片自适应磨削", "detail": "误差 0.06 到 0.02", "year": "2021"}],
            "patents": [{"title": "快换夹具", "number": "ZL2020000000", "rank": "1", "year": "2020"}],
        },
        "evidence": {"papers": [paper]},
        "opinion": {"opinion": "同意推荐。", "place": place or ""},
    }  # fmt: skip
    for section, values in given.items():
        found[section] |= values
    return found


def fill(case: Case, said: dict[str, dict[str, Any]], *, actor: Actor, now: dt.datetime) -> Case:
    for section, values in said.items():
        actions.save_draft(case, section=section, answers=values, base_revision=0, actor=actor, now=now)
    return case


def a_paper(case: Case, *, actor: Actor, now: dt.datetime) -> str:
    stored = attach_file(
        case, "证明.pdf", io.BytesIO(PDF), section="evidence", field="papers", taken=("pdf",), limit=1_000_000, actor=actor, now=now
    )
    return str(stored.public_id)


def nominated(
    cast: Cast,
    round_: Round,
    person: Person,
    now: dt.datetime,
    *,
    actor: Actor | None = None,
    body: Organisation | None = None,
    **given: Any,
) -> Case:
    """Handed in by the employer, or by who is told."""
    actor = actor or cast.hr
    case = actions.open_case(round_, body=body or cast.employer, actor=actor, now=now)
    paper = a_paper(case, actor=actor, now=now)
    fill(case, answers(person.name, paper=paper, **given), actor=actor, now=now)
    return actions.submit_case(case, actor=actor, now=now)


def self_nominated(cast: Cast, round_: Round, now: dt.datetime, **given: Any) -> Case:
    case = actions.open_case(round_, person=cast.worker_person, actor=cast.worker, now=now)
    paper = a_paper(case, actor=cast.worker, now=now)
    said = answers(cast.worker_person.name, paper=paper, **given)
    said["opinion"] = {"opinion": ""}
    fill(case, said, actor=cast.worker, now=now)
    return actions.submit_case(case, actor=cast.worker, now=now)


def agreed(case: Case, *, actor: Actor, now: dt.datetime) -> Case:
    asked = Consent.objects.get(case=case, state="asked")
    agree(asked, hash_seen=asked.content_hash, actor=actor, now=now)
    case.refresh_from_db()
    return case


def an_order(cast: Cast, round_: Round, now: dt.datetime, number: str = "沪临工匠〔2022〕018号") -> NamingOrder:
    return record_naming_order(
        round_, number=number, title="关于命名临港工匠的决定", issued_on=now.date(), actor=cast.clerk, now=now
    )


def at_award(case: Case) -> Case:
    """As if judged, shown and decided: what leads there is the engines' and is walked elsewhere."""
    Case.objects.filter(pk=case.pk).update(stage="award", stage_kind="award", waits_for="platform")
    case.refresh_from_db()
    return case


def named(cast: Cast, now: dt.datetime = NOW, *, round_: Round | None = None, nominee: Person | None = None) -> Craftsman:
    """A craftsman, named."""
    round_ = round_ or craftsmen_round(cast, now)
    case = nominated(cast, round_, nominee or a_nominee(cast), now)
    if not NamingOrder.objects.filter(round=round_).exists():
        an_order(cast, round_, now)
    award_case(at_award(case), actor=cast.clerk, now=now)
    return Craftsman.objects.get(case=case)


def nomination(case: Case) -> Nomination:
    return Nomination.objects.get(case=case)
