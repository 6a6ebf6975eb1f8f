"""The reckoner of a craftsman, and the office's pages on benefits. Beneath ``craftsmen/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.benefits import views

app_name = "benefits"
urlpatterns: list[URLPattern] = [
    path("mine/benefits/", views.reckoner, name="reckoner"),
    path("mine/benefits/forget/", views.forget, name="forget"),
    path("benefits/", views.benefit_list, name="list"),
    path("benefits/<uuid:public_id>/", views.benefit, name="benefit"),
    path("benefits/<uuid:public_id>/outcome/", views.outcome, name="outcome"),
    path("benefits/<uuid:public_id>/told/", views.told_authority, name="told"),
    path("benefits/outcomes/<uuid:public_id>/<slug:act>/", views.answer, name="answer"),
]
