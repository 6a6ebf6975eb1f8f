from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from denggao.foundation.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("components/", login_not_required(views.components), name="components"),
]
