"""Bases as their managers and the office see them; what everybody sees lies in ``public_urls``."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.bases.views import appraisal_acts, appraisal_values, appraisals, standing

app_name = "bases"
urlpatterns: list[URLPattern] = [
    path("", standing.base_list, name="list"),
    path("acts/", standing.acts_waiting, name="acts"),
    path("acts/<uuid:public_id>/", standing.act_page, name="act"),
    path("acts/<uuid:public_id>/confirm/", standing.confirm, name="confirm"),
    path("acts/<uuid:public_id>/dismiss/", standing.dismiss, name="dismiss"),
    path("appraisals/", appraisals.appraisal_list, name="appraisals"),
    path("appraisals/cycles/new/", appraisals.cycle_new, name="cycle_new"),
    path("appraisals/cycles/<uuid:public_id>/", appraisals.cycle_page, name="cycle"),
    path("appraisals/<uuid:public_id>/", appraisals.appraisal_page, name="appraisal"),
    path("appraisals/<uuid:public_id>/values/<slug:code>/", appraisal_values.value_enter, name="value"),
    path("appraisals/<uuid:public_id>/values/<slug:code>/points/", appraisal_values.value_points, name="points"),
    path("appraisals/<uuid:public_id>/values/<slug:code>/rows/", appraisal_values.value_rows, name="rows"),
    path("appraisals/<uuid:public_id>/hand-in/", appraisal_acts.hand_in, name="hand_in"),
    path("appraisals/<uuid:public_id>/send-back/", appraisal_acts.send_back, name="send_back"),
    path("appraisals/<uuid:public_id>/propose/", appraisal_acts.propose, name="propose_grade"),
    path("appraisals/<uuid:public_id>/confirm/", appraisal_acts.confirm, name="confirm_grade"),
    path("appraisals/<uuid:public_id>/return/", appraisal_acts.return_grade, name="return_grade"),
    path("appraisals/<uuid:public_id>/report/", appraisal_acts.report, name="report"),
    path("appraisals/<uuid:public_id>/check/", appraisal_acts.check, name="check"),
    path("<uuid:public_id>/file/", standing.base_file, name="file"),
    path("<uuid:public_id>/acts/<slug:kind>/", standing.propose, name="propose"),
    path("<uuid:public_id>/renewal/", standing.renewal, name="renewal"),
]
