from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.calendar import views

app_name = "calendar"
urlpatterns: list[URLPattern] = [
    path("", views.year, name="year"),
    path("enter/", views.enter, name="enter"),
]
