"""Whom a craftsman taught, and what became of them: counts of all, names of those who agreed; and the pages that show it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.foundation.audit.actions import NotAllowed
from denggao.systems.craftsmen.hall import registry
from denggao.systems.craftsmen.hall.actions.lineage import YesRefused, say_yes, take_back
from denggao.systems.craftsmen.hall.lineage import lineage_of
from denggao.systems.craftsmen.hall.models import LineageYes, Part, Profile
from denggao.systems.craftsmen.hall.panels import shown_page
from denggao.systems.craftsmen.hall.registry import Lesson, Recognition, register_lessons, register_recognitions
from tests.facts import a_person, certified
from tests.systems.craftsmen.hall.scene import a_craftsman, a_page, more_craftsmen, shown_by_hand, taught

TODAY = dt.date(2022, 10, 10)


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as told:
        assert client.get(address).status_code == 200
    return len(told)


def test_levels_raised_during_or_after_are_told_of_the_named(cast, now):
    me = a_craftsman(cast, now)
    learner = a_person("许星野")
    taught(me.person, learner, now, from_on="2020-01-01", to_on="2022-01-01")
    certified(learner, "2018-01-01", "4")
    certified(learner, "2022-03-01", "2")

    found = lineage_of(me, TODAY)

    assert (found.in_all, found.raised) == (1, 1)
    assert found.learners[0].line == "Level 4 → Level 2 (technician)"


def test_who_did_not_agree_is_counted_and_not_named(cast, now, client):
    me = a_page(cast, now).craftsman
    learner = a_person("沈听澜")
    taught(me.person, learner, now, named=False)
    certified(learner, "2022-03-01", "2")

    found = lineage_of(me, TODAY)
    pages = "".join(client.get(f"/hall/{me.public_id}/{more}").content.decode() for more in ("", "lineage/", "behind/"))

    assert (found.learners[0].label, found.learners[0].line) == ("A learner", "raised a level")
    assert "沈听澜" not in pages
    assert "1+1" in pages


def test_a_withdrawn_certificate_and_an_unconfirmed_mentorship_count_nothing(cast, now):
    me = a_craftsman(cast, now)
    learner = a_person("许星野")
    taught(me.person, learner, now)
    held = certified(learner, "2022-03-01", "2").credential
    type(held).objects.filter(pk=held.pk).update(status="withdrawn", withdrawn_at=now, withdrawn_reason="x")
    taught(me.person, "未确认", now, confirmed=False)

    found = lineage_of(me, TODAY)

    assert (found.in_all, found.raised) == (1, 0)


def test_two_mentorships_of_the_same_two_are_one_leaf(cast, now):
    me = a_craftsman(cast, now)
    learner = a_person("许星野")
    taught(me.person, learner, now, from_on="2019-01-01", to_on="2020-01-01")
    taught(me.person, learner, now, from_on="2021-01-01")

    found = lineage_of(me, TODAY)

    assert [(node.name, node.state) for node in found.learners] == [("许星野", "with")]


def test_mentors_and_learners_of_learners_stand_in_it(cast, now):
    me = a_craftsman(cast, now)
    old, learner = a_person("严守正"), a_person("许星野")
    up = taught(old, me.person, now, named=False)
    taught(me.person, learner, now)
    taught(learner, "陆一诺", now)
    assert lineage_of(me, TODAY).mentors[0].label == "A mentor"

    LineageYes.objects.create(mentorship=up, person=old, given_at=now)

    found = lineage_of(me, TODAY)
    assert found.mentors[0].label == "严守正"
    assert [node.name for node in found.learners[0].learners] == ["陆一诺"]
    assert found.further == 1
    assert "严守正 taught 周启明." in found.in_words


def test_a_craftsman_who_shows_the_lineage_is_named_and_opens(cast, now):
    first = a_page(cast, now).craftsman
    second = more_craftsmen(cast, now, "欧阳云舟", first=first)[0]
    taught(first.person, second.person, now, named=False)
    assert lineage_of(first, TODAY).learners[0].name == ""

    shown_by_hand(second, now)

    node = lineage_of(first, TODAY).learners[0]
    assert (node.name, node.page) == ("欧阳云舟", second.public_id)


# The yes


def test_a_learner_says_yes_and_takes_it_back(cast, now):
    me = a_craftsman(cast, now, account=False)
    pair = taught(me.person, cast.worker_person, now, named=False)
    client = cast.client_of("worker")

    client.post(f"/craftsmen/mine/lineage/{pair.public_id}/", {"answer": "yes"})
    assert lineage_of(me, TODAY).learners[0].name == cast.worker_person.name
    client.post(f"/craftsmen/mine/lineage/{pair.public_id}/", {"answer": "no"})

    assert lineage_of(me, TODAY).learners[0].name == ""
    assert client.get("/craftsmen/mine/lineage/").status_code == 200


def test_from_the_own_mentorships_a_way_leads_to_the_yes_where_there_is_a_tree(cast, now):
    client, where = cast.client_of("worker"), "/signatures/mentorships/mine/"
    me = a_craftsman(cast, now, account=False)
    assert "/craftsmen/mine/lineage/" not in client.get(where).content.decode()

    taught(me.person, cast.worker_person, now, named=False)

    assert "/craftsmen/mine/lineage/" in client.get(where).content.decode()


def test_a_studio_leads_to_the_page_of_its_leader_while_it_is_shown(cast, now):
    profile = a_page(cast, now)
    assert shown_page(profile.craftsman) == f"/hall/{profile.craftsman.public_id}/"

    Profile.objects.update(state="hidden", hidden_reason="照片不是本人")

    assert shown_page(profile.craftsman) == ""


def test_nobody_says_yes_for_another(cast, now):
    me = a_craftsman(cast, now, account=False)
    pair = taught(me.person, "沈听澜", now, named=False)

    for actor in (cast.worker, cast.hr, cast.clerk, cast.administrator):
        with pytest.raises(NotAllowed):
            say_yes(pair, actor=actor, now=now)
    assert cast.client_of("worker").post(f"/craftsmen/mine/lineage/{pair.public_id}/", {"answer": "yes"}).status_code == 404


def test_the_mentors_yes_names_the_mentor_alone(cast, now):
    me = a_craftsman(cast, now)
    pair = taught(me.person, "沈听澜", now, named=False)

    say_yes(pair, actor=cast.worker, now=now)

    assert lineage_of(me, TODAY).learners[0].name == ""


def test_there_must_be_something_to_agree_to_or_take_back(cast, now):
    me = a_craftsman(cast, now, account=False)
    waiting = taught(me.person, cast.worker_person, now, named=False, confirmed=False)

    with pytest.raises(YesRefused, match="confirm"):
        say_yes(waiting, actor=cast.worker, now=now)
    with pytest.raises(YesRefused, match="does not stand"):
        take_back(waiting, actor=cast.worker, now=now)


# Pages


def test_the_hall_counts_who_is_not_shown_and_names_them_not(cast, now, client):
    first = a_page(cast, now).craftsman
    more_craftsmen(cast, now, "苏屿", first=first)

    page = client.get("/hall/").content.decode()

    assert "苏屿" not in page
    assert "1 more craftsman has not published a page." in page


def test_the_hall_is_searched_and_filtered_by_its_address(cast, now, client):
    first = a_page(cast, now).craftsman
    for each in more_craftsmen(cast, now, "欧阳云舟", "方知微", first=first):
        shown_by_hand(each, now)

    assert [name for name in ("周启明", "欧阳云舟", "方知微") if name in client.get("/hall/?q=欧阳").content.decode()] == [
        "欧阳云舟"
    ]
    assert "方知微" in client.get(f"/hall/?q=车工&industry=ic&year={now.year}&sort=name").content.decode()
    assert "Nobody fits" in client.get("/hall/?q=zzz").content.decode()
    assert "欧阳云舟" in client.get("/hall/?export=csv").content.decode("utf-8-sig")


def test_an_empty_hall_says_so(client, db):
    assert "No page is shown yet" in client.get("/hall/").content.decode()
    assert "No tree is shown yet" in client.get("/hall/tree/").content.decode()


@pytest.mark.parametrize("address", ["/hall/", "/hall/tree/"])
def test_one_and_four_craftsmen_ask_the_same(cast, now, client, address):
    first = a_page(cast, now).craftsman
    taught(first.person, "许星野", now)
    one = queries_of(client, address)

    for each in more_craftsmen(cast, now, "欧阳云舟", "方知微", "陆海生", first=first):
        shown_by_hand(each, now)
        taught(each.person, f"徒{each.pk}", now)

    assert queries_of(client, address) == one


@pytest.mark.parametrize("more", ["", "lineage/", "behind/"])
def test_one_and_sixty_learners_ask_the_same(cast, now, client, more):
    me = a_page(cast, now).craftsman
    learner = a_person("许星野")
    taught(me.person, learner, now)
    taught(learner, "陆一诺", now)
    address = f"/hall/{me.public_id}/{more}"
    one = queries_of(client, address)

    for number in range(59):
        each = a_person(f"徒{number}")
        taught(me.person, each, now)
        certified(each, "2022-01-01", "4")

    assert queries_of(client, address) == one


def test_the_forest_has_a_leaf_for_each(cast, now, client):
    me = a_page(cast, now).craftsman
    for number in range(7):
        taught(me.person, f"徒{number}", now, named=False)

    page = client.get("/hall/tree/").content.decode()

    assert page.count('class="f-l') == 7
    assert "徒0" not in page


def test_who_hides_the_lineage_stands_in_no_forest(cast, now, client):
    a_page(cast, now, parts=[Part.NAME])

    assert "周启明" not in client.get("/hall/tree/").content.decode()


def test_the_whole_tree_links_and_tells_itself_in_words(cast, now, client):
    me = a_page(cast, now).craftsman
    taught(me.person, "许星野", now)

    page = client.get(f"/hall/{me.public_id}/lineage/").content.decode()

    assert "周启明 taught 1, 0 of them raised a level." in page
    assert page.count("许星野") == 2, "drawn, and in the list for phones"


def test_what_other_rooms_know_stands_on_the_page(cast, now, client, monkeypatch):
    me = a_page(cast, now).craftsman
    monkeypatch.setattr(registry, "_RECOGNITIONS", {})
    monkeypatch.setattr(registry, "_LESSONS", {})
    register_recognitions(
        "studio", lambda craftsmen: {each.pk: [Recognition(TODAY, "周启明工匠工作室成立", "成员 7 人")] for each in craftsmen}
    )
    register_lessons("bases", lambda craftsmen: {each.pk: [Lesson(TODAY, "第二实训基地", "量三遍")] for each in craftsmen})

    page = client.get(f"/hall/{me.public_id}/").content.decode()
    behind = client.get(f"/hall/{me.public_id}/behind/").content.decode()

    assert "周启明工匠工作室成立" in page
    assert "量三遍" in behind
    assert 'id="lessons"' in behind


@pytest.mark.parametrize("size", ["a6", "a4"])
def test_the_card_is_a_paper_of_what_is_shown(cast, now, client, size):
    me = a_page(cast, now, parts=[Part.NAME]).craftsman

    answer = client.get(f"/hall/{me.public_id}/card/{size}/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"/hall/{me.public_id}/card/a3/").status_code == 404


def test_the_card_before_the_page_is_shown_is_the_craftsmans_and_the_offices(cast, now, client):
    me = a_craftsman(cast, now)
    address = f"/craftsmen/{me.public_id}/page/card/a6/"

    assert client.get(f"/hall/{me.public_id}/card/a6/").status_code == 404
    assert cast.client_of("worker").get(address).status_code == 200
    assert cast.client_of("clerk").get(address).status_code == 200
    assert cast.client_of("hr").get(address).status_code == 404


def test_the_page_is_shared_with_its_code_and_tags(cast, now, client):
    me = a_page(cast, now).craftsman

    page = client.get(f"/hall/{me.public_id}/").content.decode()

    assert 'property="og:title"' in page
    assert f"/hall/{me.public_id}/" in page
    assert f"/credentials/{me.certificate.public_id}/" in page
