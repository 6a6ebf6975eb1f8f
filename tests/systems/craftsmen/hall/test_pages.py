"""What a craftsman publishes: nothing without a yes, all that was agreed to, and nothing of it once it is taken back."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from denggao.foundation.audit.actions import NotAllowed
from denggao.foundation.audit.models import Record
from denggao.foundation.files.actions import store_file
from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.policies import can_read_file
from denggao.foundation.files.queries import open_file
from denggao.foundation.media.models import Conversion
from denggao.foundation.messages.models import Message
from denggao.systems.craftsmen.actions.revoking import confirm_act, propose_act
from denggao.systems.craftsmen.hall.actions import pages
from denggao.systems.craftsmen.hall.models import Part, Profile, Work
from denggao.systems.craftsmen.hall.pictures import PictureRefused, made_fit
from denggao.systems.craftsmen.hall.policies import FILM, PICTURE
from tests.at_once import at_once
from tests.systems.craftsmen.hall.scene import a_craftsman, a_page, a_picture

FILM_BYTES = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 64


def stored(cast, now, data=None, *, name="p.jpg", kind=PICTURE, taken=("jpeg",)) -> StoredFile:
    return store_file(name, data or a_picture(), kind=kind, taken=taken, actor=cast.worker, now=now)


def visitor(cast):
    return cast.visitor


# The draft


def test_a_naming_makes_a_draft_from_the_nomination_and_shows_nothing(cast, now, client):
    craftsman = a_craftsman(cast, now)

    profile = Profile.objects.get(craftsman=craftsman)

    assert (profile.state, profile.motto, profile.trade) == ("draft", "剩下那一点，在手上。", "车工")
    assert [work.title for work in profile.works.all()] == ["空心叶片自适应磨削"]
    assert not any(profile.said_yes(part) for part in Part)
    assert client.get(f"/hall/{craftsman.public_id}/").status_code == 404


def test_beginning_again_changes_nothing(cast, now):
    profile = Profile.objects.get(craftsman=a_craftsman(cast, now))
    pages.write_words(profile, trade="磨工", headline="", motto="量三遍", story="", drawing="blade", actor=cast.worker, now=now)

    assert pages.begin_page(profile.craftsman, actor=cast.worker, now=now).motto == "量三遍"


# The yes


def test_without_a_yes_to_the_name_nothing_is_shown(cast, now):
    profile = Profile.objects.get(craftsman=a_craftsman(cast, now))
    pages.agree(profile, [Part.STORY, Part.WORKS], actor=cast.worker, now=now)

    with pytest.raises(pages.PageRefused, match="Name, employer"):
        pages.show_page(profile, actor=cast.worker, now=now)


def test_what_is_agreed_to_is_shown_and_no_more(cast, now, client):
    profile = a_page(cast, now, parts=[Part.NAME])
    address = f"/hall/{profile.craftsman.public_id}/"

    page = client.get(address).content.decode()

    assert "周启明" in page
    assert "剩下那一点" not in page
    assert "十九岁进厂" not in page
    assert "空心叶片" not in page
    assert "ZL2020000000" not in client.get(f"{address}behind/").content.decode()
    assert client.get(f"{address}lineage/").status_code == 404


def test_a_yes_taken_back_is_gone_at_once_and_keeps_the_others_moment(cast, now, client):
    profile = a_page(cast, now)
    address = f"/hall/{profile.craftsman.public_id}/"
    assert "十九岁进厂" in client.get(address).content.decode()

    pages.agree(profile, [Part.NAME, Part.WORKS], actor=cast.worker, now=now.replace(hour=23))

    page = client.get(address).content.decode()
    assert "十九岁进厂" not in page
    assert "空心叶片" in page
    assert profile.works_yes_at == now


def test_taking_back_the_name_takes_the_page_down(cast, now, client):
    profile = a_page(cast, now)

    pages.agree(profile, [Part.STORY], actor=cast.worker, now=now)

    assert Profile.objects.get().state == "draft"
    assert client.get(f"/hall/{profile.craftsman.public_id}/").status_code == 404
    assert "周启明" not in client.get("/hall/").content.decode()


@pytest.mark.parametrize(
    ("shown", "kept", "said"),
    [
        (True, [Part.NAME, Part.STORY], "What you took back is gone"),
        (True, list(Part), "It is kept.</div>"),
        (True, [Part.STORY], "nobody sees your page any more"),
        (False, [Part.NAME], "Your page is not public"),
    ],
)
def test_what_a_kept_yes_does_to_the_page_is_said(cast, now, shown, kept, said):
    a_page(cast, now, shown=shown)
    client = cast.client_of("worker")
    client.cookies["dg_language"] = "en"

    page = client.post("/craftsmen/mine/page/agree/", {"parts": kept}, follow=True).content.decode()

    assert said in page


@pytest.mark.parametrize("part", ["hr", "clerk", "approver", "administrator", "auditor", "expert"])
def test_nobody_else_shows_or_writes_it(cast, now, part):
    profile = Profile.objects.get(craftsman=a_craftsman(cast, now))
    actor = getattr(cast, part)

    for act in (
        lambda: pages.show_page(profile, actor=actor, now=now),
        lambda: pages.agree(profile, [Part.NAME], actor=actor, now=now),
        lambda: pages.write_words(profile, trade="", headline="", motto="x", story="", drawing="chip", actor=actor, now=now),
        lambda: pages.keep_portrait(profile, None, actor=actor, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_each_act_leaves_its_record(cast, now):
    profile = a_page(cast, now)

    codes = set(Record.objects.filter(object_id=str(profile.public_id)).values_list("action", flat=True))

    assert {"craftsmen.page.begin", "craftsmen.page.agree", "craftsmen.page.show"} <= codes


# Files


def test_a_portrait_is_private_until_it_is_shown(cast, now):
    profile = Profile.objects.get(craftsman=a_craftsman(cast, now))
    pages.keep_portrait(profile, stored(cast, now), actor=cast.worker, now=now)
    file = profile.portrait

    assert not can_read_file(cast.visitor, file)
    assert not can_read_file(cast.hr, file)
    assert can_read_file(cast.clerk, file)
    pages.agree(profile, [Part.NAME], actor=cast.worker, now=now)
    pages.show_page(profile, actor=cast.worker, now=now)
    assert not can_read_file(cast.visitor, file)
    pages.agree(profile, [Part.NAME, Part.PORTRAIT], actor=cast.worker, now=now)
    assert can_read_file(cast.visitor, file)
    pages.take_down(profile, actor=cast.worker, now=now)
    assert not can_read_file(cast.visitor, file)


def test_files_are_handed_out_while_they_are_shown(cast, now, client):
    profile = a_page(cast, now)
    pages.keep_portrait(profile, stored(cast, now), actor=cast.worker, now=now)
    address = f"/hall/files/{profile.portrait.public_id}/"

    shown = client.get(address)
    pages.agree(profile, [Part.NAME], actor=cast.worker, now=now)

    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content)
    assert client.get(address).status_code == 404


def test_another_portrait_erases_the_one_before(cast, now):
    profile = Profile.objects.get(craftsman=a_craftsman(cast, now))
    pages.keep_portrait(profile, stored(cast, now), actor=cast.worker, now=now)
    first = profile.portrait

    pages.keep_portrait(profile, None, actor=cast.worker, now=now)

    first.refresh_from_db()
    assert first.erased_at == now
    assert profile.portrait is None


def test_a_picture_loses_what_the_camera_wrote(cast, now):
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Spy Camera", 6
    Image.new("RGB", (3000, 1000), "red").save(made, "JPEG", exif=exif)

    kept = made_fit(stored(cast, now, made.getvalue()), actor=cast.worker, now=now)

    with open_file(kept) as stream, Image.open(stream) as read:
        assert read.getexif() == {}
        assert read.size == (533, 1600), "turned upright, and made smaller"


def test_what_is_no_picture_is_refused(cast, now):
    broken = stored(cast, now, b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40)

    with pytest.raises(PictureRefused, match="can’t be read"):
        made_fit(broken, actor=cast.worker, now=now)


def test_a_film_is_made_ready_and_seen_by_all_once_agreed_to(cast, now, client):
    profile = a_page(cast, now)
    file = stored(cast, now, FILM_BYTES, name="f.mp4", kind=FILM, taken=("mp4",))

    pages.keep_film(profile, file=file, actor=cast.worker, now=now)

    assert Conversion.objects.get(source=file).kind == "video"
    assert f"/hall/files/{file.public_id}/" in client.get(f"/hall/{profile.craftsman.public_id}/").content.decode()
    assert can_read_file(cast.visitor, file)


def test_a_film_needs_a_file(cast, now):
    profile = a_page(cast, now)

    with pytest.raises(pages.PageRefused, match="Film"):
        pages.keep_film(profile, actor=cast.worker, now=now)


# Works


def test_works_are_added_moved_and_taken_away(cast, now):
    profile = a_page(cast, now)
    given = {"title": "夹具", "line": "", "note": "", "year": 2020, "kind": "tool", "drawing": "fixture", "shown": True}
    second = pages.add_work(profile, picture=stored(cast, now), actor=cast.worker, now=now, **given)

    pages.move_work(second, actor=cast.worker, now=now)
    assert [work.title for work in profile.works.all()] == ["夹具", "空心叶片自适应磨削"]
    picture = second.picture
    pages.remove_work(second, actor=cast.worker, now=now)

    picture.refresh_from_db()
    assert picture.erased_at is not None
    assert Work.objects.count() == 1


def test_a_work_not_shown_stays_out(cast, now, client):
    profile = a_page(cast, now)
    Work.objects.update(shown=False)

    assert "空心叶片" not in client.get(f"/hall/{profile.craftsman.public_id}/").content.decode()


def test_there_is_a_most_of_works(cast, now):
    profile = a_page(cast, now)
    Work.objects.bulk_create(Work(profile=profile, position=n, title="x") for n in range(1, pages.MOST_WORKS))

    with pytest.raises(pages.PageRefused, match="at most 12"):
        pages.add_work(profile, title="y", actor=cast.worker, now=now)


# The office


def test_the_office_hides_a_page_with_a_reason_and_never_shows_one(cast, now, client):
    profile = a_page(cast, now)
    address = f"/hall/{profile.craftsman.public_id}/"

    pages.hide_page(profile, reason="作品图含涉密工艺，请更换。", actor=cast.clerk, now=now)

    assert client.get(address).status_code == 404
    told = Message.objects.get(code="craftsmen.page_hidden")
    assert told.account == cast.user("worker")
    with pytest.raises(pages.PageRefused, match="hidden"):
        pages.show_page(profile, actor=cast.worker, now=now)
    pages.release_page(profile, actor=cast.clerk, now=now)
    assert client.get(address).status_code == 404, "a draft, not shown"
    pages.show_page(profile, actor=cast.worker, now=now)
    assert client.get(address).status_code == 200


def test_hiding_needs_a_reason_and_happens_once(cast, now):
    profile = a_page(cast, now)

    with pytest.raises(pages.PageRefused, match="Reason"):
        pages.hide_page(profile, reason="  ", actor=cast.clerk, now=now)
    pages.hide_page(profile, reason="x", actor=cast.clerk, now=now)
    with pytest.raises(pages.PageRefused, match="already"):
        pages.hide_page(profile, reason="y", actor=cast.clerk, now=now)


@pytest.mark.parametrize("part", ["hr", "worker", "auditor", "expert"])
def test_others_hide_no_page(cast, now, part):
    profile = a_page(cast, now)

    with pytest.raises(NotAllowed):
        pages.hide_page(profile, reason="x", actor=getattr(cast, part), now=now)


@pytest.mark.django_db(transaction=True)
def test_showing_and_hiding_at_once_end_hidden(cast, now):
    profile = a_page(cast, now, shown=False)

    at_once(
        lambda: pages.hide_page(Profile.objects.get(), reason="x", actor=cast.clerk, now=now),
        lambda: pages.show_page(Profile.objects.get(), actor=cast.worker, now=now),
    )

    profile.refresh_from_db()
    assert (profile.state, profile.hidden_reason) == ("hidden", "x")


# Revoked


def revoked(cast, now, craftsman):
    act = propose_act(
        craftsman,
        kind="revoke",
        grounds="forged",
        reason="材料不实",
        document="决定1号",
        actor=cast.clerk,
        now=now,
    )
    confirm_act(act, actor=cast.approver, now=now)
    craftsman.refresh_from_db()


def test_a_revoked_page_is_gone_and_says_so_without_the_name(cast, now, client):
    profile = a_page(cast, now)

    revoked(cast, now, profile.craftsman)

    answer = client.get(f"/hall/{profile.craftsman.public_id}/")
    assert answer.status_code == 410
    assert "周启明" not in answer.content.decode()
    assert "revoked by decision on" in answer.content.decode()
    assert "周启明" not in client.get("/hall/").content.decode()
    assert client.get(f"/hall/{profile.craftsman.public_id}/card/a6/").status_code == 404
    assert cast.client_of("clerk").get(f"/craftsmen/{profile.craftsman.public_id}/page/").status_code == 200


def test_a_revoked_title_never_shown_says_nothing(cast, now, client):
    craftsman = a_craftsman(cast, now)

    revoked(cast, now, craftsman)

    assert client.get(f"/hall/{craftsman.public_id}/").status_code == 404


def test_upload_forms_take_a_portrait_without_script(cast, now):
    a_page(cast, now)
    client = cast.client_of("worker")

    answer = client.post("/craftsmen/mine/page/portrait/", {"file": SimpleUploadedFile("me.png", a_picture(kind="PNG"))})

    assert answer.status_code == 302
    assert Profile.objects.get().portrait.content_type == "image/jpeg"
