from __future__ import annotations

from django.urls import URLPattern, path

from denggao.faces.portal import views

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("verify/", views.verify, name="verify"),
    path("rules/", views.rules, name="rules"),
    path("open-data/", views.open_data, name="open_data"),
    path("open-data/<slug:plan>.csv", views.open_data_file, {"kind": "csv"}, name="open_data_csv"),
    path("open-data/<slug:plan>.json", views.open_data_file, {"kind": "json"}, name="open_data_json"),
    path("privacy/", views.page, {"name": "privacy"}, name="privacy"),
    path("accessibility/", views.page, {"name": "accessibility"}, name="accessibility"),
    path("help/", views.page, {"name": "help"}, name="help"),
]
