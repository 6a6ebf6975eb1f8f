from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.sheets import views

app_name = "sheets"
urlpatterns: list[URLPattern] = [
    path("", views.list_imports, name="list"),
    path("new/", views.choose_kind, name="new"),
    path("new/<slug:code>/", views.upload, name="upload"),
    path("template/<slug:code>.xlsx", views.template, name="template"),
    path("<uuid:public_id>/", views.show_import, name="import"),
    path("<uuid:public_id>/progress/", views.progress, name="progress"),
    path("<uuid:public_id>/columns/", views.columns, name="columns"),
    path("<uuid:public_id>/apply/", views.apply, name="apply"),
    path("<uuid:public_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:public_id>/recheck/", views.recheck, name="recheck"),
    path("<uuid:public_id>/workbook/", views.workbook, name="workbook"),
]
