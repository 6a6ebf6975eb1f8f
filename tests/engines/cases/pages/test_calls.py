"""The office writes a call by page: what it looks for, by which form and weights it is judged, and where the standards come from."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.test import Client

from denggao.engines.cases.actions import change_round, open_case, pass_check, record_check, weigh_round
from denggao.engines.cases.actions.rounds import RoundGiven
from denggao.engines.cases.call_form import RoundForm
from denggao.engines.cases.focus import Sought
from denggao.engines.cases.models import Round
from denggao.engines.cases.procedures import Procedure, registered
from denggao.engines.cases.refusals import CaseRefused
from denggao.engines.cases.rubrics import rubric_of
from denggao.engines.reviews.actions.rubrics import reweigh_rubric
from denggao.engines.reviews.models import RubricVersion
from denggao.foundation.audit.models import Record
from tests.cast import Cast
from tests.engines.cases.procedures import FORM, FULL, SYSTEM, TrialSystem, a_round, a_submitted
from tests.engines.reviews.scene import a_rubric

_serial = itertools.count(1)
TURNERS = Sought("turners", "集成电路", "Integrated circuits", "车工（五级）", "Turner (Level 5)")
MILLERS = Sought("millers", "集成电路", "Integrated circuits", "铣工（四级）", "Miller (Level 4)")


class Seeking(TrialSystem):
    """A system that misses turners and millers."""

    def sought(self, plan, on):
        return (TURNERS, MILLERS)


@pytest.fixture
def seeking() -> Procedure:
    """The full trial, whose calls can look for something; its form has two versions."""
    later = dataclasses.replace(FORM, version=2)
    made = dataclasses.replace(
        FULL, code=f"seeking{next(_serial)}", system=Seeking(), forms={1: FORM, 2: later}, sought_at=("plan", "machines")
    )
    with registered(made):
        yield made


@pytest.fixture
def clerk(cast: Cast) -> Client:
    return cast.client_of("clerk")


def html(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def sent_for(procedure: Procedure, now: dt.datetime, **given: str) -> dict[str, object]:
    opens, closes = f"{now:%Y-%m-%dT%H:%M}", f"{now + dt.timedelta(days=20):%Y-%m-%dT%H:%M}"
    return {"procedure": procedure.code, "title_zh": "新一批", "opens_at": opens, "closes_at": closes, **given}


def today() -> dt.datetime:
    return dt.datetime.now(tz=dt.timezone(dt.timedelta(hours=8)))


def test_what_is_missing_is_offered_kept_with_the_call_and_said_to_applicants(
    clerk: Client, cast: Cast, seeking: Procedure
) -> None:
    now = today()
    offered = html(clerk, f"/cases/rounds/new/?procedure={seeking.code}")
    assert offered.count('name="focus"') == 2
    assert offered.count("checked") == 2
    elsewhere = clerk.post("/cases/rounds/new/", {**sent_for(seeking, now), "focus-of": "trial "})
    assert elsewhere.status_code == 422

    clerk.post("/cases/rounds/new/", {**sent_for(seeking, now, form="1"), "focus": ["turners"], "focus-of": f"{seeking.code} "})
    made = Round.objects.get(procedure=seeking.code)
    assert made.looks_for == [TURNERS]
    again = html(clerk, f"/cases/rounds/{made.public_id}/edit/")
    assert (again.count('name="focus"'), again.count("checked")) == (2, 1)
    clerk.post(f"/cases/rounds/{made.public_id}/open/")

    assert 'name="focus"' not in html(clerk, f"/cases/rounds/{made.public_id}/edit/")
    clerk.post(f"/cases/rounds/{made.public_id}/edit/", sent_for(seeking, now, title_zh="新一批（更正）", form="1"))
    made.refresh_from_db()
    assert (made.title_zh, made.looks_for) == ("新一批（更正）", [TURNERS])
    for client, address in (
        (clerk, f"/cases/rounds/{made.public_id}/"),
        (cast.client_of("visitor"), f"/cases/calls/{made.public_id}/"),
    ):
        shown = html(client, address)
        assert TURNERS.text in shown
        assert MILLERS.text not in shown
    case = open_case(made, body=cast.base, actor=cast.base_manager, now=now)
    assert case.form_version == 1
    manager = cast.client_of("base_manager")
    assert TURNERS.text in html(manager, f"{case.link}edit/plan/")
    assert TURNERS.text not in html(manager, f"{case.link}edit/place/")


def test_a_form_that_is_not_there_is_refused(clerk: Client, cast: Cast, seeking: Procedure, now: dt.datetime) -> None:
    call = a_round(cast, now, procedure=seeking.code)
    given = RoundGiven(seeking.code, "新一批", now, now + dt.timedelta(days=9), options={"draft": {"form": 7}})

    with pytest.raises(CaseRefused, match=r"Form|申报表"):
        change_round(call, given, actor=cast.clerk, now=now)


def test_a_call_tells_what_holds_in_its_stages_and_where_it_comes_from(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    call = a_round(cast, now, procedure="trial_full", options={"notice": {"days": 7}})

    form = html(clerk, f"/cases/rounds/new/?procedure={call.procedure}&lang=en")
    assert "Empty: 5, as the procedure says." in form
    shown = dict(clerk.get(f"/cases/rounds/{call.public_id}/?lang=en").context["facts"])

    assert shown["Notice · working days of public notice"] == "7"
    assert shown["Review · points needed to go on"].startswith("6")


def test_a_call_has_weights_of_its_own_until_it_is_judged(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    first = a_rubric()
    other, call = (a_round(cast, now, procedure="trial_full", title_zh=title) for title in ("别的一批", "这一批"))
    address = f"/cases/rounds/{call.public_id}/weights/review/"
    assert clerk.get(f"/cases/rounds/{call.public_id}/weights/check/").status_code == 404
    wrong = clerk.post(address, {"weight-work": "many", "weight-spirit": "1", "reason": "As the call says."})
    assert wrong.status_code == 422
    assert clerk.post(address, {"weight-work": "2", "weight-spirit": "1", "reason": ""}).status_code == 422

    done = clerk.post(address, {"weight-work": "2", "weight-spirit": "1", "reason": "As the call says."})

    assert done.status_code == 302
    made = RubricVersion.objects.get(based_on=first)
    for each, version in ((call, made.version), (other, first.version)):
        each.refresh_from_db()
        assert each.options["review"]["rubric_version"] == version
    record = Record.objects.get(action="cases.round.weigh")
    assert record.actor_id == cast.clerk.id
    SYSTEM.refuses = None
    case = a_submitted(cast, now, round_=call)
    for item in ("papers", "seal"):
        record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    pass_check(case, actor=cast.clerk, now=now)
    stage = FULL.stage("review")
    with pytest.raises(CaseRefused, match=r"judged|评审"):
        weigh_round(call, stage, weights={}, reason="Later.", actor=cast.clerk, now=now)
    assert cast.client_of("approver").get(address).status_code == 404


def test_the_form_is_drawn_again_only_where_it_depends_on_the_choice(clerk: Client, cast: Cast, now: dt.datetime) -> None:
    a_rubric()
    a_round(cast, now, procedure="trial_full", options={"notice": {"days": 7}})
    chosen = "procedure=trial_full&plan=&title_zh=T&option-notice-days=9"
    form = clerk.get(f"/cases/rounds/new/?{chosen}&drawn-for=trial_full").content.decode()
    before, asked = form.split('id="call-asked"')
    asked, after = asked.split("</fieldset>", 1)
    for name in ("title_zh", "document", "opens_at"):
        assert f'name="{name}"' in before
    assert 'name="call_zh"' in after
    assert 'hx-target="#call-asked"' in before
    assert 'value="9"' in asked
    emptied = clerk.get("/cases/rounds/new/?procedure=trial_full&option-notice-days=&drawn-for=trial_full").context["form"]
    assert not emptied["option-notice-days"].value()
    other = clerk.get("/cases/rounds/new/?procedure=trial_full&option-notice-days=&rubric-review=99&drawn-for=trial").context[
        "form"
    ]
    assert (other["option-notice-days"].value(), other["rubric-review"].value()) == (7, "1")

    unseen = clerk.post("/cases/rounds/new/", {**sent_for(FULL, now, call_zh="写好的正文"), "drawn-for": "trial"})
    assert unseen.status_code == 422
    assert "写好的正文" in unseen.content.decode()


def test_weights_of_one_call_are_never_the_rubrics_newest(cast: Cast, now: dt.datetime) -> None:
    first = a_rubric()
    call = a_round(cast, now, procedure="trial_full")
    stage = next(each for each in FULL.stages if each.code == "review")
    weights = {"work": Decimal(2), "spirit": Decimal(1)}
    made = weigh_round(call, stage, weights=weights, reason="As the call says.", actor=cast.clerk, now=now)

    assert made.version > first.version
    assert rubric_of(stage.options) == first
    copied = RoundForm(copied_from=call, now=now)["rubric-review"]
    assert copied.value() == str(made.version)
    general = reweigh_rubric(first, weights=weights, reason="For all.", actor=cast.clerk, now=now)
    assert rubric_of(stage.options) == general


def test_a_call_past_its_window_says_so_to_the_office(clerk: Client, cast: Cast) -> None:
    call = a_round(cast, today() - dt.timedelta(days=900))

    listed, own = html(clerk, "/cases/rounds/?lang=en"), html(clerk, f"/cases/rounds/{call.public_id}/?lang=en")

    assert call.state == Round.State.OPEN
    assert all(">closed<" in page for page in (listed, own))


def test_of_two_who_change_a_call_the_second_is_told(cast: Cast, now: dt.datetime) -> None:
    a_rubric()
    call = a_round(cast, now, procedure=FULL.code)
    seen = Round.objects.get(pk=call.pk)
    given = RoundGiven(
        procedure=FULL.code, title_zh="更正", opens_at=call.opens_at, closes_at=call.closes_at,
        options={**call.options, "notice": {"days": 9}},
    )  # fmt: skip
    change_round(call, given, actor=cast.clerk, now=now)

    with pytest.raises(CaseRefused, match=r"meanwhile|刚被"):
        change_round(seen, dataclasses.replace(given, title_zh="另一个"), actor=cast.reviewer, now=now)
    with pytest.raises(CaseRefused, match=r"meanwhile|刚被"):
        weigh_round(seen, FULL.stage("review"), weights={}, reason="再改", actor=cast.reviewer, now=now)

    stored = Round.objects.get(pk=call.pk)
    assert (stored.title_zh, stored.options["notice"]) == ("更正", {"days": 9})
