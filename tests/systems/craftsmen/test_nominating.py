"""Nominations: who may make one, what is kept of it, who must agree, and what is found on it."""

from __future__ import annotations

import pytest

from denggao.engines.cases import actions
from denggao.engines.cases.models import Case, Consent
from denggao.engines.cases.procedures import Audience
from denggao.engines.cases.refusals import AnswersIncomplete, CaseRefused
from denggao.engines.cases.showing import shown_sections
from denggao.foundation.audit.actors import Role
from denggao.foundation.organisations.models import Membership, Organisation
from denggao.foundation.people.models import IdentityDocument
from denggao.foundation.people.queries import identity_index
from denggao.systems.craftsmen.actions.keeping import ListMoved, NominationRefused, order_list
from denggao.systems.craftsmen.actions.terms import TermsRefused, keep_terms
from denggao.systems.craftsmen.models import Craftsman, Nomination
from denggao.systems.craftsmen.queries import terms_of
from tests.facts import in_post
from tests.systems.craftsmen.scene import (
    WEEK,
    a_nominee,
    a_paper,
    agreed,
    answers,
    craftsmen_plan,
    craftsmen_round,
    fill,
    named,
    nominated,
    nomination,
    self_nominated,
)

OPEN = {"open": True, "most": None, "stamp": False}


def sentences(refusal: AnswersIncomplete) -> str:
    return " ".join(sentence for _section, _field, sentence in refusal.faults)


def test_an_employer_nominates_its_own_and_the_nominee_is_asked(cast, now):
    nominee = a_nominee(cast, account=True)

    case = nominated(cast, craftsmen_round(cast, now), nominee, now, place=1)

    kept = nomination(case)
    assert (kept.person, kept.channel, kept.nominator, kept.place, kept.stands) == (nominee, "employer", cast.employer, 1, True)
    assert list(kept.deeds.values_list("kind", "title")) == [("patent", "快换夹具"), ("work", "空心叶片自适应磨削")]
    assert (case.stage, case.title, case.waits_for) == ("consent", "周启明", "consent")
    assert Consent.objects.get(case=case).person == nominee
    assert agreed(case, actor=cast.worker, now=now).stage == "check"


def test_a_self_nomination_waits_for_the_employers_word(cast, now):
    in_post(cast.worker_person, cast.employer)

    case = self_nominated(cast, craftsmen_round(cast, now), now)

    assert (nomination(case).channel, nomination(case).nominator) == ("self", None)
    assert Consent.objects.get(case=case).body == cast.employer
    assert agreed(case, actor=cast.hr, now=now).stage == "check"


def test_without_an_employer_there_is_nobody_to_stamp_a_self_nomination(cast, now):
    with pytest.raises(AnswersIncomplete) as refusal:
        self_nominated(cast, craftsmen_round(cast, now), now)

    assert "No employer lists you" in sentences(refusal.value)


def test_a_nominee_stands_once_in_a_round_whatever_the_channel(cast, now):
    round_ = craftsmen_round(cast, now)
    nominee = a_nominee(cast, account=True)
    nominated(cast, round_, nominee, now)
    in_post(nominee, cast.other_employer)

    with pytest.raises(AnswersIncomplete) as refusal:
        nominated(cast, round_, nominee, now, actor=cast.other_hr, body=cast.other_employer)
    with pytest.raises(CaseRefused, match="through the channel “employer”"):
        actions.open_case(round_, person=nominee, actor=cast.worker, now=now)

    assert "nominated in this round already, through the channel “employer”" in sentences(refusal.value)
    assert Nomination.objects.count() == 1


def test_whoever_withdraws_makes_room_for_another_channel(cast, now):
    round_ = craftsmen_round(cast, now)
    nominee = a_nominee(cast)
    actions.withdraw_case(nominated(cast, round_, nominee, now), actor=cast.hr, now=now)

    again = nominated(cast, round_, nominee, now)

    assert list(Nomination.objects.order_by("id").values_list("stands", flat=True)) == [False, True]
    assert nomination(again).person == nominee


def test_who_holds_the_title_is_not_nominated_again(cast, now):
    craftsman = named(cast, now)
    round_ = craftsmen_round(cast, now, plan=craftsman.plan, title="下一轮")

    with pytest.raises(AnswersIncomplete) as refusal:
        nominated(cast, round_, craftsman.person, now)

    assert "holds the title under this plan already" in sentences(refusal.value)


