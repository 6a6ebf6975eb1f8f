from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.files.views import reading, uploads

app_name = "files"
urlpatterns: list[URLPattern] = [
    path("<uuid:public_id>/", reading.file, name="file"),
    path("uploads/", uploads.begin, name="begin"),
    path("uploads/<uuid:public_id>/", uploads.upload, name="upload"),
    path("uploads/<uuid:public_id>/<int:number>/", uploads.piece, name="piece"),
    path("uploads/<uuid:public_id>/finish/", uploads.finish, name="finish"),
    path("uploads/<uuid:public_id>/drop/", uploads.drop, name="drop"),
]
