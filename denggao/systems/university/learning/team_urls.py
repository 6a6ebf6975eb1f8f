from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.university.learning.views import team

app_name = "team"
urlpatterns: list[URLPattern] = [
    path("", team.team, name="list"),
    path("remind/", team.remind, name="remind"),
    path("enrol/", team.choose, name="choose"),
    path("enrol/<uuid:public_id>/", team.enrol, name="enrol"),
]
