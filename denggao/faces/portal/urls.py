from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from denggao.faces.portal import views

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("verify/", login_not_required(views.verify), name="verify"),
    path("rules/", login_not_required(views.rules), name="rules"),
    path("open-data/", login_not_required(views.open_data), name="open_data"),
    path("open-data/<slug:plan>.csv", login_not_required(views.open_data_file), {"kind": "csv"}, name="open_data_csv"),
    path("open-data/<slug:plan>.json", login_not_required(views.open_data_file), {"kind": "json"}, name="open_data_json"),
    path("privacy/", login_not_required(views.page), {"name": "privacy"}, name="privacy"),
    path("accessibility/", login_not_required(views.page), {"name": "accessibility"}, name="accessibility"),
    path("help/", login_not_required(views.page), {"name": "help"}, name="help"),
]
