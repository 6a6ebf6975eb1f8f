"""Who gets what at each address. How to add rows: see ``matrix.py``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from denggao.engines.ledger.actions import rebuild
from denggao.engines.ledger.models import Entry
from denggao.faces.api.actions import issue_token
from denggao.faces.api.rules import Scope
from denggao.foundation.accounts.models import User
from denggao.foundation.audit.actors import Role
from denggao.foundation.audit.models import Record
from denggao.foundation.audit.seals import seal_pending
from denggao.foundation.jobs.actions import enqueue
from denggao.foundation.messages.actions import send
from denggao.foundation.organisations.actions.memberships import invite_account
from denggao.foundation.organisations.members.policies import Offer
from denggao.foundation.organisations.models import Membership
from denggao.foundation.people.signin.rules import Address, AddressKind
from denggao.foundation.plans.models import Participation
from denggao.foundation.sheets.actions import check_import, hand_in
from denggao.foundation.sheets.kinds import kind_of
from tests.cast import Cast
from tests.facts import a_person, a_plan, certified, in_post
from tests.house.matrix import Section


def _members_world(cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """A colleague in the employer's HR, and an open invitation to the same body."""
    colleague = User.objects.create_user()
    EmailAddress.objects.create(user=colleague, email="colleague@cast.denggao.example", verified=True, primary=True)
    membership = Membership.objects.create(account=colleague, organisation=cast.employer, role=Role.HR, from_on=dt.date(2021, 1, 1))
    offer, address = Offer(Role.HR, cast.employer), Address(AddressKind.EMAIL, "new@cast.denggao.example")
    sent = invite_account(offer, address=address, actor=cast.clerk, now=timezone.now())
    invitation = {"public_id": sent.invitation.public_id}
    return {
        "public_id": membership.public_id,
        "secret": sent.secret,
        "account/members/invitations/<uuid:public_id>/": invitation,
        "account/members/invitations/<uuid:public_id>/resend/": invitation,
        "account/members/invitations/<uuid:public_id>/withdraw/": invitation,
    }


