from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.media import views

app_name = "media"
urlpatterns: list[URLPattern] = [
    path("files/<uuid:public_id>/", views.file, name="file"),
    path("pieces/<uuid:public_id>/<str:token>/", views.piece, name="piece"),
    path("<uuid:public_id>.json", views.conversion, name="conversion"),
    path("<uuid:public_id>/master.m3u8", views.master, name="master"),
    path("<uuid:public_id>/<int:position>.m3u8", views.playlist, name="playlist"),
]
