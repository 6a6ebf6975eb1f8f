"""A call for studios, an application that passes, and a studio that stands, without surprises."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from denggao.engines.cases import actions
from denggao.engines.cases.actions.deciding import award_case
from denggao.engines.cases.models import Case, Decision, Round, Step
from denggao.foundation.files.actions import store_file
from denggao.foundation.people.models import Person
from denggao.foundation.plans.models import Participation
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios.actions.founding import Document, record_order
from denggao.systems.craftsmen.studios.models import Studio, StudioOrder
from tests.cast import Cast
from tests.facts import NOW, a_person, in_post
from tests.systems.craftsmen.scene import a_nominee, at_award, named

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WEEK = dt.timedelta(days=7)


def a_craftsman(cast: Cast, name: str = "周启明", **facts: Any) -> Craftsman:
    """Named, employed by the cast's employer, which takes part in the plan."""
    known = Round.objects.filter(procedure="craftsman").first()
    craftsman = named(cast, round_=known, nominee=a_nominee(cast, name, **facts))
    Participation.objects.get_or_create(plan=craftsman.plan, organisation=cast.employer)
    return craftsman


def a_call(craftsman: Craftsman, **facts: Any) -> Round:
    """Open for all time: pages ask what is open at this moment."""
    given = {
        "title_zh": "2022年工匠工作室申报", "opens_at": NOW - WEEK, "closes_at": NOW + dt.timedelta(days=365 * 20), "state": "open",
        "opened_at": NOW - WEEK, "created_by": "test", "created_at": NOW, **facts,
    }  # fmt: skip
    return Round.objects.create(procedure="studio", plan=craftsman.plan, **given)


def an_order(cast: Cast, round_: Round, number: str = "沪临工〔2022〕18号") -> StudioOrder:
    document = Document(number, "关于命名工匠工作室的通知", NOW.date())
    return record_order(round_, document, actor=cast.clerk, now=NOW)


def a_paper(actor: Any, name: str = "承诺书.pdf", kind: str = "cases.answer") -> str:
    return str(store_file(name, PDF, kind=kind, actor=actor, now=NOW).public_id)


def typed(
    craftsman: Craftsman, paper: str, *, members: list[dict[str, str]] | None = None, **given: Any
) -> dict[str, dict[str, Any]]:
    """A whole application as it is typed."""
    assert craftsman.certificate is not None
    found: dict[str, dict[str, Any]] = {
        "studio": {
            "name_zh": "周启明工匠工作室", "name_en": "Zhou Qiming Studio", "leader": craftsman.certificate.number,
            "purpose": "叶片精密加工攻关与带徒。", "place": "环湖西一路1号3号楼201室", "floor_area_m2": "120",
        },
        "members": {"members": members if members is not None else [{"name": "许星野", "role": "学员", "level": "四级"}]},
        "plan": {"planned_projects": "空心叶片自适应磨削。", "planned_learners": "6", "targets": "专利两项，带徒六人。"},
        "support": {"funds_yuan": "200000", "hours_a_week": "8", "promise": [paper]},
    }  # fmt: skip
    for section, values in given.items():
        found[section] |= values
    return found


def drafted(cast: Cast, round_: Round, craftsman: Craftsman, *, actor: Any = None, **given: Any) -> Case:
    actor = actor or cast.hr
    case = actions.open_case(round_, body=craftsman.employer or cast.employer, actor=actor, now=NOW)
    for section, answers in typed(craftsman, a_paper(actor), **given).items():
        actions.save_draft(case, section=section, answers=answers, base_revision=0, actor=actor, now=NOW)
    return case


def submitted(cast: Cast, round_: Round, craftsman: Craftsman, **given: Any) -> Case:
    if not Person.objects.filter(name="许星野").exists():
        in_post(a_person("许星野"), cast.employer)
    return actions.submit_case(drafted(cast, round_, craftsman, **given), actor=cast.hr, now=NOW)


def decided(case: Case, cast: Cast) -> Case:
    """As if checked, shown and decided: what leads there is the engine's and is walked in ``test_founding``."""
    case = at_award(case)
    step = Step.objects.filter(case=case).first()
    snapshot = case.snapshots.order_by("-number").first()
    Decision.objects.create(
        case=case,
        step=step,
        snapshot=snapshot.number,
        approved=True,
        reason="同意。",
        by=cast.approver.id,
        by_text="approver",
        at=NOW,
    )
    return case


def a_studio(cast: Cast, craftsman: Craftsman | None = None, round_: Round | None = None, **given: Any) -> Studio:
    """Named on 10 October 2022, led by the craftsman, with one learner who is asked to join."""
    craftsman = craftsman or a_craftsman(cast)
    round_ = round_ or Round.objects.filter(procedure="studio").first() or a_call(craftsman)
    if not StudioOrder.objects.filter(round=round_).exists():
        an_order(cast, round_)
    case = decided(submitted(cast, round_, craftsman, **given), cast)
    award_case(case, actor=cast.clerk, now=NOW)
    return Studio.objects.select_related("leader__person", "organisation", "plan", "plaque").get(case=case)


def a_bare_studio(cast: Cast, craftsman: Craftsman, name: str, **facts: Any) -> Studio:
    """A row alone, for lists: without plaque, people or a walk."""
    round_ = Round.objects.filter(procedure="studio").first() or a_call(craftsman)
    order = StudioOrder.objects.filter(round=round_).first() or an_order(cast, round_)
    case = submitted(cast, round_, craftsman, studio={"name_zh": name})
    given = {
        "plan": craftsman.plan, "organisation": cast.employer, "leader": craftsman, "order": order, "industry": craftsman.industry,
        "name_zh": name, "place": "1", "floor_area_m2": Decimal(60), "purpose": "攻关。", "funds_yuan": Decimal(0), "hours_a_week": 4,
        "named_on": NOW.date(), "evaluation_due_on": dt.date(2024, 10, 10), "created_at": NOW, **facts,
    }  # fmt: skip
    return Studio.objects.create(case=case, **given)
