from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.files import views

app_name = "files"
urlpatterns: list[URLPattern] = [path("<uuid:public_id>/", views.file, name="file")]