def test_an_employer_nominates_nobody_elses_staff(cast, now):
    nominee = a_nominee(cast, employer=cast.other_employer)

    with pytest.raises(AnswersIncomplete) as refusal:
        nominated(cast, craftsmen_round(cast, now), nominee, now)

    assert "Nobody of this name is on your roster" in sentences(refusal.value)


def test_a_union_nominates_others_by_document_number_up_to_the_most(cast, now):
    Organisation.objects.filter(pk=cast.base.pk).update(kind="union")
    round_ = craftsmen_round(cast, now)
    people = [a_nominee(cast, name) for name in ("周一", "周二", "周三")]
    for place, person in enumerate(people[:2], start=1):
        number = known_by(person, place)
        nominated(cast, round_, person, now, actor=cast.base_manager, body=cast.base, nominee={"document_number": number})

    number = known_by(people[2], 3)
    with pytest.raises(AnswersIncomplete) as refusal:
        nominated(cast, round_, people[2], now, actor=cast.base_manager, body=cast.base, nominee={"document_number": number})

    assert "may put forward 2 nominees" in sentences(refusal.value)
    assert set(Nomination.objects.values_list("channel", "nominator__kind")) == {("association", "union")}


def known_by(person, serial: int) -> str:
    """A document number of the person's, and its check character."""
    stem = f"31019919900101{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number = stem + "10X98765432"[sum(int(sign) * weight for sign, weight in zip(stem, weights, strict=True)) % 11]
    IdentityDocument.objects.create(
        person=person,
        kind="resident_id",
        number=number,
        number_index=identity_index("resident_id", number),
        created_at=person.created_at,
    )
    return number


def test_as_many_conditions_are_told_as_the_round_asks(cast, now):
    round_ = craftsmen_round(cast, now)
    nominee = a_nominee(cast)

    with pytest.raises(AnswersIncomplete) as refusal:
        nominated(cast, round_, nominee, now, conditions={"lead": "", "skill": ""})
    keep_terms(round_, channels={"employer": OPEN}, conditions_least=2, actor=cast.clerk, now=now)
    nominated(cast, round_, nominee, now, conditions={"lead": "", "skill": ""})

    assert "asks for 4 of the four conditions; 2 are told" in sentences(refusal.value)
    assert set(Nomination.objects.get().conditions) == {"craft", "contribution"}


def test_a_body_says_why_it_nominates(cast, now):
    with pytest.raises(AnswersIncomplete) as refusal:
        nominated(cast, craftsmen_round(cast, now), a_nominee(cast), now, opinion={"opinion": ""})

    assert "Opinion of the nominating body" in sentences(refusal.value)


def test_a_closed_channel_takes_nobody(cast, now):
    round_ = craftsmen_round(cast, now)
    keep_terms(round_, channels={"self": OPEN}, conditions_least=None, actor=cast.clerk, now=now)

    with pytest.raises(CaseRefused, match="not open in this round"):
        actions.open_case(round_, body=cast.employer, actor=cast.hr, now=now)


def test_a_new_round_has_the_terms_of_the_last(cast, now):
    plan = craftsmen_plan(cast, now)
    first = craftsmen_round(cast, now, plan=plan, opens_at=now - 3 * WEEK)
    keep_terms(
        first,
        channels={"employer": OPEN},
        conditions_least=1,
        calendar=[{"on": "2022-11-01", "zh": "面试"}],
        actor=cast.clerk,
        now=now,
    )
    second = craftsmen_round(cast, now, plan=plan, title="下一轮")

    terms = terms_of(second, now.date())

    assert (terms.conditions_least, terms.inherited, terms.own, terms.calendar) == (1, first, False, [])
    assert terms.channels["self"].is_open is False


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"channels": {}}, "at least one"),
        ({"conditions_least": 5}, "between one and four"),
        ({"calendar": [{"on": "", "zh": "面试"}]}, "a day and a word"),
    ],
)
def test_terms_that_make_no_sense_are_refused(cast, now, given, word):
    facts = {"channels": {"employer": OPEN}, "conditions_least": None, **given}

    with pytest.raises(TermsRefused, match=word):
        keep_terms(craftsmen_round(cast, now), **facts, actor=cast.clerk, now=now)


