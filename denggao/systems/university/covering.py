"""Which items of teaching standards the published courses serve: what the standards' pages are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from denggao.foundation.standards.coverage import Covered
from denggao.systems.university.models import Course, Unit, UnitItem
from denggao.systems.university.unit_settings import items_from


class CourseCoverage:
    """Courses as a whole, units of the versions that learners are given, and the questions of their self-checks."""

    label: str | Promise = gettext_lazy("Courses")

    def covering(self, codes: Collection[str]) -> Mapping[str, Mapping[str, list[Covered]]]:
        """Three queries, however many standards are asked."""
        courses = {course.pk: course for course in Course.objects.published().only("public_id", "title_zh", "title_en", "current")}
        current = [course.current_id for course in courses.values()]
        serving = UnitItem.objects.filter(Q(course__in=list(courses)) | Q(unit__version__in=current), standard_code__in=codes)
        rows = serving.order_by("standard_code", "item_code", "unit__position", "pk")
        found: dict[str, dict[str, list[Covered]]] = defaultdict(lambda: defaultdict(list))
        for standard, item, whole, of_unit, title in rows.values_list(
            "standard_code", "item_code", "course_id", "unit__version__course_id", "unit__title"
        ):
            course = courses[whole or of_unit]
            url = reverse("courses:course", args=[course.public_id])
            served = Covered(_("course"), course.title, url) if whole else Covered(_("unit"), f"{course.title} · {title}", url)
            found[standard][item].append(served)
        asking = Unit.objects.filter(version__in=current, kind="check").order_by("version_id", "position")
        for of_unit, title, settings in asking.values_list("version__course_id", "title", "settings"):
            course = courses[of_unit]
            url = reverse("courses:course", args=[course.public_id])
            for number, question in enumerate(settings.get("questions") or (), 1):
                for standard, item in items_from(question.get("serves")):
                    if standard in codes:
                        named = f"{course.title} · {title} · {number}"
                        found[standard][item].append(Covered(_("question"), named, url))
        return found
