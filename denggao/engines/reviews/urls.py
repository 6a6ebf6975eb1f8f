from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.reviews.views import answers, expert, experts, panels, results, rubrics, visits

app_name = "reviews"
register = [
    path("experts/", experts.expert_list, name="experts"),
    path("experts/new/", experts.expert_new, name="expert_new"),
    path("experts/mine/", experts.mine, name="mine"),
    path("experts/<uuid:public_id>/", experts.expert_page, name="expert"),
    path("experts/<uuid:public_id>/edit/", experts.expert_edit, name="expert_edit"),
    path("experts/<uuid:public_id>/state/", experts.expert_state, name="expert_state"),
    path("experts/<uuid:public_id>/kin/", experts.kin_declare, name="kin"),
    path("experts/<uuid:public_id>/kin/<uuid:kin_id>/end/", experts.kin_end, name="kin_end"),
]
panel_pages = [
    path("panels/", panels.panel_list, name="panels"),
    path("panels/assign/", panels.assign_many, name="assign_many"),
    path("panels/<uuid:public_id>/", panels.panel_page, name="panel"),
    path("panels/<uuid:public_id>/change/", panels.panel_change, name="panel_change"),
    path("panels/<uuid:public_id>/ask/", panels.assign_hand, name="assign"),
    path("panels/<uuid:public_id>/fill/", panels.assign_fill, name="fill"),
    path("panels/<uuid:public_id>/conflicts/", panels.conflict_pin, name="pin"),
    path("panels/<uuid:public_id>/conflicts/<uuid:conflict_id>/clear/", panels.conflict_clear, name="clear"),
    path("panels/<uuid:public_id>/experts/<uuid:assignment_id>/replace/", panels.assignment_replace, name="replace"),
    path("panels/<uuid:public_id>/experts/<uuid:assignment_id>/restore/", panels.assignment_restore, name="restore"),
]
answer_pages = [
    path("<uuid:public_id>/accept/", answers.accept, name="accept"),
    path("<uuid:public_id>/decline/", answers.decline, name="decline"),
    path("<uuid:public_id>/conflict/", answers.recuse, name="recuse"),
]
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
urlpatterns: list[URLPattern] = [*register, *panel_pages, *answer_pages, *scoring_pages, *result_pages, *visit_pages, *rubric_pages]
