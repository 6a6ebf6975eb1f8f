from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("components/", views.components, name="components"),
]
