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
from denggao.systems.university.models import Course, UnitItem


class CourseCoverage:
    """Units of the versions that learners are given, and courses as a whole."""

    label: str | Promise = gettext_lazy("Courses")

    def covering(self, codes: Collection[str]) -> Mapping[str, Mapping[str, list[Covered]]]:
        """Two queries, however many standards are asked."""
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
        return found
