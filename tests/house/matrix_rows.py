"""Who gets what at each address. How to add rows: see ``matrix.py``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from denggao.foundation.audit.actors import Role
from denggao.foundation.organisations.actions.memberships import invite_account
from denggao.foundation.organisations.members.policies import Offer
from denggao.foundation.organisations.models import Membership
from denggao.foundation.people.signin.rules import Address, AddressKind
from tests.cast import Cast
from tests.house.matrix import Section


def _members_world(cast: Cast, now: dt.datetime) -> dict[str, Any]:
    """A colleague in the employer's HR, and an invitation to the same body."""
    from django.utils import timezone

    membership = Membership.objects.create(
        account=cast.user("worker"), organisation=cast.employer, role=Role.HR, from_on=dt.date(2021, 1, 1), to_on=None
    )
    membership.account = cast.user("expert")
    membership.save()
    sent = invite_account(
        Offer(Role.HR, cast.employer),
        address=Address(AddressKind.EMAIL, "new@cast.denggao.example"),
        actor=cast.clerk,
        now=timezone.now(),
    )
    invitation = {"public_id": sent.invitation.public_id}
    return {
        "public_id": membership.public_id,
        "secret": sent.secret,
        "account/members/invitations/<uuid:public_id>/": invitation,
        "account/members/invitations/<uuid:public_id>/resend/": invitation,
        "account/members/invitations/<uuid:public_id>/withdraw/": invitation,
    }


# Columns: visitor worker hr other_hr base_manager expert clerk reviewer approver finance auditor authority administrator
SECTIONS: list[Section] = [
    Section(
        "members",
        """
        GET account/members/
        POST account/members/
        GET account/members/invite/
        POST account/members/invite/
        GET account/members/invitations/
        POST account/members/invitations/
        GET account/members/invitations/<uuid:public_id>/
        POST account/members/invitations/<uuid:public_id>/
        GET account/members/invitations/<uuid:public_id>/resend/
        POST account/members/invitations/<uuid:public_id>/resend/
        GET account/members/invitations/<uuid:public_id>/withdraw/
        POST account/members/invitations/<uuid:public_id>/withdraw/
        GET account/members/<uuid:public_id>/
        POST account/members/<uuid:public_id>/
        GET account/members/<uuid:public_id>/end/
        POST account/members/<uuid:public_id>/end/
        GET account/members/<uuid:public_id>/close/
        POST account/members/<uuid:public_id>/close/
        GET account/members/<uuid:public_id>/open/
        POST account/members/<uuid:public_id>/open/
        GET account/members/<uuid:public_id>/second-factor/
        POST account/members/<uuid:public_id>/second-factor/
        GET account/invitation/
        POST account/invitation/
        GET account/invitation/<str:secret>/
        POST account/invitation/<str:secret>/
        """,
        _members_world,
    ),
    Section(
        "door",
        """
        GET account/
        POST account/
        GET account/login/
        POST account/login/
        GET account/login/code/
        POST account/login/code/
        GET account/login/cancel/
        POST account/login/cancel/
        GET account/logout/
        POST account/logout/
        GET account/confirm/
        POST account/confirm/
        GET account/password/
        POST account/password/
        GET account/password/forgotten/
        POST account/password/forgotten/
        GET account/password/forgotten/sent/
        POST account/password/forgotten/sent/
        GET account/password/new/
        POST account/password/new/
        GET account/password/new/<uuid:public_id>/<str:token>/
        POST account/password/new/<uuid:public_id>/<str:token>/
        GET account/language/
        POST account/language/
        GET account/email/
        POST account/email/
        GET account/email/<str:token>/
        POST account/email/<str:token>/
        GET account/phone/
        POST account/phone/
        GET account/sessions/
        POST account/sessions/
        GET account/sessions/end/
        POST account/sessions/end/
        GET account/sessions/<int:number>/end/
        POST account/sessions/<int:number>/end/
        GET account/second-factor/
        POST account/second-factor/
        GET account/second-factor/codes/
        POST account/second-factor/codes/
        GET account/second-factor/codes/new/
        POST account/second-factor/codes/new/
        GET account/second-factor/remove/
        POST account/second-factor/remove/
        GET -/health
        POST -/health
        """,
        lambda cast, now: {"public_id": cast.user("hr").public_id, "token": "worthless", "number": 999},
    ),
]
