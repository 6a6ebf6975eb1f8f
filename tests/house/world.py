"""The things addresses are about: one of each, of ``cast.employer``, holding what must not leak."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from denggao.engines.credentials.models import Scan
from denggao.engines.ledger.actions import rebuild
from denggao.engines.ledger.models import Entry
from denggao.faces.api.actions import issue_token
from denggao.faces.api.rules import Scope
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role, operator
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.seals import seal_pending
from denggao.foundation.files.actions import store_file
from denggao.foundation.jobs.models import Job
from denggao.foundation.messages.models import Message
from denggao.foundation.organisations.actions.memberships import invite_account
from denggao.foundation.organisations.members.policies import Offer
from denggao.foundation.organisations.models import EmploymentOverlap, Membership, OrganisationLink
from denggao.foundation.people.models import IdentityDocument, NameConflict
from denggao.foundation.people.queries import identity_index
from denggao.foundation.people.signin.rules import Address, AddressKind
from denggao.foundation.plans.models import Participation, Plan
from denggao.foundation.sheets.actions import check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from denggao.foundation.standards.models import JobTitle, OccupationMove, OccupationName
from tests.cast import Cast
from tests.facts import a_person, a_plan, an_occupation, certified, in_post


@dataclass
class World:
    """``values`` by the beginning of a route, then by the blank's name: the longest beginning that knows it wins.
    ``forms`` by the route: query string and form fields of addresses that need some."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    plan: Plan = field(init=False)

    def value(self, route: str, blank: str) -> Any:
        known = [start for start, values in self.values.items() if route.startswith(start) and blank in values]
        if not known:
            raise KeyError(f"world.py has nothing for <{blank}> of {route}")
        return self.values[max(known, key=len)][blank]


def make_world(cast: Cast, now: dt.datetime) -> World:
    """What the rooms of the first climb need stands here; the others bring a ``world_<room>.py`` with ``add``."""
    world = World()
    _work(cast, now, world)
    _office(cast, world)
    _members(cast, world)
    _system(cast, now, world)
    for room in sorted(Path(__file__).parent.glob("world_*.py")):
        import_module(f"tests.house.{room.stem}").add(cast, now, world)
    return world


def _work(cast: Cast, now: dt.datetime, world: World) -> None:
    """Staff of the employer who count into a plan, with documents, certificates and an overlap."""
    plan = world.plan = a_plan()
    part = Participation.objects.create(plan=plan, organisation=cast.employer)
    for number in range(6):
        person = a_person(f"登小高{number}")
        employment = in_post(person, cast.employer)
        certificate = certified(person)
    document = IdentityDocument.objects.create(
        person=person,
        kind="resident_id",
        number="11010519491231002X",
        number_index=identity_index("resident_id", "11010519491231002X"),
        created_at=now,
    )
    conflict = NameConflict.objects.create(
        person=person, other_name="别的名", other_name_key_index=b"x" * 16, found_at=now, source="roster"
    )
    twice = a_person("双在职")
    first, second = in_post(twice, cast.employer), in_post(twice, cast.other_employer)
    overlap = EmploymentOverlap.objects.create(person=twice, first=first, second=second, found_at=now)
    OrganisationLink.objects.create(upstream=cast.other_employer, downstream=cast.employer)
    rebuild(plan, actor=operator("test"), now=now)
    credential = certificate.credential
    scan = Scan.objects.create(
        credential=credential,
        file=store_file("scan.pdf", b"%PDF-1.4 scan", kind="assessment.scan", actor=cast.hr, now=now),
        handed_in_by=cast.hr.id,
        handed_in_by_text="hr",
        handed_in_at=now,
    )
    entry = Entry.objects.filter(person=person).get()
    world.values |= {
        "board/": {"plan": plan.code, "goal": "upgrades", "entry": entry.public_id},
        "open-data/": {"plan": plan.code},
        "plans/": {"code": plan.code, "public_id": part.public_id if hasattr(part, "public_id") else cast.employer.public_id},
        "organisations/": {"public_id": cast.employer.public_id, "other_id": cast.other_employer.public_id},
        "organisations/employments/": {"public_id": employment.public_id},
        "organisations/overlaps/": {"public_id": overlap.public_id},
        "people/": {"public_id": person.public_id, "document_id": document.public_id},
        "people/conflicts/": {"public_id": conflict.public_id},
        "certificates/": {"public_id": credential.public_id, "scan_id": scan.public_id},
        "api/v1/": {
            "plan": plan.code,
            "goal": "upgrades",
            "head": entry.public_id,
            "organisation": cast.employer.public_id,
            "person": person.public_id,
            "certificate": credential.public_id,
        },
    }
    # Where an empty form hides whether the act itself would be refused, it is filled in.
    world.forms |= {
        "api/v1/plans/<plan>/goals/<goal>/breakdown": {"by": "level"},
        "organisations/overlaps/<uuid:public_id>/": {"reason": "Both papers were seen."},
        "organisations/<uuid:public_id>/links/": {"direction": "upstream", "other": cast.base.pk},
        "people/conflicts/<uuid:public_id>/": {"ruling": "keep_name", "reason": "The document was seen."},
        "people/<uuid:public_id>/documents/<uuid:document_id>/unmask/": {"reason": "To compare with the paper."},
        "certificates/<uuid:public_id>/whole/": {"reason": "To compare with the paper."},
        "files/<uuid:public_id>/": {"reason": "To compare with the paper."},
    }


