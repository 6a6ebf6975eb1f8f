"""The fast lane: put forward, file made from what is kept, handed over, decided by two persons, withdrawn by a revocation."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from xml.etree import ElementTree

import pypdfium2
import pytest
from django.test import Client
from openpyxl import load_workbook

from denggao.foundation.audit.actions import NotAllowed, ReasonMissing
from denggao.foundation.audit.models import Record
from denggao.foundation.files.queries import open_file
from denggao.foundation.jobs import work
from denggao.foundation.messages.models import Message
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.queries import identity_index
from denggao.systems.craftsmen.actions.revoking import confirm_act, propose_act
from denggao.systems.craftsmen.facts import _SOURCES, KnownFact, register_facts
from denggao.systems.craftsmen.lane.actions import (
    LaneRefused,
    ask_for_files,
    confirm_outcome,
    dismiss_outcome,
    hand_over,
    make_file,
    note_told,
    propose_candidates,
    propose_outcome,
    withdraw,
)
from denggao.systems.craftsmen.lane.models import Candidacy, CandidacyOutcome, CandidateFile
from denggao.systems.craftsmen.lane.sheet import take_outcomes
from tests.at_once import at_once
from tests.systems.craftsmen.scene import a_nominee, named

NUMBER = "11010519491231002X"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def a_candidacy(cast, now, craftsman=None, **given) -> Candidacy:
    craftsman = craftsman or named(cast, now, nominee=a_nominee(cast, account=True))
    facts = {"selection": "shanghai_craftsman", "year": 2022, "recommendation": "同意推荐，材料属实。", **given}
    done = propose_candidates([craftsman], **facts, actor=cast.clerk, now=now)
    assert not done.refused
    return done.made[0]


def with_document(candidacy: Candidacy, now) -> Candidacy:
    IdentityDocument.objects.create(
        person=candidacy.craftsman.person, kind="resident_id", number=NUMBER,
        number_index=identity_index("resident_id", NUMBER), created_at=now,
    )  # fmt: skip
    return candidacy


def made(cast, candidacy, now, **given) -> CandidateFile:
    return make_file(candidacy, **given, actor=cast.clerk, now=now)[0]


def over(cast, now, candidacy=None) -> Candidacy:
    candidacy = candidacy or a_candidacy(cast, now)
    made(cast, candidacy, now)
    hand_over([candidacy], document="沪临工〔2022〕5号", recipient="市总工会", on=now.date(), actor=cast.clerk, now=now)
    candidacy.refresh_from_db()
    return candidacy


def decided(cast, candidacy, now, **given) -> CandidacyOutcome:
    facts = {"accepted": True, "decided_on": now.date(), "document": "沪工总〔2022〕9号", **given}
    return propose_outcome(candidacy, **facts, actor=cast.clerk, now=now)


def browser(cast, part: str) -> Client:
    """Speaks English."""
    client = cast.client_of(part)
    client.cookies["dg_language"] = "en"
    return client


def revoke(cast, craftsman, now) -> None:
    act = propose_act(craftsman, kind="revoke", grounds="forged", reason="业绩材料不实。", actor=cast.clerk, now=now)
    confirm_act(act, actor=cast.approver, now=now)


def bytes_of(stored) -> bytes:
    with open_file(stored) as opened:
        return opened.read()


def words_of(docx: bytes) -> str:
    """All text of a Word document: every part is well-formed XML."""
    with zipfile.ZipFile(io.BytesIO(docx)) as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            ElementTree.fromstring(packed.read(name))
        tree = ElementTree.fromstring(packed.read("word/document.xml"))
    return "\n".join(node.text or "" for node in tree.iter(f"{WORD}t"))


def pages_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\n", "").replace("\r", "")
    finally:
        document.close()


ANSWERS = (
    "周启明", "班组长", "车工", "叶片磨削误差 0.02 mm", "市赛第一名", "带徒 6 人", "年节约 120 万元", "十九岁进厂，做了二十一年。",
    "空心叶片自适应磨削", "误差 0.06 到 0.02", "快换夹具", "ZL2020000000", "同意推荐。", "剩下那一点，在手上。",
    "沪临工匠〔2022〕018号", "同意推荐，材料属实。", "证明.pdf",
)  # fmt: skip


def test_every_answer_stands_in_document_and_pdf_without_retyping(cast, now):
    file = made(cast, with_document(a_candidacy(cast, now), now), now)

    told = words_of(bytes_of(file.docx))
    read = pages_of(bytes_of(file.pdf))
    for answer in ANSWERS:
        assert answer in told, answer
        assert answer.replace(" ", "") in read.replace(" ", ""), answer
    assert "1101**********002X" in told
    assert NUMBER not in told + read
    assert "上海工匠" in told or "Shanghai craftsman" in told


def test_the_package_holds_the_evidence_in_order_with_its_hashes(cast, now):
    file = made(cast, a_candidacy(cast, now), now)

    with zipfile.ZipFile(io.BytesIO(bytes_of(file.package))) as packed:
        names = packed.namelist()
        index = load_workbook(io.BytesIO(packed.read("00_index.xlsx"))).active
        hashes = {name: hashlib.sha256(packed.read(name)).hexdigest() for name in names}
    assert [name for name in names if name[:2].isdigit() and name.endswith("证明.pdf")] == ["01_证明.pdf"]
    rows = [[cell.value for cell in row] for row in index.iter_rows(min_row=2)]
    assert {row[1]: row[3] for row in rows} == {name: hashes[name] for name in names if name != "00_index.xlsx"}
    assert len(rows) == file.evidence_count + 2


def test_facts_that_change_make_the_next_version_and_the_earlier_one_stays(cast, now):
    candidacy = a_candidacy(cast, now)
    first = made(cast, candidacy, now)
    again, new = make_file(candidacy, actor=cast.clerk, now=now)
    assert (again, new) == (first, False)

    register_facts("test", lambda ids, on: {pk: [KnownFact("技能等级", "一级", "证书登记")] for pk in ids}, position=1)
    try:
        second = made(cast, candidacy, now)
    finally:
        del _SOURCES["test"]

    assert (second.version, CandidateFile.objects.count()) == (2, 2)
    assert "技能等级" in words_of(bytes_of(second.docx))
    assert "技能等级" not in words_of(bytes_of(first.docx))


def test_the_whole_number_takes_the_permission_and_a_reason_and_is_recorded(cast, now):
    candidacy = with_document(a_candidacy(cast, now), now)
    with pytest.raises(NotAllowed):
        make_file(candidacy, whole_reason="市里要求", actor=cast.approver, now=now)

    file = made(cast, candidacy, now, whole_reason="市里要求")

    assert NUMBER in words_of(bytes_of(file.docx))
    assert file.whole_numbers
    assert Record.objects.filter(action="people.document.unmask").count() == 1
    assert browser(cast, "auditor").get(f"/files/{file.docx.public_id}/").status_code == 404
    assert NUMBER not in str(list(Record.objects.values_list("after", flat=True)))


def test_files_are_made_in_the_background_for_many_at_once(cast, now):
    first = named(cast, now)
    second = named(cast, now, round_=first.nomination.round, nominee=a_nominee(cast, "沈听澜"))
    done = propose_candidates([first, second], selection="outstanding_talent", year=2022, actor=cast.clerk, now=now)
    job = ask_for_files(done.made, actor=cast.clerk, now=now)
    work.drain()
    job.refresh_from_db()

    assert (job.state, job.result) == ("done", {"made": 2, "unchanged": 0, "failed": []})
    assert set(Candidacy.objects.values_list("state", flat=True)) == {"prepared"}


def test_who_is_put_forward_twice_or_without_a_title_is_told_and_the_others_are_taken(cast, now):
    candidacy = a_candidacy(cast, now)
    other = named(cast, now, round_=candidacy.craftsman.nomination.round, nominee=a_nominee(cast, "沈听澜"))
    done = propose_candidates([candidacy.craftsman, other], selection="shanghai_craftsman", year=2022, actor=cast.clerk, now=now)

    assert [one.craftsman for one in done.made] == [other]
    assert "already" in done.refused[0][1]
    with pytest.raises(LaneRefused, match="Year"):
        propose_candidates([other], selection="shanghai_craftsman", year=2015, actor=cast.clerk, now=now)


def test_all_are_handed_over_with_one_letter_or_none(cast, now):
    ready = a_candidacy(cast, now)
    made(cast, ready, now)
    other = named(cast, now, round_=ready.craftsman.nomination.round, nominee=a_nominee(cast, "沈听澜"))
    unready = a_candidacy(cast, now, other)
    with pytest.raises(LaneRefused, match="1 of those chosen"):
        hand_over([ready, unready], document="1号", recipient="市总", on=now.date(), actor=cast.clerk, now=now)
    ready.refresh_from_db()
    assert (ready.state, ready.hand_over) == ("prepared", None)

    over(cast, now, unready)
    assert Message.objects.filter(code="lane.handed_over").count() == 0, "who has no account is not told"
    with pytest.raises(LaneRefused, match="recorded already"):
        hand_over([ready], document="沪临工〔2022〕5号", recipient="市总", on=now.date(), actor=cast.clerk, now=now)


def test_the_outcome_takes_two_persons(cast, now):
    candidacy = over(cast, now)
    first = decided(cast, candidacy, now)
    with pytest.raises(LaneRefused, match="second person already"):
        decided(cast, candidacy, now)
    dismiss_outcome(first, reason="录错", actor=cast.approver, now=now)
    second = decided(cast, candidacy, now, accepted=False)
    CandidacyOutcome.objects.filter(pk=second.pk).update(proposed_by=cast.approver.id)
    second.refresh_from_db()
    with pytest.raises(LaneRefused, match="a second person must"):
        confirm_outcome(second, actor=cast.approver, now=now)
    CandidacyOutcome.objects.filter(pk=second.pk).update(proposed_by=cast.clerk.id)
    second.refresh_from_db()
    confirm_outcome(second, actor=cast.approver, now=now)
    candidacy.refresh_from_db()

    assert (candidacy.state, candidacy.document) == ("not_accepted", "沪工总〔2022〕9号")
    assert Message.objects.filter(code="lane.not_accepted", account=cast.user("worker")).count() == 1


@pytest.mark.parametrize("given", [{"document": ""}, {"decided_on": dt.date(2022, 10, 9)}, {"decided_on": dt.date(2022, 10, 11)}])
def test_an_outcome_without_a_paper_or_out_of_its_days_is_refused(cast, now, given):
    candidacy = over(cast, now)

    with pytest.raises(LaneRefused):
        decided(cast, candidacy, now, **given)


def test_outcomes_come_from_a_sheet_and_lines_that_do_not_fit_are_told(cast, now):
    over(cast, now)
    sheet = (
        "证书编号,结果,决定日期,文号\nLG-G-2022-001,入选,2022-10-10,沪工总〔2022〕9号\nLG-G-2022-999,入选,2022-10-10,沪工总〔2022〕9号\n"
        "LG-G-2022-001,也许,2022-10-10,沪工总〔2022〕9号\n"
    ).encode()

    done = take_outcomes("结果.csv", sheet, actor=cast.clerk, now=now)

    assert done.count == 1
    assert [line for line, _why in done.refused] == [3, 4]
    assert CandidacyOutcome.objects.get().accepted


def test_a_revocation_withdraws_open_candidacies_and_says_whom_to_tell(cast, now):
    candidacy = over(cast, now)
    decided(cast, candidacy, now)
    craftsman = candidacy.craftsman
    fresh = a_candidacy(cast, now, craftsman, selection="outstanding_talent")
    revoke(cast, craftsman, now)
    for one in (candidacy, fresh):
        one.refresh_from_db()

    assert (candidacy.state, candidacy.told_due, fresh.state, fresh.told_due) == ("withdrawn", True, "withdrawn", False)
    assert CandidacyOutcome.objects.get().state == "dismissed"
    assert CandidateFile.objects.count() == 1, "nothing is deleted"
    assert Message.objects.filter(code="lane.to_tell").exists()
    shown = browser(cast, "clerk").get(f"/craftsmen/lane/{candidacy.public_id}/").content.decode()
    assert "市总工会" in shown
    note_told(candidacy, how="函告市总工会", actor=cast.clerk, now=now)
    with pytest.raises(LaneRefused, match="Nobody is to be told"):
        note_told(candidacy, how="函告", actor=cast.clerk, now=now)


def test_what_ended_takes_nothing_more(cast, now):
    candidacy = a_candidacy(cast, now)
    with pytest.raises(ReasonMissing):
        withdraw(candidacy, reason=" ", actor=cast.clerk, now=now)
    withdraw(candidacy, reason="本人不参加", actor=cast.clerk, now=now)

    with pytest.raises(LaneRefused):
        made(cast, candidacy, now)
    with pytest.raises(LaneRefused):
        withdraw(candidacy, reason="再次", actor=cast.clerk, now=now)
    with pytest.raises(LaneRefused):
        decided(cast, candidacy, now)
    assert a_candidacy(cast, now, candidacy.craftsman).state == "proposed", "may be put forward anew"


@pytest.mark.parametrize("part", ["hr", "worker", "auditor", "authority", "approver"])
def test_only_clerk_and_reviewer_put_forward(cast, now, part):
    craftsman = named(cast, now)

    with pytest.raises(NotAllowed):
        propose_candidates([craftsman], selection="shanghai_craftsman", year=2022, actor=getattr(cast, part), now=now)


@pytest.mark.parametrize("part", ["hr", "other_hr", "base_manager", "expert"])
def test_nobody_else_reads_a_candidacy_or_its_files(cast, now, part):
    candidacy = a_candidacy(cast, now)
    file = made(cast, candidacy, now)
    client = browser(cast, part)

    assert client.get(f"/craftsmen/lane/{candidacy.public_id}/").status_code == 404
    assert client.get(f"/files/{file.package.public_id}/").status_code == 404
    assert client.get("/craftsmen/lane/").status_code == 403


def test_the_candidate_reads_the_own_file(cast, now):
    candidacy = a_candidacy(cast, now)
    file = made(cast, candidacy, now)
    shown = browser(cast, "worker").get(f"/craftsmen/lane/{candidacy.public_id}/").content.decode()

    assert file.docx.name in shown
    assert "Prepare the file" not in shown


def test_the_pages_lead_from_choosing_to_the_outcome(cast, now):
    craftsman = named(cast, now)
    clerk, approver = browser(cast, "clerk"), browser(cast, "approver")
    form = {"selection": "shanghai_craftsman", "year": "2022", "craftsmen": [str(craftsman.public_id)]}
    assert clerk.post("/craftsmen/lane/propose/", form).status_code == 302
    candidacy = Candidacy.objects.get()
    chosen = {"chosen": [str(candidacy.public_id)]}
    assert craftsman.person.name in clerk.get("/craftsmen/lane/prepare/", chosen).content.decode()
    assert clerk.post("/craftsmen/lane/prepare/", chosen).status_code == 302
    work.drain()
    letter = {"document": "5号", "recipient": "市总", "on": "2022-10-10"}
    assert clerk.post("/craftsmen/lane/hand-over/", {**chosen, **letter}).status_code == 302
    outcome = {"accepted": "yes", "decided_on": "2022-10-10", "document": "9号"}
    assert clerk.post(f"/craftsmen/lane/{candidacy.public_id}/outcome/", outcome).status_code == 302
    waits = CandidacyOutcome.objects.get()
    assert approver.post(f"/craftsmen/lane/outcomes/{waits.public_id}/confirm/").status_code == 302
    candidacy.refresh_from_db()

    assert candidacy.state == "accepted"
    assert "accepted" in clerk.get("/craftsmen/lane/").content.decode()
    assert "9号" in clerk.get("/craftsmen/lane/?export=csv").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_preparing_at_once_make_one_version(cast, now):
    candidacy = a_candidacy(cast, now)

    at_once(*(lambda: made(cast, Candidacy.objects.get(pk=candidacy.pk), now) for _ in range(2)))

    assert CandidateFile.objects.count() == 1
