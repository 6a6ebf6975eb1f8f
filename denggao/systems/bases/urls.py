"""Bases as their managers and the office see them; what everybody sees lies in ``public_urls``."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.bases.views import appraising, standing

app_name = "bases"
urlpatterns: list[URLPattern] = [
    path("", standing.base_list, name="list"),
    path("acts/", standing.acts_waiting, name="acts"),
    path("acts/<uuid:public_id>/", standing.act_page, name="act"),
    path("acts/<uuid:public_id>/confirm/", standing.confirm, name="confirm"),
    path("acts/<uuid:public_id>/dismiss/", standing.dismiss, name="dismiss"),
    path("appraisals/", appraising.appraisal_list, name="appraisals"),
    path("appraisals/cycles/new/", appraising.cycle_new, name="cycle_new"),
    path("appraisals/cycles/<uuid:public_id>/", appraising.cycle_page, name="cycle"),
    path("appraisals/<uuid:public_id>/", appraising.appraisal_page, name="appraisal"),
    path("appraisals/<uuid:public_id>/values/<slug:code>/", appraising.value_enter, name="value"),
    path("appraisals/<uuid:public_id>/values/<slug:code>/points/", appraising.value_points, name="points"),
    path("appraisals/<uuid:public_id>/values/<slug:code>/rows/", appraising.value_rows, name="rows"),
    path("appraisals/<uuid:public_id>/hand-in/", appraising.hand_in, name="hand_in"),
    path("appraisals/<uuid:public_id>/send-back/", appraising.send_back, name="send_back"),
    path("appraisals/<uuid:public_id>/propose/", appraising.propose, name="propose_grade"),
    path("appraisals/<uuid:public_id>/confirm/", appraising.confirm, name="confirm_grade"),
    path("appraisals/<uuid:public_id>/return/", appraising.return_grade, name="return_grade"),
    path("appraisals/<uuid:public_id>/report/", appraising.report, name="report"),
    path("appraisals/<uuid:public_id>/check/", appraising.check, name="check"),
    path("<uuid:public_id>/file/", standing.base_file, name="file"),
    path("<uuid:public_id>/acts/<slug:kind>/", standing.propose, name="propose"),
    path("<uuid:public_id>/renewal/", standing.renewal, name="renewal"),
]
