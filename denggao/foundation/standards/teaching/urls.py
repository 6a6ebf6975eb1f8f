from __future__ import annotations

from django.urls import URLPattern, path

from denggao.foundation.standards.teaching import views

app_name = "teaching"
urlpatterns: list[URLPattern] = [
    path("", views.standard_list, name="list"),
    path("coverage/", views.coverage_matrix, name="matrix"),
    path("<uuid:public_id>/", views.standard_page, name="standard"),
    path("<uuid:public_id>/changes/", views.changes, name="changes"),
    path("<uuid:public_id>/put-in-force/", views.put_in_force, name="put_in_force"),
    path("<uuid:public_id>/retire/", views.retire, name="retire"),
    path("<uuid:public_id>/draft/", views.draft_begin, name="draft"),
    path("<uuid:public_id>/draft/discard/", views.draft_discard, name="discard"),
    path("<uuid:public_id>/draft/items/<str:code>/remove/", views.item_remove, name="item_remove"),
]
