from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from denggao.faces.board import heads, views

app_name = "board"
urlpatterns: list[URLPattern] = [
    path("", login_not_required(views.home), name="home"),
    path("board/<slug:plan>/", login_not_required(views.plan), name="plan"),
    path("board/<slug:plan>/screen/", login_not_required(views.screen), name="screen"),
    path("board/<slug:plan>/<slug:goal>/", login_not_required(views.goal), name="goal"),
    path("board/<slug:plan>/<slug:goal>/heads/", heads.heads, name="heads"),
    path("board/<slug:plan>/<slug:goal>/heads/<uuid:entry>/", heads.evidence, name="evidence"),
]
