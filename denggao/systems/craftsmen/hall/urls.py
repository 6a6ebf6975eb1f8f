"""The craftsman's own page, kept on the phone; and where the office hides one."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.hall.views import mine, office

app_name = "craftsmen_hall"
_PAGE = "mine/page/"
urlpatterns: list[URLPattern] = [
    path(_PAGE, mine.home, name="mine"),
    path(f"{_PAGE}begin/", mine.begin, name="begin"),
    path(f"{_PAGE}preview/", mine.preview, name="preview"),
    path(f"{_PAGE}words/", mine.words, name="words"),
    path(f"{_PAGE}portrait/", mine.portrait, name="portrait"),
    path(f"{_PAGE}works/", mine.work_new, name="work_new"),
    path(f"{_PAGE}works/<uuid:work_id>/", mine.work, name="work"),
    path(f"{_PAGE}works/<uuid:work_id>/move/", mine.work_move, name="work_move"),
    path(f"{_PAGE}works/<uuid:work_id>/remove/", mine.work_remove, name="work_remove"),
    path(f"{_PAGE}film/", mine.film, name="film"),
    path(f"{_PAGE}film/remove/", mine.film_remove, name="film_remove"),
    path(f"{_PAGE}agree/", mine.agree, name="agree"),
    path(f"{_PAGE}show/", mine.show, name="show"),
    path(f"{_PAGE}down/", mine.down, name="down"),
    path("mine/lineage/", mine.lineage, name="lineage"),
    path("mine/lineage/<uuid:public_id>/", mine.lineage_yes, name="lineage_yes"),
    path("<uuid:public_id>/page/", office.preview, name="office_preview"),
    path("<uuid:public_id>/page/card/<slug:size>/", office.card, name="office_card"),
    path("<uuid:public_id>/page/hide/", office.hide, name="hide"),
    path("<uuid:public_id>/page/release/", office.release, name="release"),
]
