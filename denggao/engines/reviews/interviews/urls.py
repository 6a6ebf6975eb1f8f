from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.reviews.interviews import views

app_name = "interviews"
urlpatterns: list[URLPattern] = [
    path("", views.day_list, name="days"),
    path("new/", views.day_new, name="new"),
    path("mine/", views.mine, name="mine"),
    path("mine/<uuid:public_id>/", views.mine_day, name="mine_day"),
    path("<uuid:public_id>/", views.day_page, name="day"),
    path("<uuid:public_id>/order/", views.day_arrange, name="arrange"),
    path("<uuid:public_id>/publish/", views.day_publish, name="publish"),
    path("<uuid:public_id>/call-off/", views.day_call_off, name="call_off"),
    path("<uuid:public_id>/close/", views.day_close, name="close"),
    path("<uuid:public_id>/next/", views.call_next, name="next"),
    path("<uuid:public_id>/board/", views.board, name="board"),
    path("<uuid:public_id>/sheet/", views.sheet, name="sheet"),
    path("<uuid:public_id>/slots/<uuid:slot_id>/begin/", views.slot_begin, name="begin"),
    path("<uuid:public_id>/slots/<uuid:slot_id>/end/", views.slot_end, name="end"),
    path("<uuid:public_id>/slots/<uuid:slot_id>/absent/", views.slot_absent, name="absent"),
    path("<uuid:public_id>/slots/<uuid:slot_id>/last/", views.slot_last, name="last"),
    path("<uuid:public_id>/slots/<uuid:slot_id>/move/", views.slot_move, name="move"),
    path("<uuid:public_id>/slots/<uuid:slot_id>/swap/", views.slot_swap, name="swap"),
]
