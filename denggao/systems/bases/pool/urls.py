from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.bases.pool import views

app_name = "teachers"
urlpatterns: list[URLPattern] = [
    path("", views.teacher_list, name="list"),
    path("new/", views.teacher_new, name="new"),
    path("invitations/", views.invitation_list, name="invitations"),
    path("invitations/<uuid:public_id>/", views.invitation_page, name="invitation"),
    path("invitations/<uuid:public_id>/answer/", views.answer, name="answer"),
    path("invitations/<uuid:public_id>/end/", views.end, name="end"),
    path("invitations/<uuid:public_id>/appoint/", views.appoint, name="appoint"),
    path("<uuid:public_id>/", views.teacher_page, name="teacher"),
    path("<uuid:public_id>/invite/", views.invite, name="invite"),
    path("<uuid:public_id>/leave/", views.leave, name="leave"),
    path("<uuid:public_id>/qualifications/new/", views.qualification_new, name="qualification_new"),
    path("<uuid:public_id>/qualifications/<uuid:paper_id>/remove/", views.qualification_remove, name="qualification_remove"),
]
