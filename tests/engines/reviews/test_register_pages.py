"""The pages of the register and of panels: what they show to whom, and that they do what they say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.engines.reviews.actions.assigning import assign_by_hand
from denggao.engines.reviews.actions.conflicts import pin_conflict
from denggao.engines.reviews.models import Assignment, Conflict, Expert, KinDeclaration, Panel
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Grant, Role
from denggao.foundation.audit.models import Record
from denggao.foundation.organisations.members.queries import identity_of_account, roles_of
from denggao.foundation.organisations.queries import actor_of_account, grants_of
from tests.cast import BACKEND
from tests.engines.reviews.facts import a_panel, an_expert, an_office_account
from tests.facts import a_person, an_employer, in_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(cast):
    return cast.client_of("clerk")


def browser_of(cast, user, *, office: bool = False):
    client = cast.client_of("clerk") if office else cast.client_of("worker")
    session = dict(client.session)
    client.force_login(user, backend=BACKEND)
    kept = client.session
    for key in ("account_authentication_methods",):
        kept[key] = session[key]
    kept["account_authentication_methods_user"] = str(user.pk)
    kept.save()
    return client


def test_the_register_lists_filters_and_exports_with_a_record(cast, clerk):
    an_expert("李明", employer_text="某研究院", title="高级工程师")
    an_expert("王强", fields=("ai",))

    page = clerk.get("/reviews/experts/", {"q": "研究院"}).content.decode()
    assert "李明" in page
    assert "王强" not in page
    assert "Clear" in page or "清除" in page
    exported = clerk.get("/reviews/experts/", {"export": "csv"}).content.decode()
    assert "李明" in exported
    assert "王强" in exported
    assert Record.objects.get(action="audit.reading").after["rows"] == 2


def test_an_empty_register_says_what_to_do(clerk):
    assert "/reviews/experts/new/" in clerk.get("/reviews/experts/").content.decode()


def test_an_expert_is_found_by_name_and_entered(cast, clerk):
    person = a_person("赵工")
    an_employer("沧屿微电子")
    field = an_expert("别人").fields.get()

    found = clerk.get("/reviews/experts/new/", {"q": "赵"}).content.decode()
    assert str(person.public_id) in found
    sent = {"person": str(person.public_id), "fields_known": [field.pk], "title": "高工", "employer": " 沧屿 微电子 "}
    answer = clerk.post("/reviews/experts/new/", sent)

    expert = Expert.objects.get(person=person)
    assert answer.headers["Location"] == f"/reviews/experts/{expert.public_id}/"
    assert (expert.employer.name_zh, expert.employer_text) == ("沧屿微电子", "")


def test_a_wrong_occupation_is_named(clerk):
    expert = an_expert()

    answer = clerk.post(
        f"/reviews/experts/{expert.public_id}/edit/", {"fields_known": [expert.fields.get().pk], "occupations": "没有这个"}
    )

    assert answer.status_code == 422
    assert "没有这个" in answer.content.decode()


def test_pause_and_back(clerk):
    expert = an_expert()
    state = f"/reviews/experts/{expert.public_id}/state/"

    clerk.post(state, {"act": "pause", "reason": "出国"})
    expert.refresh_from_db()
    assert (expert.state, expert.state_reason) == ("paused", "出国")
    assert "出国" in clerk.get(f"/reviews/experts/{expert.public_id}/").content.decode()
    clerk.post(state, {"act": "resume"})
    expert.refresh_from_db()
    assert expert.state == "active"
    assert clerk.post(state, {"act": "nonsense"}).status_code == 400


def test_an_expert_sees_and_declares_the_own_entry_alone(cast):
    own, other, body = an_expert("甲"), an_expert("乙"), an_employer("亲属单位")
    client = browser_of(cast, own.person.account)

    assert client.get("/reviews/experts/").status_code == 403
    assert client.get("/reviews/experts/mine/").headers["Location"] == f"/reviews/experts/{own.public_id}/"
    assert client.get(f"/reviews/experts/{other.public_id}/").status_code == 404
    page = client.get(f"/reviews/experts/{own.public_id}/").content.decode()
    assert "<datalist" not in page
    wrong = client.post(f"/reviews/experts/{own.public_id}/kin/", {"body": "没有的单位"})
    assert wrong.status_code == 422
    client.post(f"/reviews/experts/{own.public_id}/kin/", {"body": "亲属单位", "note": "配偶"})
    kin = KinDeclaration.objects.get()
    assert (kin.organisation, kin.expert) == (body, own)
    assert client.post(f"/reviews/experts/{own.public_id}/kin/{kin.public_id}/end/").status_code == 404
    assert client.post(f"/reviews/experts/{other.public_id}/kin/", {"body": "亲属单位"}).status_code == 404


def test_an_expert_declares_kin_by_name_and_learns_nothing_of_whom_the_platform_knows(cast):
    known, own = a_person("王芳"), an_expert("李明")
    panel = a_panel(parties=Parties.of(persons=[known.pk]))
    client = browser_of(cast, own.person.account)
    where = f"/reviews/experts/{own.public_id}/kin/"

    said = []
    for name in ("王芳", "查无此人"):
        answer = client.post(where, {"name": name, "born_on": "1990-05-01", "note": "配偶"}, follow=True)
        said.append(answer.content.decode().replace(name, "").count("1990-05-01"))
    assert said == [1, 2], "the page tells the same of both: what was declared"
    assert Conflict.objects.get(panel=panel).kind == "kin"
    assert {row.after["name"]["hash"] != "王芳" for row in Record.objects.filter(action="reviews.kin.declare")} == {True}

    for given in (
        {},
        {"name": "王芳", "body": known.name},
        {"name": "王芳", "born_on": "1990-05-01"},
        {"name": "李", "born_on": "x"},
    ):
        assert client.post(where, given).status_code == 422
    assert KinDeclaration.objects.count() == 2


def test_whoever_stands_in_the_register_is_an_expert_until_they_leave_it(cast, clerk, now):
    expert = an_expert("李明")
    user = expert.person.account
    client = browser_of(cast, user)
    grant = Grant(Role.EXPERT)

    assert grants_of(user, on=now.date()) == {grant}
    assert grants_of(user, on=dt.date(2019, 12, 31)) == set()
    page = client.get("/desk/").content.decode()
    assert "/reviews/" in page
    assert client.get("/reviews/").status_code == 200
    assert "专家" in client.get("/account/").content.decode()

    where = f"/reviews/experts/{expert.public_id}/state/"
    clerk.post(where, {"act": "pause", "reason": "出差"})
    assert grant in grants_of(user, on=now.date()), "reviews under way go on"
    assign_by_hand(a_panel(seats=1), [other := an_expert("王强")], actor=cast.clerk, now=now)
    for one in (expert, other):
        clerk.post(f"/reviews/experts/{one.public_id}/state/", {"act": "leave", "reason": "退休"})
    assert grants_of(user, on=now.date()) == set()
    assert grants_of(other.person.account, on=now.date()) == {grant}, "until the review under way is done"
    Assignment.objects.filter(expert=other).update(state="submitted")
    assert grants_of(other.person.account, on=now.date()) == set()
    assert 'href="/reviews/"' not in client.get("/desk/").content.decode()


def test_an_expert_in_another_role_keeps_it_foremost(cast, now):
    person = a_person("赵工")
    person.account = cast.user("hr")
    person.save()
    an_expert(person=person)

    actor = actor_of_account(cast.hr.id, now.date())

    assert actor is not None
    assert actor.grants == {Grant(Role.HR, cast.employer.pk), Grant(Role.EXPERT)}
    assert identity_of_account(actor).line == cast.employer.name_zh
    assert [(line.role, line.body) for line in roles_of(actor.user, now.date())] == [("hr", cast.employer.name_zh), ("expert", "")]


def test_kin_is_for_the_expert_and_the_keepers(cast, clerk):
    expert = an_expert()
    KinDeclaration.objects.create(
        expert=expert, organisation=an_employer("亲属单位"), note="配偶任职", declared_at=expert.created_at
    )

    assert "配偶任职" in clerk.get(f"/reviews/experts/{expert.public_id}/").content.decode()
    assert "配偶任职" not in cast.client_of("auditor").get(f"/reviews/experts/{expert.public_id}/").content.decode()


def test_the_panel_page_asks_replaces_pins_and_clears(cast, clerk):
    body = an_employer("申报单位")
    panel, one, two, three = a_panel(body, seats=2), an_expert("甲乙"), an_expert("丙丁"), an_expert("戊己")
    base = f"/reviews/panels/{panel.public_id}/"

    clerk.post(f"{base}ask/", {"experts": [str(one.public_id)]})
    seat = Assignment.objects.get()
    clerk.post(f"{base}experts/{seat.public_id}/replace/", {"reason": "无回音", "by": str(two.public_id)})
    assert Assignment.objects.get(expert=two).how == "hand"
    clerk.post(f"{base}conflicts/", {"expert": str(two.public_id), "reason": "师门"})
    assert Assignment.objects.get(expert=two).state == "set_aside"
    assert Assignment.objects.get(expert=three).how == "extra"
    page = clerk.get(base).content.decode()
    assert "师门" in page
    pinned = Conflict.objects.get()
    clerk.post(f"{base}conflicts/{pinned.public_id}/clear/", {"reason": "误记"})
    clerk.post(f"{base}experts/{Assignment.objects.get(expert=two).public_id}/restore/", {"reason": "误记"})
    page = clerk.get(base).content.decode()
    assert "误记" in page
    assert Assignment.objects.get(expert=two).state == "asked"


def test_filling_by_rule_and_automatically(cast, clerk):
    panel = a_panel(seats=3)
    an_expert("高手", level="1")
    an_expert("新手", level="4")
    base = f"/reviews/panels/{panel.public_id}/"

    clerk.post(f"{base}fill/", {"way": "rule", "level": "2"})
    assert [row.expert.person.name for row in Assignment.objects.all()] == ["高手"]
    clerk.post(f"{base}fill/", {"way": "auto"})
    assert Assignment.objects.count() == 2
    an_expert("又一位")
    clerk.post("/reviews/panels/assign/", {"which": "all"})
    assert Assignment.objects.count() == 3


def test_the_list_of_panels_counts_only_what_may_be_known(cast):
    body, person = an_employer(), a_person("王科员")
    conflicted = an_office_account(person=person)
    in_post(person, body)
    shown, hidden = a_panel(title_zh="可见的申报"), a_panel(body, title_zh="回避的申报")
    expert = an_expert("评委")
    assign_by_hand(hidden, [expert], actor=cast.clerk, now=shown.opened_at)
    client = browser_of(cast, conflicted.user, office=True)

    for address in (
        "/reviews/panels/",
        "/reviews/panels/?export=csv",
        f"/reviews/experts/{expert.public_id}/",
        "/reviews/experts/",
    ):
        page = client.get(address).content.decode()
        assert "回避的申报" not in page
    assert "可见的申报" in client.get("/reviews/panels/").content.decode()
    assert client.get(f"/reviews/panels/{hidden.public_id}/").status_code == 404
    for act in ("change/", "ask/", "fill/", "conflicts/"):
        assert client.post(f"/reviews/panels/{hidden.public_id}/{act}").status_code == 404
    client.post("/reviews/panels/assign/", {"panels": [str(hidden.public_id)]})
    assert Assignment.objects.count() == 1


def test_an_expert_answers(cast, now):
    one, two, three = an_expert("甲"), an_expert("乙"), an_expert("丙")
    seats = assign_by_hand(a_panel(), [one, two, three], actor=cast.clerk, now=now)
    yes, no, conflict = (browser_of(cast, expert.person.account) for expert in (one, two, three))

    yes.post(f"/reviews/{seats[0].public_id}/accept/")
    assert no.get(f"/reviews/{seats[1].public_id}/decline/").status_code == 200
    assert no.post(f"/reviews/{seats[1].public_id}/decline/").status_code == 422
    no.post(f"/reviews/{seats[1].public_id}/decline/", {"reason": "出差"})
    conflict.post(f"/reviews/{seats[2].public_id}/conflict/", {"reason": "合作专利"})

    assert [row.state for row in Assignment.objects.order_by("pk")] == ["accepted", "declined", "set_aside"]
    assert conflict.get(f"/reviews/{seats[2].public_id}/conflict/").status_code == 404
    assert yes.post(f"/reviews/{seats[2].public_id}/accept/").status_code == 404


def test_the_chair_changes_with_a_reason_to_refuse(cast, clerk):
    body, person = an_employer(), a_person("组长")
    chair = an_office_account(person=person)
    in_post(person, body)
    panel = a_panel(body)
    address = f"/reviews/panels/{panel.public_id}/change/"

    refused = clerk.post(address, {"seats": 4, "chair": str(chair.user.public_id)})
    assert refused.status_code == 422
    clerk.post(address, {"seats": 4, "due_on": "2022-11-01", "chair": str(cast.user("approver").public_id)})

    panel.refresh_from_db()
    assert (panel.seats, panel.chair) == (4, cast.user("approver"))
    assert cast.client_of("approver").get(f"/reviews/panels/{panel.public_id}/").status_code == 200
    assert "pin-expert" not in clerk.get(f"/reviews/panels/{panel.public_id}/").content.decode()


@pytest.mark.parametrize("address", ["/reviews/experts/", "/reviews/panels/", "panel", "/reviews/experts/new/?q=专"])
def test_a_page_asks_no_more_queries_for_more_rows(cast, clerk, now, address):
    body = an_employer("甲单位")
    panel = a_panel(body, seats=9)
    url = f"/reviews/panels/{panel.public_id}/" if address == "panel" else address

    def grow(count: int) -> None:
        for index in range(count):
            seated, close, _free = (an_expert(f"专家{index}") for _one in range(3))
            assign_by_hand(panel, [seated], actor=cast.clerk, now=now)
            pin_conflict(panel, close, reason="师门", actor=cast.clerk, now=now)
            a_panel(an_employer("乙单位"))

    def count() -> int:
        clerk.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(url).status_code == 200
        return len(queries)

    grow(1)
    first = count()
    grow(2)

    assert count() == first
    assert Panel.objects.count() == 4
