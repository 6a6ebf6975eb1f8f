"""Rounds, nominations and craftsmen as the office, nominating bodies and holders see them; what everybody sees is the hall's."""

from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.craftsmen.views import acts, craftsmen, rounds

app_name = "craftsmen"
urlpatterns: list[URLPattern] = [
    path("", craftsmen.craftsman_list, name="list"),
    path("mine/", craftsmen.mine, name="mine"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/<uuid:public_id>/", rounds.round_page, name="round"),
    path("rounds/<uuid:public_id>/terms/", rounds.terms, name="terms"),
    path("rounds/<uuid:public_id>/order/", rounds.naming_order, name="order"),
    path("rounds/<uuid:public_id>/lists/", rounds.lists, name="lists"),
    path("rounds/<uuid:public_id>/own/", rounds.own_list, name="own_list"),
    path("acts/", acts.acts_waiting, name="acts"),
    path("acts/<uuid:public_id>/", acts.act_page, name="act"),
    path("acts/<uuid:public_id>/confirm/", acts.confirm, name="confirm"),
    path("acts/<uuid:public_id>/dismiss/", acts.dismiss, name="dismiss"),
    path("medals/<uuid:public_id>/", craftsmen.medal, name="medal"),
    path("<uuid:public_id>/", craftsmen.craftsman_file, name="craftsman"),
    path("<uuid:public_id>/acts/<slug:kind>/", acts.propose, name="propose"),
]
