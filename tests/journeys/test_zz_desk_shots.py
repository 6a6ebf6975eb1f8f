"""Pictures of the pages of the cases."""
import datetime as dt, sys, os
import pytest
from django.utils import timezone
from pathlib import Path
from tests.journeys.conftest import *  # noqa
from tests.journeys.conftest import barriers, sticks_out
from denggao.engines.cases.actions import *
from denggao.engines.cases.models import *
from tests.engines.cases.procedures import a_draft, a_round, a_submitted, register_trials
OUT = Path("/tmp/desk-shots"); OUT.mkdir(exist_ok=True)
pytestmark = [pytest.mark.django_db(transaction=True)]
ONLY = os.environ.get("ONLY", "")

def shot(office, name, path, who, **kw):
    if ONLY and ONLY not in name: return
    page = office.open(path, signed_in_as=who, **kw)
    page.wait_for_timeout(300)
    tag = f"{name}-{kw.get('size','desk')}-{kw.get('language','zh')}{'-dark' if kw.get('dark') else ''}"
    page.screenshot(path=str(OUT / f"{tag}.png"), full_page=True)
    b = barriers(page); s = sticks_out(page)
    if b or s > 0: print("!!", tag, s, *b, sep="\n   ")
    page.context.close()

def test_shots(office, now):
    cast = office.cast
    register_trials()
    now = timezone.now()
    cast.base.name_zh = "阿依古丽·买买提江·伊敏名下的一个名字很长很长的临港新片区产业实训基地有限责任公司"; cast.base.save()
    empty = [("worklist-empty","/cases/","clerk"),("mine-empty","/cases/mine/","base_manager"),("calls-empty","/cases/calls/",""),("rounds-empty","/cases/rounds/","clerk")]
    for n,p,w in empty: shot(office,n,p,w)
    call = a_round(cast, now, title_zh="临港新片区 2022 年度产业实训基地认定申报（第二批）", call_zh="根据《技能登高计划》，现组织 2022 年度产业实训基地申报。\n\n一、申报范围：……\n二、申报条件：……")
    draft = a_draft(cast, now, round_=call)
    c1 = a_submitted(cast, now, round_=a_round(cast, now, title_zh="初审中的一批"))
    record_check(c1, item="papers", ok=True, actor=cast.clerk, now=now)
    c2 = a_submitted(cast, now, round_=a_round(cast, now, title_zh="退回中的一批"))
    return_case(c2, reason="面积与平面图不一致，请核对后补正。", fields=[FieldRemark("place","area","平面图写的是 1100 平方米，与申报表不一致。")], actor=cast.clerk, now=now)
    c3 = a_submitted(cast, now, round_=a_round(cast, now, title_zh="待审定的一批"))
    for i in ("papers","seal"): record_check(c3, item=i, ok=True, actor=cast.clerk, now=now)
    pass_check(c3, remark="齐全。", actor=cast.clerk, now=now)
    c4 = a_submitted(cast, now, round_=a_round(cast, now, title_zh="公示中的一批", procedure="trial"))
    a = dict(draft=draft, c1=c1, c2=c2, c3=c3)
    sec = f"{draft.link}edit/"
    pages = [
      ("edit-place", sec+"place/", "base_manager"), ("edit-plan", sec+"plan/", "base_manager"), ("rows", sec+"plan/rows/machines/", "base_manager"),
      ("review", f"{draft.link}review/", "base_manager"), ("case-draft", draft.link, "base_manager"),
      ("mine","/cases/mine/","base_manager"), ("calls","/cases/calls/",""), ("call",f"/cases/calls/{call.public_id}/",""), ("call-in",f"/cases/calls/{call.public_id}/","base_manager"),
      ("corr", f"{c2.link}edit/place/", "base_manager"), ("case-returned", c2.link, "base_manager"),
      ("worklist","/cases/","clerk"), ("worklist-all","/cases/?view=all","clerk"), ("case-check", c1.link, "clerk"), ("case-decide-clerk", c3.link, "clerk"), ("case-decide", c3.link, "approver"),
      ("return", f"{c1.link}return/", "clerk"), ("hand", f"{c1.link}hand-over/", "clerk"), ("approve", f"{c3.link}approve/", "approver"),
      ("filed", f"{c1.link}filed/", "clerk"), ("rounds","/cases/rounds/","clerk"), ("round",f"/cases/rounds/{call.public_id}/","clerk"), ("round-new","/cases/rounds/new/","clerk"),
    ]
    for n,p,w in pages:
        for kw in VARIANTS: shot(office,n,p,w,**kw)
V = os.environ.get("V","desk")
VARIANTS = {"desk":[{}], "phone":[{"size":"phone"}], "en":[{"language":"en"}], "dark":[{"dark":True}], "all":[{}, {"size":"phone"}, {"language":"en","dark":True}, {"size":"phone","language":"en"}]}[V]
