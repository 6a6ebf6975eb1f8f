"""What schools are told about courses they lend each other. A message names schools and courses, never a person."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.foundation.messages.actions import send_many
from denggao.foundation.messages.registry import Tone, register
from denggao.systems.university.models import CourseShare, SchoolMember
from denggao.systems.university.policies import PUBLISHES

register(
    "university.share.asked",
    title=_("%(owner)s offers your school the course “%(course)s”"),
    body=_("Look at it and say yes or no."),
    tone=Tone.WAITING,
)
register(
    "university.share.accepted",
    title=_("%(school)s takes your course “%(course)s”"),
    body=_("It can now run classes of it."),
    tone=Tone.DONE,
)
register(
    "university.share.declined", title=_("%(school)s does not take your course “%(course)s”"), body="%(note)s", tone=Tone.REFUSED
)
register("university.share.ended", title=_("The course “%(course)s” is no longer shared"), body="%(note)s", tone=Tone.INFO)


def tell_share(share: CourseShare, what: str, school_id: int, *, now: dt.datetime) -> None:
    """Tell those who publish for a school."""
    values = {
        "owner": {"zh": share.course.school.name_zh, "en": share.course.school.name_en or share.course.school.name_zh},
        "school": {"zh": share.school.name_zh, "en": share.school.name_en or share.school.name_zh},
        "course": {"zh": share.course.title_zh, "en": share.course.title_en or share.course.title_zh},
        "note": share.note,
    }
    link = reverse("university:shares")
    serving = SchoolMember.objects.serving(timezone.localdate(now)).filter(school=school_id, role__in=PUBLISHES)
    send_many(((one.account, values, link) for one in serving.select_related("account")), f"university.share.{what}", now=now)
