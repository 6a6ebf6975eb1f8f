"""The pages: what stands on them, who finds what, and that they cost the same however much there is."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from denggao.systems.university.models import Course, CourseShare, Programme, SchoolMember, Unit, UnitItem
from tests.systems.university.facts import make_course, make_school
from tests.systems.university.packages import packed


@pytest.fixture
def school(cast, now):
    return make_school(cast, now)


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_catalogue_shows_what_is_published_and_costs_the_same(cast, now, school, client):
    make_course(school, now, code="hidden", title_zh="秘密草稿", published=False)
    first = make_course(school, now, code="one", title_zh="一号课程")
    few = queries_of(client, "/courses/")
    for number in range(4):
        make_course(school, now, code=f"c{number}", title_zh=f"课程{number}", units=5)
    page = client.get("/courses/")

    assert queries_of(client, "/courses/") <= few
    assert "一号课程" in page.text
    assert "秘密草稿" not in page.text
    assert client.get(f"/courses/{Course.objects.get(code='hidden').public_id}/").status_code == 404
    shown = client.get(f"/courses/{first.public_id}/").text
    assert "第 1 节" in shown
    assert "车床的结构" not in shown
    assert "一号课程" not in client.get("/courses/?kind=live").text
    assert "一号课程" in client.get("/courses/?kind=video&q=一号").text
    assert client.get(f"/courses/schools/{school.public_id}/").status_code == 200
    assert client.get("/courses/?export=csv").status_code == 200


def test_an_author_builds_a_course_from_nothing(cast, now, school):
    dean = cast.client_of("base_manager")

    begun = dean.post(
        "/university/courses/new/", {"school": school.public_id, "title_zh": "铣工基础", "code": "milling", "language": "zh"}
    )
    course = Course.objects.get(code="milling")
    assert begun.url == f"/university/courses/{course.public_id}/edit/"
    at = f"/university/courses/{course.public_id}/"
    draft = course.versions.get()
    module = draft.modules.get()
    added = dean.post(f"{at}edit/modules/{module.key}/units/", {"kind": "check", "title": "自测"})
    unit = Unit.objects.get(version=draft)
    assert added.url == f"{at}edit/{unit.key}/"
    assert dean.get(added.url).status_code == 200

    fields = {
        "title": "自测一", "minutes": "5", "required": "on", "lock": "0", "body": "<p>想一想<script>x()</script></p>",
        "s-pass_percent": "80",
        "s-questions-0-text": "1+1", "s-questions-0-kind": "single",
        "s-questions-0-choices-0-text": "2", "s-questions-0-choices-0-right": "on", "s-questions-0-choices-1-text": "3",
        "s-questions-0-choices-91-text": "",
        "s-questions-900-text": "", "s-questions-900-kind": "single",
    }  # fmt: skip
    saved = dean.post(f"{at}edit/{unit.key}/save/", fields, headers={"Accept": "application/json"})
    assert saved.json()["lock"] == 1
    unit.refresh_from_db()
    assert unit.body == "<p>想一想</p>"
    assert [len(question["choices"]) for question in unit.settings["questions"]] == [2]

    stale = dean.post(f"{at}edit/{unit.key}/save/", fields | {"title": "Verloren?"}, headers={"Accept": "application/json"})
    assert (stale.status_code, stale.json()["stale"]) == (409, True)
    without = dean.post(f"{at}edit/{unit.key}/save/", fields | {"title": "Verloren?"})
    assert without.status_code == 409
    assert "Verloren?" in without.text
    wrong = dean.post(
        f"{at}edit/{unit.key}/save/", fields | {"lock": "1", "s-pass_percent": "0"}, headers={"Accept": "application/json"}
    )
    assert wrong.status_code == 422
    unit.refresh_from_db()
    assert unit.title == "自测一"

    assert dean.post(f"{at}edit/{unit.key}/items/", {"items": "turner-5 1.2\nnonsense"}).status_code == 302
    assert UnitItem.objects.get(unit=unit).item_code == "1.2"
    second = dean.post(f"{at}edit/modules/{module.key}/units/", {"kind": "practical", "title": "实操"}).url
    dean.post(f"{second}save/", {"title": "实操", "lock": "0", "minutes": "45", "s-steps-0-text": "装夹"})
    other = Unit.objects.exclude(pk=unit.pk).get(version=draft)
    order = json.dumps([[str(module.key), [str(other.key), str(unit.key)]]])
    assert "said" in dean.post(f"{at}edit/order/", {"order": order}).json()
    assert dean.post(f"{at}edit/order/", {"order": "[[1]]"}).status_code == 422
    dean.post(f"{at}edit/{unit.key}/change/", {"do": "up"})
    assert list(Unit.objects.filter(version=draft).order_by("position")) == [unit, other]

    assert dean.get(f"{at}publish/").status_code == 200
    assert dean.post(f"{at}publish/", {"note": "erste"}).status_code == 302
    course.refresh_from_db()
    assert (course.state, course.current.units_count, course.current.minutes) == ("published", 2, 50)
    for page in ("", "preview/", f"preview/{unit.key}/", "versions/1/", "describe/", "copy/", "share/", "edit/"):
        assert dean.get(f"{at}{page}").status_code == 200, page
    copied = dean.post(f"{at}copy/", {"school": school.public_id, "title_zh": "副本", "code": "copy"})
    assert copied.status_code == 302
    copy = Course.objects.get(code="copy")
    assert not {one.key for one in copy.versions.get().units.all()} & {unit.key, other.key}

    assert b"".join(dean.get(f"{at}export/"))[:2] == b"PK"


def test_a_package_is_shown_before_it_is_brought_in(cast, now, school):
    dean = cast.client_of("base_manager")
    stream = packed()
    stream.name = "course.zip"

    handed = dean.post("/university/packages/", {"school": school.public_id, "file": stream})
    assert handed.status_code == 302
    assert not Course.objects.exists()
    assert "车刀" in dean.get(handed.url).text
    assert dean.post(f"{handed.url}confirm/").status_code == 302
    assert dean.post(f"{handed.url}confirm/").status_code == 302
    course = Course.objects.get()
    unit = Unit.objects.get(version__course=course, kind="reading")
    page = dean.get(f"/university/courses/{course.public_id}/preview/{unit.key}/")
    file = unit.files.get()
    assert f'src="/courses/files/{file.public_id}/"' in page.text
    drawing = dean.get(f"/courses/files/{file.public_id}/")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"script" not in b"".join(drawing)
    for other in ("hr", "worker"):
        assert cast.client_of(other).get(f"/courses/files/{file.public_id}/").status_code == 404

    broken = packed("{", {})
    broken.name = "broken.zip"
    refused = dean.post("/university/packages/", {"school": school.public_id, "file": broken})
    assert "course.json" in dean.get(refused.url).text


def test_schools_lend_courses_and_other_teachers_see_nothing_before(cast, now, school):
    other = make_school(cast, now, body="employer", dean="hr", name_zh="企业学院")
    course = make_course(school, now, title_zh="借出的课")
    dean, asked = cast.client_of("base_manager"), cast.client_of("hr")
    at = f"/university/courses/{course.public_id}/"
    assert asked.get(at).status_code == 404
    assert "借出的课" not in asked.get("/university/").text

    assert dean.post(f"{at}share/", {"school": other.public_id, "kind": "lent"}).status_code == 302
    share = CourseShare.objects.get()
    assert asked.get(at).status_code == 200
    assert dean.get(f"/university/shares/{share.public_id}/answer/").status_code == 403
    assert asked.post(f"/university/shares/{share.public_id}/answer/", {"answer": "no", "note": ""}).status_code == 422
    assert asked.post(f"/university/shares/{share.public_id}/answer/", {"answer": "yes", "note": ""}).status_code == 302
    assert asked.post(f"{at}edit/begin/").status_code == 404
    assert "借出的课" in asked.get(f"/courses/schools/{other.public_id}/").text
    assert dean.post(f"/university/shares/{share.public_id}/end/", {"note": ""}).status_code == 302
    assert asked.get(at).status_code == 404


def test_a_programme_takes_courses_in_an_order_and_is_published(cast, now, school):
    dean = cast.client_of("base_manager")
    first, second = make_course(school, now, code="a"), make_course(school, now, code="b")
    given = {"school": school.public_id, "title_zh": "高级研修", "track": "advanced", "entry": "selected"}
    assert dean.post("/university/programmes/new/", given).status_code == 422
    assert dean.post("/university/programmes/new/", given | {"seats": "30"}).status_code == 302
    programme = Programme.objects.get()
    at = f"/university/programmes/{programme.public_id}/"
    dean.post(f"{at}turn/", {"do": "publish"})
    programme.refresh_from_db()
    assert programme.state == "draft"
    for course in (first, second):
        dean.post(f"{at}places/", {"do": "add", "course": course.public_id, "required": "on"})
    dean.post(f"{at}places/", {"do": "up", "course": second.public_id})
    assert [place.course for place in programme.places.all()] == [second, first]
    dean.post(f"{at}turn/", {"do": "publish"})
    assert "高级研修" in dean.get("/courses/programmes/").text
    assert dean.get(f"/courses/programmes/{programme.public_id}/").status_code == 200
    assert dean.get(at).status_code == 200


def test_a_dean_keeps_the_school_and_its_people(cast, now, school):
    dean, clerk = cast.client_of("base_manager"), cast.client_of("clerk")
    at = f"/university/schools/{school.public_id}/"
    given = {"address": cast.email("expert"), "role": "assistant", "title": "助教"}
    assert dean.post(f"{at}members/", given).status_code == 302
    assert dean.post(f"{at}members/", given).status_code == 422
    assert dean.post(f"{at}members/", given | {"address": "nobody@x.example"}).status_code == 422
    assistant = cast.client_of("expert")
    course = make_course(school, now, published=False)
    assert assistant.get(f"/university/courses/{course.public_id}/edit/").status_code == 200
    assert assistant.get(f"/university/courses/{course.public_id}/publish/").status_code == 403
    assert assistant.get(f"{at}describe/").status_code == 404

    own = SchoolMember.objects.get(role="dean")
    assert dean.post(f"{at}members/{own.public_id}/end/", {"on": "2099-01-01"}).status_code == 422
    about = {"name_zh": "新名", "colour": "jade", "about": "<p>关于</p><script>x</script>"}
    assert dean.post(f"{at}describe/", about).status_code == 302
    school.refresh_from_db()
    assert (school.name_zh, school.about) == ("新名", "<p>关于</p>")
    assert clerk.post(f"{at}close/").status_code == 302
    assert dean.get("/university/").status_code == 403
    assert clerk.get(at).status_code == 200
    assert clerk.post(f"{at}close/", {"do": "reopen"}).status_code == 302
    for page in (
        "/university/",
        "/university/schools/",
        "/university/schools/new/",
        "/university/shares/",
        "/university/programmes/",
    ):
        assert clerk.get(page).status_code == 200, page
