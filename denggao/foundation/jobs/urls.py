from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern] = [
    path("", views.jobs, name="list"),
    path("<uuid:public_id>/", views.job, name="job"),
    path("<uuid:public_id>.json", views.job_as_json, name="json"),
    path("<uuid:public_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:public_id>/retry/", views.retry, name="retry"),
]
