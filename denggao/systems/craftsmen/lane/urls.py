"""The fast lane: candidacies, their files, handing over, outcomes. Beneath ``craftsmen/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.lane import views

app_name = "lane"
urlpatterns: list[URLPattern] = [
    path("lane/", views.candidacy_list, name="list"),
    path("lane/propose/", views.propose, name="propose"),
    path("lane/prepare/", views.prepare, name="prepare"),
    path("lane/hand-over/", views.hand_over_many, name="hand_over"),
    path("lane/outcomes/", views.outcomes_sheet, name="sheet"),
    path("lane/outcomes/<uuid:public_id>/<slug:act>/", views.answer, name="answer"),
    path("lane/<uuid:public_id>/", views.candidacy, name="candidacy"),
    path("lane/<uuid:public_id>/outcome/", views.outcome, name="outcome"),
    path("lane/<uuid:public_id>/withdraw/", views.withdraw_one, name="withdraw"),
    path("lane/<uuid:public_id>/told/", views.told_them, name="told"),
]
