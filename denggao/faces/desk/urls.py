from __future__ import annotations

from django.urls import URLPattern, path

from denggao.faces.desk import views

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
]
