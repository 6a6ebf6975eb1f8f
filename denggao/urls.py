"""Every address of the product: each room brings its own. Order matters only where a room answers at the root."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from denggao.foundation.accounts.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("denggao.faces.board.urls")),
    path("", include("denggao.faces.portal.urls")),
    path("", include("denggao.faces.api.urls")),
    path("account/", include("denggao.foundation.organisations.members.urls")),
    path("account/", include("denggao.foundation.people.signin.urls")),
    path("desk/", include("denggao.faces.desk.urls")),
    path("certificates/", include("denggao.systems.assessment.urls")),
    path("bases/", include("denggao.systems.bases.urls")),
    path("teachers/", include("denggao.systems.bases.pool.urls")),
    path("craftsmen/", include("denggao.systems.craftsmen.benefits.urls")),
    path("craftsmen/", include("denggao.systems.craftsmen.lane.urls")),
    path("craftsmen/mentors/", include("denggao.systems.craftsmen.mentors.urls")),
    path("craftsmen/", include("denggao.systems.craftsmen.hall.urls")),
    path("craftsmen/", include("denggao.systems.craftsmen.urls")),
    path("hall/", include("denggao.systems.craftsmen.hall.public_urls")),
    path("learn/", include("denggao.systems.university.learning.urls")),
    path("classes/", include("denggao.systems.university.learning.class_urls")),
    path("team/", include("denggao.systems.university.learning.team_urls")),
    path("craftsmen/studios/", include("denggao.systems.craftsmen.studios.urls")),
    path("studios/", include("denggao.systems.craftsmen.studios.public_urls")),
    path("training-bases/", include("denggao.systems.bases.public_urls")),
    path("university/founding/", include("denggao.systems.university.founding.urls")),
    path("university/", include("denggao.systems.university.urls")),
    path("courses/", include("denggao.systems.university.public_urls")),
    path("cases/", include("denggao.engines.cases.urls")),
    path("reviews/meetings/", include("denggao.engines.reviews.meetings.urls")),
    path("reviews/interviews/", include("denggao.engines.reviews.interviews.urls")),
    path("reviews/", include("denggao.engines.reviews.urls")),
    path("notices/", include("denggao.engines.notices.urls")),
    path("signatures/", include("denggao.engines.agreements.urls")),
    path("hours/", include("denggao.engines.hours.urls")),
    path("credentials/", include("denggao.engines.credentials.urls")),
    path("calendar/", include("denggao.foundation.calendar.urls")),
    path("plans/", include("denggao.foundation.plans.urls")),
    path("organisations/", include("denggao.foundation.organisations.urls")),
    path("people/", include("denggao.foundation.people.urls")),
    path("occupations/", include("denggao.foundation.standards.urls")),
    path("standards/", include("denggao.foundation.standards.teaching.urls")),
    path("imports/", include("denggao.foundation.sheets.urls")),
    path("messages/", include("denggao.foundation.messages.urls")),
    path("jobs/", include("denggao.foundation.jobs.urls")),
    path("files/", include("denggao.foundation.files.urls")),
    path("media/", include("denggao.foundation.media.urls")),
    path("audit/", include("denggao.faces.auditing.urls")),
    path("-/health", health, name="health"),
    path("-/", include("denggao.foundation.ui.urls")),
]

handler400 = "denggao.foundation.ui.refusals.bad_request"
handler403 = "denggao.foundation.ui.refusals.forbidden"
handler404 = "denggao.foundation.ui.refusals.not_found"
handler500 = "denggao.foundation.ui.refusals.failed"
