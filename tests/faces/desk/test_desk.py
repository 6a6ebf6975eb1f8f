"""The signed-in home by role, and the search over what one may see."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from denggao.foundation.standards.models import OccupationName
from denggao.systems.craftsmen.models import Craftsman
from tests.cast import Cast
from tests.faces.board.region import region
from tests.facts import NOW, a_person, certified
from tests.systems.craftsmen.scene import a_nominee, named

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_is_led_to_the_sign_in(client: Client) -> None:
    response = client.get("/desk/")

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("part", ["worker", "hr", "base_manager", "expert", "clerk", "auditor", "authority", "administrator"])
def test_everybody_has_a_desk_in_both_languages(cast: Cast, part: str) -> None:
    client = cast.client_of(part)

    assert "我的待办" in text(client, "/desk/")
    assert "My desk" in text(client, "/desk/?lang=en")


def test_the_office_sees_what_waits(cast: Cast) -> None:
    OccupationName.objects.create(text="电焊工", name_key="电焊工", first_seen_at=NOW)

    assert "待对照的职业名称" in text(cast.client_of("clerk"), "/desk/")
    assert "待对照的职业名称" not in text(cast.client_of("hr"), "/desk/")
    assert "今天的事都办完了" in text(cast.client_of("hr"), "/desk/")


def test_hr_sees_the_own_body_alone(cast: Cast) -> None:
    region(cast.employer, cast.other_employer, mine=6, others=7)

    page = text(cast.client_of("hr"), "/desk/")

    assert cast.employer.name_zh in page
    assert cast.other_employer.name_zh not in page
    assert page.count("<b>6</b>") == 3


def test_hr_without_a_roster_is_told_what_to_do_first(cast: Cast) -> None:
    assert "还没有在职名册" in text(cast.client_of("hr"), "/desk/")


def test_a_worker_reads_why_the_own_certificate_counts_or_not(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    certified(cast.worker_person)
    certified(a_person("欧阳明强"))

    page = text(cast.client_of("worker"), "/desk/")

    assert "未计入" in page
    assert page.count("dg-tile") == 1


def test_the_offices_desk_costs_the_same_queries(cast: Cast) -> None:
    """One for each kind of work, whatever waits: how many kinds there are is the roof's business."""
    client, costs = cast.client_of("clerk"), []
    region(cast.employer, cast.other_employer, mine=1, others=1)
    for number in range(3):
        OccupationName.objects.create(text=f"工{number}", name_key=f"工{number}", first_seen_at=NOW)
        text(client, "/desk/")
        with CaptureQueriesContext(connection) as queries:
            text(client, "/desk/")
        costs.append(len(queries))

    assert costs[2] == costs[0]


def test_search_finds_people_masked_organisations_and_certificates(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    certificate = certified(a_person("欧阳明强"))

    page = text(cast.client_of("clerk"), "/desk/search/?q=欧阳")
    assert "欧阳**" in page
    assert "欧阳明强" not in page
    assert cast.other_employer.name_zh in text(cast.client_of("clerk"), "/desk/search/?q=望潮")
    assert certificate.credential.masked_number in text(
        cast.client_of("clerk"), f"/desk/search/?q={certificate.credential.number[-8:]}"
    )


def test_search_finds_nothing_that_is_another_bodys(cast: Cast) -> None:
    region(cast.employer, cast.other_employer)
    client = cast.client_of("hr")

    assert "陈*" in text(client, "/desk/search/?q=陈晨")
    for hidden in ("欧阳", "望潮"):
        page = text(client, f"/desk/search/?q={hidden}")
        assert "没有查到" in page
        assert "欧阳**" not in page


@pytest.mark.parametrize(("asked", "said"), [("", "要查什么"), ("陈", "再输一个字"), ("不存在的人", "没有查到")])
def test_search_says_what_it_needs(cast: Cast, asked: str, said: str) -> None:
    assert said in text(cast.client_of("clerk"), f"/desk/search/?q={asked}")


def test_a_craftsman_finds_title_page_and_reckoner_on_the_desk_while_the_title_holds(cast: Cast, now: dt.datetime) -> None:
    craftsman = named(cast, now, nominee=a_nominee(cast, account=True))
    assert craftsman.certificate is not None
    client = cast.client_of("worker")

    page = html.unescape(client.get("/desk/").content.decode())

    assert craftsman.certificate.number in page
    for address in ("/craftsmen/mine/", "/craftsmen/mine/page/", "/craftsmen/mine/benefits/"):
        assert f'href="{address}"' in page
    assert "/craftsmen/mine/page/" not in cast.client_of("clerk").get("/desk/").content.decode()
    Craftsman.objects.update(state="revoked", ended_on=now.date())
    assert "/craftsmen/mine/page/" not in client.get("/desk/").content.decode()
