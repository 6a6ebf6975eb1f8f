from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.people import views

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("", views.list_people, name="list"),
    path("look-up/", views.look_up, name="look_up"),
    path("conflicts/", views.list_conflicts, name="conflicts"),
    path("conflicts/<uuid:public_id>/", views.show_conflict, name="conflict"),
    path("readings/", views.list_readings, name="readings"),
    path("<uuid:public_id>/", views.show_person, name="person"),
    path("<uuid:public_id>/correct/", views.correct, name="correct"),
    path("<uuid:public_id>/documents/new/", views.new_document, name="new_document"),
    path("<uuid:public_id>/documents/<uuid:document_id>/unmask/", views.unmask, name="unmask"),
]
