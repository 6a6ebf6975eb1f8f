"""Studios as their employers, their people and the office see them; what everybody sees lies in ``public_urls``."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.studios.views import acts, alliances, doing, keeping

app_name = "studio_files"
urlpatterns: list[URLPattern] = [
    path("", keeping.studio_list, name="list"),
    path("orders/", acts.order_list, name="orders"),
    path("orders/new/", acts.order_new, name="order_new"),
    path("acts/", acts.acts_waiting, name="acts"),
    path("acts/<uuid:public_id>/", acts.act_page, name="act"),
    path("acts/<uuid:public_id>/confirm/", acts.confirm, name="confirm"),
    path("acts/<uuid:public_id>/dismiss/", acts.dismiss, name="dismiss"),
    path("members/<uuid:public_id>/", doing.member_answer, name="member"),
    path("members/<uuid:public_id>/end/", doing.member_end, name="member_end"),
    path("projects/<uuid:public_id>/end/", doing.project_end, name="project_end"),
    path("results/<uuid:public_id>/", doing.result_decide, name="result"),
    path("evaluations/<uuid:public_id>/check/", acts.remedy_check, name="remedy"),
    path("alliances/<uuid:public_id>/", alliances.alliance_page, name="alliance"),
    path("alliances/<uuid:public_id>/ask/", alliances.alliance_ask, name="alliance_ask"),
    path("alliances/places/<uuid:public_id>/answer/", alliances.alliance_answer, name="alliance_answer"),
    path("alliances/places/<uuid:public_id>/leave/", alliances.alliance_leave, name="alliance_leave"),
    path("<uuid:public_id>/", keeping.studio_file, name="file"),
    path("<uuid:public_id>/numbers/<slug:code>/", keeping.number_rows, name="number"),
    path("<uuid:public_id>/acts/<slug:kind>/", acts.propose, name="propose"),
    path("<uuid:public_id>/evaluation/", keeping.evaluation_ask, name="evaluation"),
    path("<uuid:public_id>/members/", doing.member_ask, name="member_ask"),
    path("<uuid:public_id>/projects/", doing.project_new, name="project_new"),
    path("<uuid:public_id>/results/", doing.result_new, name="result_new"),
    path("<uuid:public_id>/visits/", doing.visit_new, name="visit_new"),
    path("<uuid:public_id>/alliance/", alliances.alliance_new, name="alliance_new"),
]
