"""The hall of fame, as everybody sees it."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.hall.views import public

app_name = "hall"
urlpatterns: list[URLPattern] = [
    path("", public.hall, name="list"),
    path("tree/", public.forest, name="tree"),
    path("files/<uuid:public_id>/", public.file, name="file"),
    path("<uuid:public_id>/", public.page, name="page"),
    path("<uuid:public_id>/behind/", public.behind, name="behind"),
    path("<uuid:public_id>/lineage/", public.lineage, name="lineage"),
    path("<uuid:public_id>/card/<slug:size>/", public.card, name="card"),
]
