from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.reviews.views import answers, experts, panels

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
urlpatterns: list[URLPattern] = [*register, *panel_pages, *answer_pages]
