from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from denggao.foundation.audit.actors import operator
from denggao.foundation.audit.models import ActionKey, Record
from denggao.foundation.jobs import work
from denggao.foundation.sheets import actions
from denggao.foundation.sheets.models import Import
from tests.foundation.sheets import books
from tests.foundation.sheets.kinds import TOOLS
from tests.foundation.sheets.test_pipeline import GOOD, HEAD, MIXED, checked, handed_in


def browser(cast, part) -> Client:
    client = cast.client_of(part)
    client.cookies["dg_language"] = "en"
    return client


def sent(rows=MIXED, name="tools.xlsx"):
    return SimpleUploadedFile(name, rows if isinstance(rows, bytes) else books.xlsx(rows))


def page(response):
    return response.content.decode()


def test_a_list_is_handed_in_looked_at_and_applied(cast, tools):
    client = browser(cast, "hr")
    form = {"file": sent(), "employer": str(cast.employer.public_id), "as_of": "2022-09-30"}

    response = client.post("/imports/new/tools/", form, follow=True)
    assert "The file is being read and checked" in page(response)
    work.drain()
    response = client.get(response.request["PATH_INFO"])
    assert "Apply 2 rows" in page(response)
    assert "there is no month 13" in page(response).lower()
    found = Import.objects.get()
    assert (found.as_of, found.body_id) == (dt.date(2022, 9, 30), cast.employer.pk)

    client.post(f"/imports/{found.public_id}/apply/")
    client.post(f"/imports/{found.public_id}/apply/")
    work.drain()

    assert "Applied" in page(client.get(f"/imports/{found.public_id}/"))
    assert ActionKey.objects.filter(action=TOOLS).count() == 2


def test_the_preview_masks_personal_cells_and_shows_what_was_typed(cast, tools, now):
    found = checked(cast, tools, now, [HEAD, ["卡　尺", "t1", "2022.5.3", "也许"]])

    text = page(browser(cast, "clerk").get(f"/imports/{found.public_id}/?show=all"))

    assert "卡**" in text
    assert "卡　尺" not in text
    assert '<span class="was">2022.5.3</span>' in text
    hidden = page(browser(cast, "clerk").get(f"/imports/{found.public_id}/?show=all&original=no"))
    assert '<span class="was">' not in hidden


def test_rows_are_found_by_view_and_by_column(cast, tools, now):
    found, client = checked(cast, tools, now), browser(cast, "clerk")

    def rows(query):
        return [shown.row.number for shown in client.get(f"/imports/{found.public_id}/{query}").context["rows"]]

    assert rows("") == [4, 5, 6]
    assert rows("?show=all") == [2, 3, 4, 5, 6]
    assert rows("?show=normalised") == [2]
    assert rows("?show=attention&column=bought_on") == [4]


@pytest.mark.parametrize("part", ["hr", "clerk"])
def test_who_handed_in_a_list_may_do_everything_with_it(cast, tools, now, part):
    found, client = checked(cast, tools, now, GOOD, actor=getattr(cast, part)), browser(cast, part)

    for path in ("", "columns/"):
        assert client.get(f"/imports/{found.public_id}/{path}").status_code == 200
    assert client.post(f"/imports/{found.public_id}/workbook/").status_code == 200


@pytest.mark.parametrize("part", ["other_hr", "worker", "expert", "base_manager"])
def test_an_import_of_another_body_does_not_exist(cast, tools, now, part):
    found, client = checked(cast, tools, now, GOOD), browser(cast, part)

    for path in ("", "columns/", "progress/"):
        assert client.get(f"/imports/{found.public_id}/{path}").status_code == 404
    for path in ("apply/", "cancel/", "recheck/", "workbook/", "columns/"):
        assert client.post(f"/imports/{found.public_id}/{path}").status_code == 404
    assert str(found.public_id) not in page(client.get("/imports/"))


def test_the_office_that_may_only_look_does_not_apply(cast, tools, now):
    found, client = checked(cast, tools, now, GOOD), browser(cast, "auditor")

    assert "Apply 2 rows" not in page(client.get(f"/imports/{found.public_id}/"))
    assert client.post(f"/imports/{found.public_id}/apply/").status_code == 403
    assert client.post(f"/imports/{found.public_id}/workbook/").status_code == 403


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: sent(b"%PDF-1.7", "a.pdf"), "This is no spreadsheet"),
        (lambda: sent(b" ", "a.csv"), "The file is empty"),
        (lambda: sent(GOOD, "a.xlsm"), "macros"),
        (lambda: sent(books.compound({"EncryptedPackage": b"x"})), "password"),
    ],
)
def test_a_file_that_is_not_taken_is_said_beside_the_field(cast, tools, file, sentence):
    form = {"file": file(), "employer": str(cast.employer.public_id), "as_of": "2022-09-30"}

    response = browser(cast, "clerk").post("/imports/new/tools/", form)

    assert response.status_code == 422
    assert sentence in page(response)
    assert not Import.objects.exists()


