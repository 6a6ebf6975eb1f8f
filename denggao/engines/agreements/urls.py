from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.agreements import views

app_name = "agreements"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("<uuid:public_id>/", views.one, name="request"),
    path("<uuid:public_id>/sign/", views.give, name="sign"),
    path("mentorships/<uuid:public_id>/confirm/", views.confirm, name="confirm_mentorship"),
    path("<uuid:public_id>/refuse/", views.refuse, name="refuse"),
]
