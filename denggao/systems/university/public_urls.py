"""The catalogue: what everybody may see of the university."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.university.views import catalogue

app_name = "courses"
urlpatterns: list[URLPattern] = [
    path("", catalogue.course_list, name="list"),
    path("schools/", catalogue.school_list, name="schools"),
    path("schools/<uuid:public_id>/", catalogue.school_page, name="school"),
    path("programmes/", catalogue.programme_list, name="programmes"),
    path("programmes/<uuid:public_id>/", catalogue.programme_page, name="programme"),
    path("pictures/<uuid:public_id>/", catalogue.picture, name="picture"),
    path("files/<uuid:public_id>/", catalogue.file, name="file"),
    path("<uuid:public_id>/", catalogue.course_page, name="course"),
]
