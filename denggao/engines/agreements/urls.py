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
    path("mentorships/mine/", mentoring.mentorship_mine, name="mentorship_mine"),
    path("mentorships/several/", mentoring.mentorship_several, name="mentorship_several"),
    path("mentorships/<uuid:public_id>/", mentoring.mentorship_page, name="mentorship"),
    path("mentorships/<uuid:public_id>/confirm/", mentoring.confirm, name="confirm_mentorship"),
    path("mentorships/<uuid:public_id>/decline/", mentoring.mentorship_decline, name="decline_mentorship"),
    path("mentorships/<uuid:public_id>/dates/", mentoring.mentorship_dates, name="mentorship_dates"),
    path("mentorships/<uuid:public_id>/dates/answer/", mentoring.mentorship_answer_dates, name="answer_dates"),
    path("mentorships/<uuid:public_id>/hand-on/", mentoring.mentorship_hand_on, name="hand_on"),
    path("mentorships/<uuid:public_id>/end/", mentoring.mentorship_end, name="end_mentorship"),
    path("<uuid:public_id>/refuse/", views.refuse, name="refuse"),
]
