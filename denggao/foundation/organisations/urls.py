from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.organisations import appointing, views

app_name = "organisations"
urlpatterns: list[URLPattern] = [
    path("", views.list_organisations, name="list"),
    path("new/", views.new_organisation, name="new"),
    path("overlaps/", views.list_overlaps, name="overlaps"),
    path("overlaps/<uuid:public_id>/", views.show_overlap, name="overlap"),
    path("employments/<uuid:public_id>/", views.show_employment, name="employment"),
    path("employments/<uuid:public_id>/post/", views.change_employment, name="change_employment"),
    path("employments/<uuid:public_id>/leave/", views.leave, name="leave"),
    path("employments/<uuid:public_id>/stay/", views.stay, name="stay"),
    path("appointments/", appointing.appointment_list, name="appointments"),
    path("appointments/new/", appointing.appointment_new, name="appointment_new"),
    path("appointments/<uuid:public_id>/", appointing.appointment_page, name="appointment"),
    path("appointments/<uuid:public_id>/end/", appointing.appointment_end, name="appointment_end"),
    path("appointments/<uuid:public_id>/letter/", appointing.appointment_letter, name="appointment_letter"),
    path("<uuid:public_id>/", views.show_organisation, name="organisation"),
    path("<uuid:public_id>/edit/", views.edit_organisation, name="edit"),
    path("<uuid:public_id>/roster/", views.show_roster, name="roster"),
    path("<uuid:public_id>/roster/new/", views.new_employment, name="new_employment"),
    path("<uuid:public_id>/links/", views.links, name="links"),
    path(
        "<uuid:public_id>/links/upstream/<uuid:other_id>/remove/",
        views.remove_link,
        {"direction": "upstream"},
        name="remove_upstream",
    ),
    path(
        "<uuid:public_id>/links/downstream/<uuid:other_id>/remove/",
        views.remove_link,
        {"direction": "downstream"},
        name="remove_downstream",
    ),
]
