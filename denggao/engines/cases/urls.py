from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.cases.views import applying, case, editing, office, rounds, submitting, worklist

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("", worklist.worklist, name="worklist"),
    path("bulk/", worklist.bulk, name="bulk"),
    path("mine/", applying.mine, name="mine"),
    path("calls/", applying.calls, name="calls"),
    path("calls/<uuid:public_id>/", applying.call, name="call"),
    path("calls/<uuid:public_id>/apply/", applying.apply, name="apply"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<uuid:public_id>/", rounds.round_page, name="round"),
    path("rounds/<uuid:public_id>/edit/", rounds.round_edit, name="round_edit"),
    path("rounds/<uuid:public_id>/weights/<slug:stage>/", rounds.round_weights, name="round_weights"),
    path("rounds/<uuid:public_id>/open/", rounds.round_open, name="round_open"),
    path("rounds/<uuid:public_id>/close/", rounds.round_close, name="round_close"),
    path("rounds/<uuid:public_id>/rank/", rounds.round_rank, name="round_rank"),
    path("rounds/<uuid:public_id>/confirm-ranking/", rounds.round_confirm, name="round_confirm"),
    path("<uuid:public_id>/", case.case, name="case"),
    path("<uuid:public_id>/edit/", editing.begin, name="begin"),
    path("<uuid:public_id>/edit/<slug:section>/", editing.edit, name="edit"),
    path("<uuid:public_id>/edit/<slug:section>/autosave/", editing.autosave, name="autosave"),
    path("<uuid:public_id>/edit/<slug:section>/watch/", editing.watch, name="watch"),
    path("<uuid:public_id>/edit/<slug:section>/files/<slug:field>/", editing.files, name="files"),
    path("<uuid:public_id>/edit/<slug:section>/rows/<slug:field>/", editing.rows, name="rows"),
    path("<uuid:public_id>/edit/<slug:section>/settle/<uuid:version>/", editing.settle, name="settle"),
    path("<uuid:public_id>/review/", submitting.review, name="review"),
    path("<uuid:public_id>/submit/", submitting.submit, name="submit"),
    path("<uuid:public_id>/withdraw/", submitting.withdraw, name="withdraw"),
    path("<uuid:public_id>/filed/", case.filed, name="filed"),
    path("<uuid:public_id>/snapshots/<int:number>/", case.snapshot, name="snapshot"),
    path("<uuid:public_id>/snapshots/<int:number>/changes/", case.diff, name="diff"),
    path("<uuid:public_id>/check/", office.check, name="check"),
    path("<uuid:public_id>/pass/", office.pass_on, name="pass"),
    path("<uuid:public_id>/return/", office.send_back, name="return"),
    path("<uuid:public_id>/reject/", office.reject, name="reject"),
    path("<uuid:public_id>/approve/", office.approve, name="approve"),
    path("<uuid:public_id>/refuse/", office.refuse, name="refuse"),
    path("<uuid:public_id>/ask-again/", office.ask, name="ask"),
    path("<uuid:public_id>/hand-over/", office.hand_over, name="hand_over"),
]
