from __future__ import annotations

from django.urls import URLPattern, path

from denggao.faces.board import views

app_name = "board"
urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("board/<slug:plan>/", views.plan, name="plan"),
    path("board/<slug:plan>/screen/", views.screen, name="screen"),
    path("board/<slug:plan>/<slug:goal>/", views.goal, name="goal"),
    path("board/<slug:plan>/<slug:goal>/heads/", views.heads, name="heads"),
    path("board/<slug:plan>/<slug:goal>/heads/<uuid:entry>/", views.evidence, name="evidence"),
]
