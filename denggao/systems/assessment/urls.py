from __future__ import annotations

from django.urls import URLPattern, path

from denggao.systems.assessment.views import acts, lists, record

app_name = "assessment"
urlpatterns: list[URLPattern] = [
    path("", lists.certificate_list, name="certificates"),
    path("waiting/", lists.waiting_list, name="waiting"),
    path("new/", record.certificate_new, name="new"),
    path("<uuid:public_id>/", record.certificate_detail, name="certificate"),
    path("<uuid:public_id>/whole/", record.certificate_whole, name="whole"),
    path("<uuid:public_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<uuid:public_id>/confirm/", acts.confirm, name="confirm"),
    path("<uuid:public_id>/number/", acts.number, name="number"),
    path("<uuid:public_id>/occupation/", acts.occupation, name="occupation"),
    path("<uuid:public_id>/scan/", acts.scan, name="scan"),
    path("<uuid:public_id>/scan/<uuid:scan_id>/", acts.compare, name="compare"),
    path("<uuid:public_id>/join/", acts.join, name="join"),
    path("<uuid:public_id>/part/", acts.part, name="part"),
]
