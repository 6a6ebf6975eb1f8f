"""What everybody may see of the bases: list, map, matrix, one page each."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.bases.views import public

app_name = "training_bases"
urlpatterns: list[URLPattern] = [
    path("", public.base_list, name="list"),
    path("layout/", public.layout, name="layout"),
    path("<uuid:public_id>/", public.base_page, name="base"),
]
