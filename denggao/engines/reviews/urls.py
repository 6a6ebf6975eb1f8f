from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.reviews.views import expert, results, rubrics, visits

app_name = "reviews"
scoring_pages = [
    path("", expert.queue, name="queue"),
    path("<uuid:public_id>/", expert.assignment_page, name="assignment"),
    path("<uuid:public_id>/entries/", expert.entries, name="entries"),
    path("<uuid:public_id>/submit/", expert.submit, name="submit"),
    path("<uuid:public_id>/change/", expert.change, name="change"),
    path("<uuid:public_id>/history/", expert.history, name="history"),
]
result_pages = [
    path("panels/<uuid:public_id>/results/", results.results, name="results"),
    path("panels/<uuid:public_id>/results/open/", results.open_early, name="open_early"),
    path("panels/<uuid:public_id>/results/close/", results.close, name="close"),
    path("panels/<uuid:public_id>/results/<uuid:assignment_id>/set-aside/", results.set_aside, name="set_aside"),
    path("rankings/", results.ranking_list, name="rankings"),
    path("rankings/<uuid:public_id>/", results.ranking_page, name="ranking"),
]
visit_pages = [
    path("panels/<uuid:public_id>/visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<uuid:public_id>/", visits.visit_page, name="visit"),
    path("visits/<uuid:public_id>/record/", visits.visit_record, name="visit_record"),
    path("visits/<uuid:public_id>/call-off/", visits.visit_call_off, name="visit_call_off"),
    path("visits/<uuid:public_id>/photos/", visits.photo_add, name="photo_add"),
    path("visits/<uuid:public_id>/photos/<uuid:photo_id>/remove/", visits.photo_remove, name="photo_remove"),
]
rubric_pages = [
    path("rubrics/", rubrics.rubric_list, name="rubrics"),
    path("rubrics/new/", rubrics.rubric_new, name="rubric_new"),
    path("rubrics/<slug:code>/", rubrics.rubric_latest, name="rubric_latest"),
    path("rubrics/<slug:code>/<int:number>/", rubrics.rubric_page, name="rubric"),
    path("rubrics/<slug:code>/<int:number>/weights/", rubrics.rubric_weights, name="rubric_weights"),
]
urlpatterns: list[URLPattern] = [*scoring_pages, *result_pages, *visit_pages, *rubric_pages]
