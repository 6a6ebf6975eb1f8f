from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.notices.views import objections, office, public

app_name = "notices"
urlpatterns: list[URLPattern] = [
    path("", public.notice_list, name="list"),
    path("feed/", public.feed, name="feed"),
    path("follow/", public.follow, name="follow"),
    path("objections/", objections.worklist, name="objections"),
    path("objections/<uuid:public_id>/", objections.objection, name="objection"),
    path("objections/<uuid:public_id>/take-up/", objections.investigate, name="take_up"),
    path("objections/<uuid:public_id>/note/", objections.note, name="note"),
    path("objections/<uuid:public_id>/redact/", objections.redact, name="redact"),
    path("objections/<uuid:public_id>/identity/", objections.identity, name="identity"),
    path("objections/<uuid:public_id>/rule/", objections.rule, name="rule"),
    path("objections/<str:receipt>/", public.receipt, name="receipt"),
    path("<uuid:public_id>/", public.notice, name="notice"),
    path("<uuid:public_id>/object/", public.object_, name="object"),
    path("<uuid:public_id>/proof/", public.proof, name="proof"),
    path("<uuid:public_id>/proof/<int:number>/", public.as_shown, name="as_shown"),
    path("<uuid:public_id>/proof/<int:number>.json", public.as_data, name="as_data"),
    path("<uuid:public_id>/manage/", office.manage, name="manage"),
    path("<uuid:public_id>/extend/", office.extend, name="extend"),
    path("<uuid:public_id>/items/<uuid:item_id>/drop/", office.drop, name="drop"),
]
