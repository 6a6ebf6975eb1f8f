from __future__ import annotations

from django.urls import URLPattern, path

from denggao.faces.auditing import views

app_name = "auditing"
urlpatterns: list[URLPattern] = [
    path("", views.records, name="list"),
    path("<int:number>/", views.numbered, name="numbered"),
    path("<uuid:act_id>/<int:position>/", views.record, name="record"),
    path("<uuid:act_id>/<int:position>/unmask/", views.unmask, name="unmask"),
]
