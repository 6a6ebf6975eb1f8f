"""The pulse of the university under a plan: who learns, how many lessons were learned, what can be learned."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.hours.models import HourEntry
from denggao.engines.hours.queries import lessons
from denggao.engines.ledger.pulse import Beat
from denggao.foundation.plans.models import Plan
from denggao.systems.university.learning.models import Enrolment
from denggao.systems.university.learning.queries.steps import CONTEXT
from denggao.systems.university.models import Course

_CAME = (Enrolment.State.ENROLLED, Enrolment.State.FINISHED, Enrolment.State.LEFT)


def university_pulse(plan: Plan) -> list[Beat]:
    """Of the schools of a plan. Three queries. Whoever left stays a learner who was; who waits or was taken out is none. Lessons
    are the sum of the hours' entries, with what was taken back."""
    enrolled = Enrolment.objects.filter(run__school__plan=plan, enrolled_at__isnull=False, state__in=_CAME)
    learners = enrolled.aggregate(persons=Count("person", distinct=True))["persons"]
    contexts = Enrolment.objects.filter(run__school__plan=plan).values("public_id")
    earned = HourEntry.objects.filter(context_kind=CONTEXT, context_id__in=contexts).aggregate(
        seconds=Sum("seconds"), persons=Count("person", distinct=True)
    )
    courses = Course.objects.published().filter(school__plan=plan).count()
    whole = int(lessons(max(earned["seconds"] or 0, 0), timezone.localdate()))
    return [
        Beat(_("learners"), learners, persons=learners),
        Beat(_("lesson hours learned"), whole, persons=earned["persons"]),
        Beat(_("published courses"), courses),
    ]
