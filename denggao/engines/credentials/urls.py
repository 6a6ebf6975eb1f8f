from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.credentials import views

app_name = "credentials"
urlpatterns: list[URLPattern] = [
    path("<uuid:public_id>/", views.status, name="status"),
    path("<uuid:public_id>/pdf/", views.pdf, name="pdf"),
    path("<uuid:public_id>/pages/", views.pages, name="pages"),
    path("<uuid:public_id>/pages/<int:number>.png", views.page, name="page"),
]
