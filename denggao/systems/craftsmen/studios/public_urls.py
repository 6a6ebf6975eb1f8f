"""What everybody may see of the studios: the list, one page each, the alliances."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.studios.views import public

app_name = "studios"
urlpatterns: list[URLPattern] = [
    path("", public.studio_list, name="list"),
    path("alliances/<uuid:public_id>/", public.alliance_page, name="alliance"),
    path("<uuid:public_id>/", public.studio_page, name="studio"),
]
