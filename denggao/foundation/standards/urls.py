from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.standards import views

app_name = "standards"
urlpatterns: list[URLPattern] = [
    path("", views.occupation_list, name="occupations"),
    path("moves/", views.move_list, name="moves"),
    path("moves/<uuid:public_id>/remove/", views.move_remove, name="move_remove"),
    path("job-titles/<uuid:public_id>/remove/", views.job_title_remove, name="job_title_remove"),
    path("names/", views.name_list, name="names"),
    path("names/<uuid:public_id>/", views.name_map, name="name"),
    path("names/<uuid:public_id>/unmap/", views.name_unmap, name="name_unmap"),
    path("<uuid:public_id>/", views.occupation_detail, name="occupation"),
]
