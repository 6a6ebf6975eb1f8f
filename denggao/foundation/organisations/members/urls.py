"""Addresses under /account/members/ and of the link in an invitation."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.organisations.members import views

app_name = "members"
urlpatterns: list[URLPattern] = [
    path("members/", views.members, name="list"),
    path("members/invite/", views.invite, name="invite"),
    path("members/invitations/", views.invitations, name="invitations"),
    path("members/invitations/<uuid:public_id>/", views.invitation, name="invitation"),
    path("members/invitations/<uuid:public_id>/resend/", views.resend, name="resend"),
    path("members/invitations/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("members/<uuid:public_id>/", views.member, name="member"),
    path("members/<uuid:public_id>/end/", views.end, name="end"),
    path("members/<uuid:public_id>/close/", views.close, name="close"),
    path("members/<uuid:public_id>/open/", views.open_again, name="open_again"),
    path("members/<uuid:public_id>/second-factor/", views.take_off_factor, name="take_off_factor"),
    path("invitation/", views.accept, name="accept"),
    path("invitation/<str:secret>/", views.open_invitation, name="open_invitation"),
]
