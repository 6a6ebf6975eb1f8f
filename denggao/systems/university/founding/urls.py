"""Universities as the office, the authorities and the bodies that carry them see them."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.university.founding import views

app_name = "founding"
urlpatterns: list[URLPattern] = [
    path("", views.university_list, name="list"),
    path("acts/<uuid:public_id>/confirm/", views.confirm, name="confirm"),
    path("acts/<uuid:public_id>/dismiss/", views.dismiss, name="dismiss"),
    path("<uuid:public_id>/", views.university_page, name="university"),
    path("<uuid:public_id>/end/<slug:kind>/", views.propose, name="end"),
]
