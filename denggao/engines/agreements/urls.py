from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.agreements import mentoring, views

app_name = "agreements"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("<uuid:public_id>/", views.one, name="request"),
    path("<uuid:public_id>/sign/", views.give, name="sign"),
    path("mentorships/", mentoring.mentorship_list, name="mentorships"),
    path("mentorships/new/", mentoring.mentorship_new, name="mentorship_new"),
    path("mentorships/<uuid:public_id>/", mentoring.mentorship_page, name="mentorship"),
    path("mentorships/<uuid:public_id>/confirm/", mentoring.confirm, name="confirm_mentorship"),
    path("mentorships/<uuid:public_id>/end/", mentoring.mentorship_end, name="end_mentorship"),
    path("<uuid:public_id>/refuse/", views.refuse, name="refuse"),
]
