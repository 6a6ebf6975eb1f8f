from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.plans import views

app_name = "plans"
urlpatterns: list[URLPattern] = [
    path("", views.plan_list, name="plans"),
    path("load/", views.plan_load, name="load"),
    path("<slug:code>/", views.plan_detail, name="plan"),
    path("<slug:code>/employers/", views.participant_list, name="participants"),
    path("<slug:code>/employers/add/", views.participant_add, name="participant_add"),
    path("<slug:code>/employers/<uuid:public_id>/", views.participant_change, name="participant"),
    path("<slug:code>/employers/<uuid:public_id>/remove/", views.participant_remove, name="participant_remove"),
]