def _counted_world(cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """A worker of the employer who counts into a plan, and an API token of the employer."""
    plan = a_plan()
    Participation.objects.create(plan=plan, organisation=cast.employer)
    for number in range(6):
        person = a_person(f"登小高{number}")
        in_post(person, cast.employer)
        certificate = certified(person)
    rebuild(plan, actor=cast.administrator, now=now)
    entry = Entry.objects.filter(person=person).first()
    last = timezone.localdate() + dt.timedelta(days=30)
    token = issue_token(
        cast.employer, name="HR", scopes=(Scope.PERSONS,), expires_on=last, actor=cast.administrator, now=timezone.now()
    )
    return {
        "plan": plan.code,
        "goal": "upgrades",
        "entry": entry.public_id,
        "head": entry.public_id,
        "organisation": cast.employer.public_id,
        "person": person.public_id,
        "certificate": certificate.credential.public_id,
        "public_id": token.token.public_id,
        "import_id": token.token.public_id,
        r"^api/(?P<path>.*)$": "/api/nothing",
    }


# Columns: visitor worker hr other_hr base_manager expert clerk reviewer approver finance auditor authority administrator
def _imports_world(cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """A roster of the employer, handed in by its HR and checked; the sheet kind for the addresses that name one."""
    roster = "姓名,证件号码,入职日期\n周小登,11010519491231002X,2020-01-06\n".encode()
    options = {"employer": str(cast.employer.public_id)}
    found = hand_in(kind_of("roster"), "名册.csv", roster, options, as_of=now.date(), actor=cast.hr, now=now)
    check_import(found, actor=cast.hr, now=now)
    return {"public_id": found.public_id, "code": "roster"}


def _kept_world(cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """A message to the employer's HR, a job of theirs, the file of a roster they handed in, and its sealed record."""
    message = send(cast.user("hr"), "jobs.failed", {"work": "名册", "reason": "周小登"}, now=now)
    waiting = enqueue("audit.seal", actor=cast.hr, now=now)
    roster = "姓名,证件号码\n周小登,11010519491231002X\n".encode()
    found = hand_in(
        kind_of("roster"), "名册.csv", roster, {"employer": str(cast.employer.public_id)}, as_of=now.date(), actor=cast.hr, now=now
    )
    seal_pending(now)
    record = Record.objects.filter(action="files.file.store").get()
    assert found.file is not None
    return {
        "public_id": waiting.public_id,
        "number": record.number,
        "act_id": record.act_id,
        "position": record.position,
        "messages/<uuid:public_id>/": {"public_id": message.public_id},
        "files/<uuid:public_id>/": {"public_id": found.file.public_id},
    }


SECTIONS: list[Section] = [
    Section(
        "audit, jobs, files, messages",
        """
        GET  messages/                                                  L    ok
        POST messages/                                                  L    x
        GET  messages/read/                                             L    x
        POST messages/read/                                             L    to
        GET  messages/preference/                                       L    x
        POST messages/preference/                                       L    to
        GET  messages/<uuid:public_id>/                                 L    x
        POST messages/<uuid:public_id>/                                 L    --   to   --
        GET  jobs/                                                      L    ok
        POST jobs/                                                      L    x
        GET  jobs/<uuid:public_id>/                                     L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST jobs/<uuid:public_id>/                                     L    x
        GET  jobs/<uuid:public_id>.json                                 L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST jobs/<uuid:public_id>.json                                 L    x
        GET  jobs/<uuid:public_id>/cancel/                              L    x
        POST jobs/<uuid:public_id>/cancel/                              L    --   to   --   --   --   no   no   no   no   no   --   to
        GET  jobs/<uuid:public_id>/retry/                               L    x
        POST jobs/<uuid:public_id>/retry/                               L    --   to   --   --   --   no   no   no   no   no   --   to
        GET  files/<uuid:public_id>/                                    L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST files/<uuid:public_id>/                                    L    --   ok   --   --   --   bad  bad  bad  bad  bad  --   bad
        GET  audit/                                                     L    no   no   no   no   no   no   no   no   no   ok   no   ok
        POST audit/                                                     L    x
        GET  audit/<int:number>/                                        L    no   no   no   no   no   no   no   no   no   to   no   to
        POST audit/<int:number>/                                        L    x
        GET  audit/<uuid:act_id>/<int:position>/                        L    no   no   no   no   no   no   no   no   no   ok   no   ok
        POST audit/<uuid:act_id>/<int:position>/                        L    x
        GET  audit/<uuid:act_id>/<int:position>/unmask/                 L    x
        POST audit/<uuid:act_id>/<int:position>/unmask/                 L    no   no   no   no   no   no   no   no   no   bad  no
        """,
        _kept_world,
    ),
    Section(
        "imports",
        """
        GET  imports/                                                   L    ok
        POST imports/                                                   L    x
        GET  imports/new/                                               L    ok   to   to   ok
        POST imports/new/                                               L    x
        GET  imports/new/<slug:code>/                                   L    --   ok   ok   --   --   ok   ok   --
        POST imports/new/<slug:code>/                                   L    --   bad  bad  --   --   bad  bad  --
        GET  imports/template/<slug:code>.xlsx                          L    --   ok   ok   --   --   ok   ok   --
        POST imports/template/<slug:code>.xlsx                          L    x
        GET  imports/<uuid:public_id>/                                  L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST imports/<uuid:public_id>/                                  L    x
        GET  imports/<uuid:public_id>/progress/                         L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST imports/<uuid:public_id>/progress/                         L    x
        GET  imports/<uuid:public_id>/columns/                          L    --   ok   --   --   --   ok   ok   --
        POST imports/<uuid:public_id>/columns/                          L    --   to   --   --   --   to   to   --
        GET  imports/<uuid:public_id>/apply/                            L    x
        POST imports/<uuid:public_id>/apply/                            L    --   to   --   --   --   to   to   no   no   no   --   no
        GET  imports/<uuid:public_id>/cancel/                           L    x
        POST imports/<uuid:public_id>/cancel/                           L    --   to   --   --   --   to   to   no   no   no   --   no
        GET  imports/<uuid:public_id>/recheck/                          L    x
        POST imports/<uuid:public_id>/recheck/                          L    --   to   --   --   --   to   to   no   no   no   --   no
        GET  imports/<uuid:public_id>/workbook/                         L    x
        POST imports/<uuid:public_id>/workbook/                         L    --   ok   --   --   --   ok   ok   no   no   no   --   no
        """,
        world=_imports_world,
    ),
    Section(
        "board",
        """
        GET  /                                                          ok
        POST /                                                          x
        GET  board/<slug:plan>/                                         ok
        POST board/<slug:plan>/                                         x
        GET  board/<slug:plan>/screen/                                  ok
        POST board/<slug:plan>/screen/                                  x
        GET  board/<slug:plan>/<slug:goal>/                             ok
        POST board/<slug:plan>/<slug:goal>/                             x
        GET  board/<slug:plan>/<slug:goal>/heads/                       no   no   ok   ok   no   no   ok
        POST board/<slug:plan>/<slug:goal>/heads/                       x
        GET  board/<slug:plan>/<slug:goal>/heads/<uuid:entry>/          L    --   ok   --   --   --   ok
        POST board/<slug:plan>/<slug:goal>/heads/<uuid:entry>/          L    x
        """,
        _counted_world,
    ),
    Section(
        "portal",
        """
        GET  verify/                                                    ok
        POST verify/                                                    bad
        GET  rules/                                                     ok
        POST rules/                                                     x
        GET  open-data/                                                 ok
        POST open-data/                                                 x
        GET  open-data/<slug:plan>.csv                                  ok
        POST open-data/<slug:plan>.csv                                  x
        GET  open-data/<slug:plan>.json                                 ok
        POST open-data/<slug:plan>.json                                 x
        GET  privacy/                                                   ok
        POST privacy/                                                   x
        GET  accessibility/                                             ok
        POST accessibility/                                             x
        GET  help/                                                      ok
        POST help/                                                      x
        """,
        _counted_world,
    ),
    Section(
        "desk",
        """
        GET  desk/                                                      L    ok
        POST desk/                                                      L    x
        GET  desk/search/                                               L    ok
        POST desk/search/                                               L    x
        GET  -/components/                                              --
        POST -/components/                                              x
        """,
    ),
    Section(
        "api",
        """
        GET  account/tokens/                                            L    no   ok   ok   no   no   ok   no   no   no   no   no   ok
        POST account/tokens/                                            L    x
        GET  account/tokens/new/                                        L    no   ok   ok   no   no   ok   no   no   no   no   no   ok
        POST account/tokens/new/                                        L    no   ok   ok   no   no   ok   no   no   no   no   no   ok
        GET  account/tokens/<uuid:public_id>/revoke/                    L    x
        POST account/tokens/<uuid:public_id>/revoke/                    L    --   to   --   --   --   to   --   --   --   --   --   to
        GET  api/v1/docs/                                               ok
        POST api/v1/docs/                                               x
        GET  api/v1/openapi.json                                        ok
        POST api/v1/openapi.json                                        ok
        GET  api/v1/plans                                               ok
        POST api/v1/plans                                               x
        GET  api/v1/plans/<plan>                                        ok
        POST api/v1/plans/<plan>                                        x
        GET  api/v1/plans/<plan>/board                                  ok
        POST api/v1/plans/<plan>/board                                  x
        GET  api/v1/plans/<plan>/dates                                  ok
        POST api/v1/plans/<plan>/dates                                  x
        GET  api/v1/plans/<plan>/goals/<goal>/breakdown                 ok
        POST api/v1/plans/<plan>/goals/<goal>/breakdown                 x
        GET  api/v1/plans/<plan>/goals/<goal>/heads                     who
        POST api/v1/plans/<plan>/goals/<goal>/heads                     x
        GET  api/v1/plans/<plan>/goals/<goal>/heads/<head>              who
        POST api/v1/plans/<plan>/goals/<goal>/heads/<head>              x
        GET  api/v1/organisations                                       who
        POST api/v1/organisations                                       x
        GET  api/v1/organisations/<organisation>                        who
        POST api/v1/organisations/<organisation>                        x
        GET  api/v1/persons                                             who
        POST api/v1/persons                                             x
        GET  api/v1/persons/<person>                                    who
        POST api/v1/persons/<person>                                    x
        GET  api/v1/imports                                             who
        POST api/v1/imports                                             who
        GET  api/v1/imports/<import_id>                                 who
        POST api/v1/imports/<import_id>                                 x
        GET  api/v1/imports/<import_id>/rows                            who
        POST api/v1/imports/<import_id>/rows                            x
        GET  api/v1/imports/<import_id>/apply                           x
        POST api/v1/imports/<import_id>/apply                           who
        GET  api/v1/imports/<import_id>/cancel                          x
        POST api/v1/imports/<import_id>/cancel                          who
        GET  api/v1/imports/<import_id>/workbook                        x
        POST api/v1/imports/<import_id>/workbook                        who
        GET  api/v1/certificates                                        who
        POST api/v1/certificates                                        x
        GET  api/v1/certificates/<certificate>                          who
        POST api/v1/certificates/<certificate>                          x
        GET  api/v1/verify                                              x
        POST api/v1/verify                                              bad
        GET  api/v1/                                                    --
        POST api/v1/                                                    --
        GET  ^api/(?P<path>.*)$                                         --
        POST ^api/(?P<path>.*)$                                         --
        """,
        _counted_world,
        query={"api/v1/plans/<plan>/goals/<goal>/breakdown": {"by": "level"}, "api/v1/verify": {"number": "S1", "name": "x"}},
    ),
    Section(
        "members",
        """
        GET  account/members/                                           L    no   ok   ok   no   no   ok   ok   ok   ok   ok   no   ok
        POST account/members/                                           L    x
        GET  account/members/invite/                                    L    no   ok   ok   no   no   ok   no   no   no   no   no   ok
        POST account/members/invite/                                    L    no   bad  bad  no   no   bad  no   no   no   no   no   bad
        GET  account/members/invitations/                               L    no   ok   ok   no   no   ok   ok   ok   ok   ok   no   ok
        POST account/members/invitations/                               L    x
        GET  account/members/invitations/<uuid:public_id>/              L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST account/members/invitations/<uuid:public_id>/              L    x
        GET  account/members/invitations/<uuid:public_id>/resend/       L    x
        POST account/members/invitations/<uuid:public_id>/resend/       L    --   to   --   --   --   to   no   no   no   no   --   to
        GET  account/members/invitations/<uuid:public_id>/withdraw/     L    x
        POST account/members/invitations/<uuid:public_id>/withdraw/     L    --   to   --   --   --   to   no   no   no   no   --   to
        GET  account/members/<uuid:public_id>/                          L    --   ok   --   --   --   ok   ok   ok   ok   ok   --   ok
        POST account/members/<uuid:public_id>/                          L    x
        GET  account/members/<uuid:public_id>/end/                      L    x
        POST account/members/<uuid:public_id>/end/                      L    --   to   --   --   --   to   no   no   no   no   --   to
        GET  account/members/<uuid:public_id>/close/                    L    x
        POST account/members/<uuid:public_id>/close/                    L    --   no   --   --   --   no   no   no   no   no   --   to
        GET  account/members/<uuid:public_id>/open/                     L    x
        POST account/members/<uuid:public_id>/open/                     L    --   no   --   --   --   no   no   no   no   no   --   to
        GET  account/members/<uuid:public_id>/second-factor/            L    x
        POST account/members/<uuid:public_id>/second-factor/            L    --   no   --   --   --   no   no   no   no   no   --   to
        GET  account/invitation/                                        gone
        POST account/invitation/                                        gone
        GET  account/invitation/<str:secret>/                           to
        POST account/invitation/<str:secret>/                           x
        """,
        _members_world,
    ),
    Section(
        "door",
        """
        GET  account/                                                   L    ok
        POST account/                                                   L    x
        GET  account/login/                                             ok   to
        POST account/login/                                             bad  to
        GET  account/login/code/                                        L    to
        POST account/login/code/                                        L    to
        GET  account/login/cancel/                                      x
        POST account/login/cancel/                                      L
        GET  account/logout/                                            x
        POST account/logout/                                            to
        GET  account/confirm/                                           L    ok
        POST account/confirm/                                           L    bad
        GET  account/password/                                          L    ok
        POST account/password/                                          L    bad
        GET  account/password/forgotten/                                ok
        POST account/password/forgotten/                                bad
        GET  account/password/forgotten/sent/                           ok
        POST account/password/forgotten/sent/                           x
        GET  account/password/new/                                      gone
        POST account/password/new/                                      gone
        GET  account/password/new/<uuid:public_id>/<str:token>/         to
        POST account/password/new/<uuid:public_id>/<str:token>/         x
        GET  account/language/                                          L    x
        POST account/language/                                          L    to
        GET  account/email/                                             L    ok
        POST account/email/                                             L    bad
        GET  account/email/<str:token>/                                 gone
        POST account/email/<str:token>/                                 gone
        GET  account/phone/                                             L    ok
        POST account/phone/                                             L    to
        GET  account/sessions/                                          L    ok
        POST account/sessions/                                          L    x
        GET  account/sessions/end/                                      L    x
        POST account/sessions/end/                                      L    to
        GET  account/sessions/<int:number>/end/                         L    x
        POST account/sessions/<int:number>/end/                         L    --
        GET  account/second-factor/                                     L    ok
        POST account/second-factor/                                     L    bad
        GET  account/second-factor/codes/                               L    to
        POST account/second-factor/codes/                               L    x
        GET  account/second-factor/codes/new/                           L    x
        POST account/second-factor/codes/new/                           L    to
        GET  account/second-factor/remove/                              L    ok
        POST account/second-factor/remove/                              L    to   to   to   to   to   bad  bad  bad  bad  bad  to   bad
        GET  -/health                                                   ok
        POST -/health                                                   x
        """,
        lambda cast, now: {"public_id": cast.user("hr").public_id, "token": "worthless", "number": 999},
    ),
]
