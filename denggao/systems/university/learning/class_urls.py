from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.university.learning.views import classes, marking, selection

app_name = "classes"
urlpatterns: list[URLPattern] = [
    path("", classes.run_list, name="list"),
    path("new/", classes.run_new, name="new"),
    path("marking/", marking.queue, name="marking"),
    path("marking/<uuid:public_id>/", marking.mark, name="mark"),
    path("questions/", classes.questions, name="all_questions"),
    path("learners/<uuid:public_id>/", classes.learner_page, name="learner"),
    path("learners/<uuid:public_id>/remove/", classes.remove, name="remove"),
    path("learners/<uuid:public_id>/practical/<uuid:key>/", marking.sign, name="sign"),
    path("signings/<uuid:public_id>/take-back/", marking.take_back, name="take_back"),
    path("<uuid:public_id>/", classes.run_page, name="run"),
    path("<uuid:public_id>/change/", classes.run_change, name="change"),
    path("<uuid:public_id>/state/", classes.run_state, name="state"),
    path("<uuid:public_id>/dates/", classes.run_dates, name="dates"),
    path("<uuid:public_id>/selection/", selection.choosing, name="selection"),
    path("<uuid:public_id>/units/", classes.units, name="units"),
    path("<uuid:public_id>/sign/", marking.sign_list, name="sign_list"),
    path("<uuid:public_id>/practical/<uuid:key>/", marking.practical, name="practical"),
    path("<uuid:public_id>/attendance/<uuid:key>/", marking.attendance, name="attendance"),
    path("<uuid:public_id>/remind/", classes.remind, name="remind"),
    path("<uuid:public_id>/announcements/", classes.announcements, name="announcements"),
    path("<uuid:public_id>/questions/", classes.questions, name="questions"),
]
