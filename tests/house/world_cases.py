"""A case of ``cast.base`` in each stage the addresses need, and a call."""

from __future__ import annotations

import datetime as dt
import uuid

from denggao.engines.cases.actions import RoundGiven, agree, keep_view, open_round, pass_check, prepare_round, record_check
from denggao.engines.cases.actions.attaching import FILE_KIND
from denggao.engines.cases.models import Attachment, Case, Consent
from denggao.engines.cases.procedures import Agreeing
from denggao.foundation.files.actions import store_file
from tests.cast import Cast
from tests.engines.cases.procedures import SYSTEM, a_draft, a_submitted, register_trials
from tests.engines.reviews.scene import a_rubric
from tests.house.world import World


def add(cast: Cast, now: dt.datetime, world: World) -> None:
    """Today is the machine's own: the pages ask what is open at this moment."""
    register_trials()
    today = dt.datetime.now(tz=now.tzinfo)
    call = _call(cast, today, "正在申报的一批")
    planned = prepare_round(RoundGiven("trial", "还没开的一批", today, today + dt.timedelta(days=9)), actor=cast.clerk, now=today)
    draft = a_draft(cast, today, round_=call)
    checked = a_submitted(cast, today, round_=_call(cast, today, "初审中的一批"))
    decided = _checked(a_submitted(cast, today, round_=_call(cast, today, "待审定的一批")), cast, today)
    open_call = _call(cast, today, "另一批")
    writing = {"public_id": draft.public_id, "section": "plan", "field": "machines", "version": uuid.uuid4()}
    checking = {"public_id": checked.public_id, "number": 1}
    world.values |= {"cases/": checking, "cases/calls/": {"public_id": open_call.public_id}}
    saved = keep_view(name="待核对", query="view=all&stage=check", actor=cast.clerk, now=today)
    world.values["cases/views/<uuid:public_id>/"] = {"public_id": saved.public_id}
    world.values["api/v1/cases/"] = {"case": checked.public_id}
    for page in ("edit/", "review/", "submit/", "withdraw/"):
        world.values[f"cases/<uuid:public_id>/{page}"] = writing
    for page in ("approve/", "refuse/"):
        world.values[f"cases/<uuid:public_id>/{page}"] = {"public_id": decided.public_id}
    world.values |= {
        "cases/rounds/": {"public_id": open_call.public_id},
        "cases/rounds/<uuid:public_id>/open/": {"public_id": planned.public_id},
        "cases/rounds/<uuid:public_id>/weights/": {"public_id": _judged(cast, today), "stage": "review"},
    }
    asked, agreed = _asked(cast, today), _asked(cast, today)
    agree(agreed, hash_seen=agreed.content_hash, actor=cast.hr, now=today)
    world.values |= {
        "cases/consents/": {"public_id": asked.public_id},
        "cases/consents/<uuid:public_id>/take-back/": {"public_id": agreed.public_id},
    }
    world.values |= {
        "cases/<uuid:public_id>/edit/<slug:section>/large/": {**writing, "section": "place", "field": "name"},
        "cases/films/": {"public_id": _film(cast, checked, today)},
    }
    reason = {"reason": "As the papers say."}
    answer = {**reason, "hash_seen": asked.content_hash}
    for act in ("agree", "changes", "decline"):
        world.forms[f"cases/consents/<uuid:public_id>/{act}/"] = answer
    world.forms["cases/consents/<uuid:public_id>/take-back/"] = {**reason, "hash_seen": agreed.content_hash}
    world.forms |= {
        "cases/<uuid:public_id>/withdraw/": reason,
        "cases/<uuid:public_id>/submit/": {"sure": "1"},
        "cases/<uuid:public_id>/return/": reason,
        "cases/<uuid:public_id>/reject/": reason,
        "cases/<uuid:public_id>/approve/": reason,
        "cases/<uuid:public_id>/refuse/": reason,
        "cases/<uuid:public_id>/check/": {"papers": "yes"},
        "cases/calls/<uuid:public_id>/apply/": {"applicant": str(cast.base.public_id)},
        "cases/views/": {"name": "我的", "list": "view=all"},
        "cases/views/<uuid:public_id>/rename/": {"name": "别的名称"},
        "cases/<uuid:public_id>/snapshots/<int:number>/pdf/": {"purpose": "专家评审会前准备"},
        "cases/bulk/": {"do": "pass", "case": str(checked.public_id)},
    }


def _asked(cast: Cast, today: dt.datetime) -> Consent:
    """Of ``cast.employer``, by its HR."""
    SYSTEM.agrees = [Agreeing("单位同意推荐", body=cast.employer)]
    case = a_submitted(cast, today, procedure="trial_consent")
    SYSTEM.agrees = []
    return case.consents.get()


def _film(cast: Cast, case: Case, today: dt.datetime) -> uuid.UUID:
    """Handed in with a case by its body's other writer, so that the applicant's side reads it as a colleague's."""
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64)
    stored = store_file("film.mp4", film, kind=FILE_KIND, taken=("mp4",), actor=cast.base_manager, now=today)
    Attachment.objects.create(case=case, file=stored, section="place", field="film", added_by=cast.base_manager.id, added_at=today)
    return stored.public_id


def _judged(cast: Cast, today: dt.datetime) -> uuid.UUID:
    """A call whose applications are judged by a rubric."""
    a_rubric()
    given = RoundGiven("trial_full", "专家评审的一批", today, today + dt.timedelta(days=9))
    return prepare_round(given, actor=cast.clerk, now=today).public_id


def _call(cast: Cast, now: dt.datetime, title: str):  # type: ignore[no-untyped-def]  # pytest's fixtures
    given = RoundGiven("trial", title, now - dt.timedelta(days=1), now + dt.timedelta(days=30), call_zh="欢迎申报。")
    return open_round(prepare_round(given, actor=cast.clerk, now=now), actor=cast.clerk, now=now)


def _checked(case: Case, cast: Cast, now: dt.datetime) -> Case:
    for item in ("papers", "seal"):
        record_check(case, item=item, ok=True, actor=cast.clerk, now=now)
    return pass_check(case, actor=cast.clerk, now=now)