def test_a_file_past_the_limit_is_let_go_while_it_arrives(cast, tools, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    form = {"file": sent(bytes(3 * 1024 * 1024)), "employer": str(cast.employer.public_id), "as_of": "2022-09-30"}

    response = browser(cast, "clerk").post("/imports/new/tools/", form)

    assert response.status_code == 422
    assert "at most 1 MB" in page(response)
    assert response.wsgi_request.FILES == {}


def test_the_date_of_the_list_does_not_lie_in_the_future(cast, tools):
    ahead = timezone.localdate() + dt.timedelta(days=1)
    form = {"file": sent(GOOD), "employer": str(cast.employer.public_id), "as_of": ahead.isoformat()}

    response = browser(cast, "clerk").post("/imports/new/tools/", form)

    assert "must not lie in the future" in page(response)


def test_an_employer_one_does_not_act_for_cannot_be_chosen(cast, tools):
    form = {"file": sent(GOOD), "employer": str(cast.other_employer.public_id), "as_of": "2022-09-30"}

    response = browser(cast, "hr").post("/imports/new/tools/", form)

    assert response.status_code == 422
    assert not Import.objects.exists()


def test_a_kind_is_offered_to_those_who_may_hand_it_in(cast, tools):
    assert browser(cast, "hr").get("/imports/new/tools/").status_code == 200
    assert browser(cast, "worker").get("/imports/new/tools/").status_code == 404
    assert browser(cast, "clerk").get("/imports/new/nothing/").status_code == 404


def test_all_or_none_is_refused_with_a_word(cast, tools, now):
    found, client = checked(cast, tools, now), browser(cast, "clerk")

    response = client.post(f"/imports/{found.public_id}/apply/", {"all": "yes"}, follow=True)

    assert "nothing was applied" in page(response)
    assert Import.objects.get().state == "checked"


def test_columns_are_changed_on_their_page(cast, tools, now):
    found = checked(cast, tools, now, [["工具", "编号", "名称"], ["卡尺", "T1", "备用"]])
    client = browser(cast, "clerk")

    twice = client.post(f"/imports/{found.public_id}/columns/", {"c0-A": "name", "c0-B": "number", "c0-C": "name"})
    assert "mean the same" in page(twice)
    client.post(f"/imports/{found.public_id}/columns/", {"c0-A": "name", "c0-B": "number", "c0-C": ""})
    work.drain()

    assert Import.objects.get().rows.get().cells["name"] == "卡尺"


def test_progress_is_asked_for_until_the_work_is_done(cast, tools, now):
    found, client = handed_in(cast, tools, now), browser(cast, "clerk")

    assert 'hx-get="/imports/' in page(client.get(f"/imports/{found.public_id}/progress/"))
    work.drain()
    assert client.get(f"/imports/{found.public_id}/progress/")["HX-Refresh"] == "true"


def test_a_failed_import_says_why_and_can_be_checked_again(cast, tools, now):
    found, client = handed_in(cast, tools, now, [["甲"], ["乙"]]), browser(cast, "clerk")
    work.drain()

    assert "No row with the headings" in page(client.get(f"/imports/{found.public_id}/"))
    client.post(f"/imports/{found.public_id}/recheck/")
    assert Import.objects.get().state == "checking"


def test_a_called_off_import_says_so(cast, tools, now):
    found, client = checked(cast, tools, now), browser(cast, "clerk")

    response = client.post(f"/imports/{found.public_id}/cancel/", follow=True)

    assert "Nothing of this list was recorded" in page(response)


def test_the_workbook_is_handed_back_and_taking_it_is_recorded(cast, tools, now):
    found, client = checked(cast, tools, now), browser(cast, "clerk")

    response = client.post(f"/imports/{found.public_id}/workbook/")

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert "Refused: Bought on: there is no month 13" in sheet["E4"].value
    assert response["Cache-Control"] == "private, no-store"
    assert Record.objects.filter(action="sheets.import.take").count() == 1


def test_a_template_is_downloaded(cast, tools):
    response = browser(cast, "hr").get("/imports/template/tools.xlsx")

    assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames == ["Tools", "Notes"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(cast, tools, now, count, django_assert_num_queries):
    for _ in range(count):
        checked(cast, tools, now, GOOD)
    client = browser(cast, "clerk")
    client.get("/imports/")

    with django_assert_num_queries(14):
        client.get("/imports/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_asks_the_same_number_of_queries(cast, tools, now, count, django_assert_num_queries):
    found = checked(cast, tools, now, [HEAD, *([f"锤{n}", f"T{n}"] for n in range(count))])
    client = browser(cast, "clerk")
    client.get("/imports/")

    with django_assert_num_queries(15):
        client.get(f"/imports/{found.public_id}/?show=all")


def test_absent_records_are_listed(cast, tools, now):
    ActionKey.objects.create(action=TOOLS, key="T9", result="刨子", at=now)
    found = checked(cast, tools, now, GOOD)

    text = page(browser(cast, "clerk").get(f"/imports/{found.public_id}/"))

    assert "1 record is not on this list" in text
    assert "T9 刨*" in text


def test_a_purged_import_still_shows_its_outcomes(cast, tools, now):
    found = actions.apply_import(checked(cast, tools, now), actor=cast.clerk, now=now)
    actions.purge_imports(actor=operator("test"), now=now + dt.timedelta(days=31))
    client = browser(cast, "clerk")

    text = page(client.get(f"/imports/{found.public_id}/?show=all"))
    assert "Cells and file have been removed" in text
    assert "卡" not in text
    assert "no longer kept" in page(client.post(f"/imports/{found.public_id}/workbook/", follow=True))
