"""The cast everyone's tests start from."""

from __future__ import annotations

import pytest

from denggao.foundation.audit.actors import Role
from tests.cast import PARTS, Cast


@pytest.mark.parametrize("part", PARTS)
def test_each_part_holds_its_role_in_its_body_alone(cast: Cast, part: str) -> None:
    role, body = PARTS[part]

    held = {(grant.role, grant.organisation_id) for grant in getattr(cast, part).grants}

    bodies = {"employer": cast.employer, "other_employer": cast.other_employer, "base": cast.base, "authority": cast.authority_body}
    assert held == ({(role, bodies[body].pk if body else None)} if role else set())


def test_office_is_office(cast: Cast) -> None:
    assert cast.clerk.is_office
    assert not cast.hr.is_office
    assert not cast.authority.is_office
    assert cast.hr.has(Role.HR, organisation_id=cast.employer.pk)
    assert not cast.hr.has(Role.HR, organisation_id=cast.other_employer.pk)


def test_a_browser_is_signed_in(cast: Cast) -> None:
    client = cast.client_of("hr")

    assert client.session["_auth_user_id"] == str(cast.user("hr").pk)
