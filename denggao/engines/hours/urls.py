from __future__ import annotations

from django.urls import URLPattern, path

from denggao.engines.hours.views import findings, fixes, learner

app_name = "hours"
urlpatterns: list[URLPattern] = [
    path("", learner.own, name="own"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<uuid:public_id>/", findings.finding, name="finding"),
    path("findings/<uuid:public_id>/clear/", findings.clear, name="clear"),
    path("findings/<uuid:public_id>/propose/", findings.propose, name="propose"),
    path("findings/<uuid:public_id>/recall/", findings.recall, name="recall"),
    path("findings/<uuid:public_id>/confirm/", findings.confirm, name="confirm"),
    path("corrections/", fixes.fixes, name="fixes"),
    path("corrections/<uuid:public_id>/", fixes.fix, name="fix"),
    path("corrections/<uuid:public_id>/answer/", fixes.answer, name="answer"),
    path("sittings/<uuid:public_id>/", learner.sitting, name="sitting"),
    path("<uuid:public_id>/", learner.learner, name="learner"),
    path("<uuid:public_id>/correct/", fixes.ask, name="ask"),
]
