from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.university.learning.views import entering, learner, talk

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("", learner.home, name="home"),
    path("enter/<uuid:public_id>/", entering.enter, name="enter"),
    path("enter/<uuid:public_id>/apply/", entering.apply, name="apply"),
    path("questions/<uuid:public_id>/", talk.thread, name="thread"),
    path("questions/<uuid:public_id>/reply/", talk.reply, name="reply"),
    path("questions/<uuid:public_id>/hide/", talk.hide_thread, name="hide_thread"),
    path("replies/<uuid:public_id>/accept/", talk.accept, name="accept_reply"),
    path("replies/<uuid:public_id>/hide/", talk.hide_reply, name="hide_reply"),
    path("<uuid:public_id>/", learner.course, name="course"),
    path("<uuid:public_id>/accept/", entering.accept, name="accept"),
    path("<uuid:public_id>/leave/", entering.leave, name="leave"),
    path("<uuid:public_id>/questions/", talk.questions, name="questions"),
    path("<uuid:public_id>/<uuid:key>/", learner.unit, name="unit"),
    path("<uuid:public_id>/<uuid:key>/start/", learner.start, name="start"),
    path("<uuid:public_id>/<uuid:key>/read/", learner.say_read, name="read"),
    path("<uuid:public_id>/<uuid:key>/check/", learner.answer_check, name="check"),
    path("<uuid:public_id>/<uuid:key>/hand-in/", learner.hand_in, name="hand_in"),
    path("<uuid:public_id>/<uuid:key>/join/", learner.join, name="join"),
    path("<uuid:public_id>/<uuid:key>/ask/", talk.ask, name="ask"),
    path("<uuid:public_id>/<uuid:key>/notes/", talk.note_new, name="note_new"),
    path("<uuid:public_id>/<uuid:key>/notes/<uuid:note_id>/", talk.note_change, name="note_change"),
]
