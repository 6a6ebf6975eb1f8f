from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.mentors.views import duties, sessions

app_name = "craftsmen_mentors"
urlpatterns: list[URLPattern] = [
    path("", duties.duty_list, name="list"),
    path("new/", duties.propose, name="propose"),
    path("learners/", sessions.gaps, name="gaps"),
    path("learners/<uuid:public_id>/close/", sessions.close_gap, name="close_gap"),
    path("sessions/", sessions.waiting, name="sessions"),
    path("sessions/<uuid:public_id>/confirm/", sessions.confirm, name="session_confirm"),
    path("sessions/<uuid:public_id>/held/", sessions.held, name="session_held"),
    path("sessions/<uuid:public_id>/refuse/", sessions.refuse, name="session_refuse"),
    path("sessions/<uuid:public_id>/call-off/", sessions.call_off, name="session_call_off"),
    path("sessions/<uuid:public_id>/correct/", sessions.correct, name="session_correct"),
    path("<uuid:public_id>/", duties.duty_page, name="duty"),
    path("<uuid:public_id>/answer/", duties.answer, name="answer"),
    path("<uuid:public_id>/confirm/", duties.confirm, name="confirm"),
    path("<uuid:public_id>/dismiss/", duties.dismiss, name="dismiss"),
    path("<uuid:public_id>/renew/", duties.renew, name="renew"),
    path("<uuid:public_id>/end/", duties.end, name="end"),
    path("<uuid:public_id>/sessions/new/", sessions.enter, name="session_enter"),
    path("<uuid:public_id>/years/<int:year>/", duties.year, name="year"),
]
