"""The pages of the standards: who opens them, how much they read, and what their forms do."""

import pytest

from denggao.foundation.organisations.models import Employment
from denggao.foundation.standards.actions import list_occupation_names
from denggao.foundation.standards.models import JobTitle, Occupation, OccupationMove, OccupationName
from denggao.foundation.standards.queries import OccupationFinder
from denggao.systems.assessment.models import LevelCertificate
from tests.facts import a_person, certified, in_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(cast):
    return cast.client_of("clerk")


def listed(cast, now, *texts: str) -> list[OccupationName]:
    finder = OccupationFinder()
    list_occupation_names([finder.resolve(text) for text in texts], actor=cast.clerk, now=now)
    return list(OccupationName.objects.order_by("id"))


@pytest.mark.parametrize(("query", "name"), [("q=车工", "车工"), ("q=6-04-01-01", "车工"), ("q=数据标注", "人工智能训练师")])
def test_an_occupation_is_found_by_name_old_code_and_job_title(clerk, query, name):
    rows = clerk.get(f"/occupations/?{query}").context["listing"].rows

    assert name in [item.name_zh for item in rows]
    assert len(rows) < 5


def test_the_list_is_filtered_and_exported(clerk):
    old = clerk.get("/occupations/?edition=1999").context["listing"]
    export = clerk.get("/occupations/?q=车工&export=csv").content.decode("utf-8-sig")

    assert old.count == 22
    assert "6-04-01-01" in export


def test_names_to_map_read_the_same_for_one_row_and_for_three(cast, now, clerk, django_assert_num_queries):
    listed(cast, now, "钳工")
    clerk.get("/occupations/names/")
    with django_assert_num_queries(NAMES_QUERIES):
        clerk.get("/occupations/names/")
    listed(cast, now, "咖啡师", "维修工")
    with django_assert_num_queries(NAMES_QUERIES):
        assert clerk.get("/occupations/names/").context["listing"].count == 3


NAMES_QUERIES = 18


def test_a_name_is_mapped_and_unmapped_by_form(cast, now, clerk):
    name = listed(cast, now, "钳工")[0]
    address = f"/occupations/names/{name.public_id}/"
    fitter = Occupation.objects.get(name_key="装配钳工")

    assert clerk.get(address).status_code == 200
    assert clerk.post(address, {}).status_code == 422
    assert clerk.post(address, {"other": "不存在的职业"}).status_code == 422
    assert clerk.post(address, {"candidate": str(fitter.public_id)}).status_code == 302
    assert OccupationFinder().resolve("钳工").occupation == fitter
    assert clerk.post(address, {"other": "6-31-01-02 机修钳工"}).status_code == 302
    assert OccupationFinder().resolve("钳工").occupation.name_zh == "机修钳工"
    assert clerk.post(f"{address}unmap/").status_code == 302
    assert OccupationFinder().resolve("钳工").occupation is None


@pytest.mark.parametrize("part", ["hr", "worker", "auditor", "authority"])
def test_others_do_not_map(cast, now, part):
    name = listed(cast, now, "钳工")[0]
    client = cast.client_of(part)

    assert client.get(f"/occupations/names/{name.public_id}/").status_code == 404
    assert client.post(f"/occupations/names/{name.public_id}/unmap/").status_code == 404
    assert (
        client.post("/occupations/moves/", {"old_code": "6-08-01-10", "new_code": "6-25-02-06", "source": "x"}).status_code == 403
    )
    assert OccupationMove.objects.count() == 1


def test_moves_and_job_titles_are_kept_by_form(cast, clerk):
    lathe = Occupation.objects.get(name_key="磨工")

    assert clerk.post("/occupations/moves/", {"old_code": "9", "new_code": "6-25-02-06", "source": "x"}).status_code == 422
    assert (
        clerk.post("/occupations/moves/", {"old_code": "6-08-01-10", "new_code": "6-25-02-06", "source": "公告"}).status_code == 302
    )
    assert clerk.post(f"/occupations/{lathe.public_id}/", {"name_zh": "数控磨工", "source": "标准"}).status_code == 302
    assert clerk.post(f"/occupations/{lathe.public_id}/", {"name_zh": "车工", "source": "标准"}).status_code == 422
    title = JobTitle.objects.get(name_zh="数控磨工")
    assert clerk.post(f"/occupations/job-titles/{title.public_id}/remove/").status_code == 302
    move = OccupationMove.objects.get(old_code="6-08-01-10")
    assert clerk.post(f"/occupations/moves/{move.public_id}/remove/").status_code == 302

    assert OccupationFinder().resolve("数控磨工").occupation is None
    assert OccupationMove.objects.filter(removed_at__isnull=True).count() == 1


def test_a_name_tells_how_many_records_carry_it(cast, now, clerk):
    name = listed(cast, now, "钳工")[0]
    for person in ("甲甲", "乙乙"):
        in_post(a_person(person), cast.employer)
    Employment.objects.update(occupation_text=" 钳 工")
    certified(a_person("丙丙"))
    LevelCertificate.objects.update(occupation_text="钳工")

    counts = clerk.get(f"/occupations/names/{name.public_id}/").context["counts"]

    assert [count for _label, count in counts] == [2, 1]