def _office(cast: Cast, world: World) -> None:
    """What the office keeps: occupations, their names and moves."""
    now = timezone.now()
    occupation = an_occupation()
    title = JobTitle.objects.create(name_zh="登高小工", name_key="登高小工", occupation=occupation, confidence="A")
    move = OccupationMove.objects.create(old_code="6-99-99-01", new_code=occupation.code)
    name = OccupationName.objects.create(text="登高师傅", name_key="登高师傅", first_seen_at=now)
    world.values |= {
        "occupations/": {"public_id": occupation.public_id},
        "occupations/moves/": {"public_id": move.public_id},
        "occupations/job-titles/": {"public_id": title.public_id},
        "occupations/names/": {"public_id": name.public_id},
    }


def _members(cast: Cast, world: World) -> None:
    """A colleague in the employer's HR, an open invitation to the same body, a token of its programs."""
    now = timezone.now()
    colleague = User.objects.create_user()
    EmailAddress.objects.create(user=colleague, email="colleague@cast.denggao.example", verified=True, primary=True)
    membership = Membership.objects.create(account=colleague, organisation=cast.employer, role=Role.HR, from_on=dt.date(2021, 1, 1))
    offer, address = Offer(Role.HR, cast.employer), Address(AddressKind.EMAIL, "new@cast.denggao.example")
    sent = invite_account(offer, address=address, actor=cast.clerk, now=now)
    last = timezone.localdate() + dt.timedelta(days=30)
    token = issue_token(cast.employer, name="HR", scopes=(Scope.PERSONS,), expires_on=last, actor=cast.administrator, now=now)
    world.values |= {
        "account/": {"token": "worthless", "number": 999, "secret": sent.secret, "public_id": cast.user("hr").public_id},
        "account/members/": {"public_id": membership.public_id},
        "account/members/invitations/": {"public_id": sent.invitation.public_id},
        "account/tokens/": {"public_id": token.token.public_id},
    }


def _system(cast: Cast, now: dt.datetime, world: World) -> None:
    """A roster the employer's HR handed in, the job and the message it left, and what the audit says of it all."""
    roster = "姓名,证件号码,入职日期\n周小登,11010519491231002X,2020-01-06\n".encode()
    options = {"employer": str(cast.employer.public_id)}
    listed = hand_in(kind_of("roster"), "名册.csv", roster, options, as_of=now.date(), actor=cast.hr, now=now)
    check_import(listed, actor=cast.hr, now=now)
    assert listed.file is not None
    job = Job.objects.create(
        code="sheets.check", max_attempts=1, run_after=now, account=cast.user("hr"), created_by=cast.hr.id, created_at=now
    )
    message = Message.objects.create(account=cast.user("hr"), code="jobs.failed", values={"work": "x"}, created_at=now)
    seal_pending(now)
    record = Record.objects.filter(number__isnull=False).order_by("number").first()
    assert record is not None
    world.values |= {
        "imports/": {"public_id": listed.public_id, "code": "roster"},
        "api/v1/imports/": {"import_id": listed.public_id},
        "jobs/": {"public_id": job.public_id},
        "messages/": {"public_id": message.public_id},
        "files/": {"public_id": listed.file.public_id},
        "audit/": {"number": record.number, "act_id": record.act_id, "position": 0},
    }
