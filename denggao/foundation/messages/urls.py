from __future__ import annotations

from django.urls import URLPattern

app_name = "denggao_messages"
urlpatterns: list[URLPattern] = []
