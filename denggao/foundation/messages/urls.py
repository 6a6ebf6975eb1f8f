from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.messages import views

app_name = "denggao_messages"
urlpatterns: list[URLPattern] = [
    path("", views.inbox, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("preference/", views.preference, name="preference"),
    path("<uuid:public_id>/", views.open_message, name="open"),
]