def test_the_check_says_what_the_platform_finds(cast, now):
    nominee = a_nominee(cast, front_line=None)
    case = nominated(cast, craftsmen_round(cast, now), nominee, now, nominee={"union_member": ""}, place=2)

    found = {item.code: str(item.help) for item in case.declared.system.checklist(case)}

    assert "Not verified" in found["front_line"]
    assert "Not a member of a union" in found["union"]
    assert "4 of the four conditions are told" in found["conditions"]
    assert "Place 2 on the list of" in found["nominator"]


def test_the_notice_shows_name_and_deeds_in_chinese(cast, now):
    case = nominated(cast, craftsmen_round(cast, now), a_nominee(cast), now)

    shown = case.declared.system.public_facts(case)

    assert "周启明" in shown.values()
    assert "空心叶片自适应磨削" in shown.values()
    assert "110" not in "".join(shown.values())


def test_the_parties_are_nominee_employer_and_nominator(cast, now):
    nominee = a_nominee(cast)
    case = nominated(cast, craftsmen_round(cast, now), nominee, now)

    parties = case.declared.system.parties(case)

    assert parties.person_ids == {nominee.pk}
    assert parties.organisation_ids == parties.nominator_ids == {cast.employer.pk}


def test_a_body_puts_its_nominees_in_order_until_they_are_judged(cast, now):
    round_ = craftsmen_round(cast, now)
    first = nomination(nominated(cast, round_, a_nominee(cast, "周一"), now, place=1))
    second = nomination(nominated(cast, round_, a_nominee(cast, "周二"), now, place=2))

    order_list(cast.employer.pk, round_, [second, first], actor=cast.hr, now=now)

    assert list(Nomination.objects.order_by("place").values_list("person__name", flat=True)) == ["周二", "周一"]
    with pytest.raises(ListMoved, match="have changed"):
        order_list(cast.employer.pk, round_, [first], actor=cast.hr, now=now)
    Case.objects.filter(pk=first.case_id).update(stage="review", stage_kind="review")
    with pytest.raises(ListMoved, match="judge already"):
        order_list(cast.employer.pk, round_, [first, second], actor=cast.hr, now=now)


def test_two_nominees_of_a_body_never_share_a_place(cast, now):
    round_ = craftsmen_round(cast, now)
    nominated(cast, round_, a_nominee(cast, "周一"), now, place=1)

    with pytest.raises(NominationRefused, match="place 1 is taken"):
        nominated(cast, round_, a_nominee(cast, "周二"), now, place=1)


def test_the_nominees_number_is_masked_wherever_it_is_shown(cast, now):
    nominee = a_nominee(cast)
    number = known_by(nominee, 1)
    case = nominated(cast, craftsmen_round(cast, now), nominee, now, nominee={"document_number": number})
    snapshot = case.snapshots.get()

    shown = shown_sections(case.declared.forms[1], snapshot.answers, {})

    texts = [field.as_text for section in shown for field in section.fields]
    assert number not in " ".join(texts)
    assert any("***" in text for text in texts)


def test_office_and_applicant_read_the_same_facts_the_place_is_the_offices(cast, now):
    case = nominated(cast, craftsmen_round(cast, now), a_nominee(cast), now, place=3)
    system = case.declared.system

    assert ("Place on the body’s own list", "3") in system.facts(case, Audience.OFFICE)
    assert all(label != "Place on the body’s own list" for label, _value in system.facts(case, Audience.APPLICANT))


def test_a_draft_for_somebody_unknown_says_what_to_do(cast, now):
    round_ = craftsmen_round(cast, now)
    case = actions.open_case(round_, body=cast.employer, actor=cast.hr, now=now)
    fill(case, answers("无名氏", paper=a_paper(case, actor=cast.hr, now=now)), actor=cast.hr, now=now)

    with pytest.raises(AnswersIncomplete) as refusal:
        actions.submit_case(case, actor=cast.hr, now=now)

    assert "hand in the roster first" in sentences(refusal.value)
    assert not Craftsman.objects.exists()
    assert Membership.objects.filter(role=Role.HR).exists()
