"""What the public catalogue is filtered by."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.university.forms.teaching import ALL
from denggao.systems.university.kinds import all_kinds
from denggao.systems.university.models import Course, Language, School, Track, Unit
from denggao.systems.university.queries import offered_by


class CatalogueFilter(django_filters.FilterSet):
    """Courses by what they are for, by whom and how they teach."""

    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), queryset=Industry.objects.all(), to_field_name="code", empty_label=ALL
    )
    occupation = django_filters.ModelChoiceFilter(
        label=_("Occupation"),
        queryset=lambda _request: Occupation.objects.filter(courses__state=Course.State.PUBLISHED).distinct(),
        to_field_name="code",
        empty_label=ALL,
    )
    level = django_filters.ChoiceFilter(label=_("Level"), choices=LEVEL_CHOICES, empty_label=ALL)
    school = django_filters.ModelChoiceFilter(
        label=_("School"),
        queryset=lambda _request: School.objects.filter(state=School.State.OPEN),
        to_field_name="public_id",
        empty_label=ALL,
        method="of_school",
    )
    track = django_filters.ChoiceFilter(label=_("Track"), choices=Track.choices, empty_label=ALL, method="of_track")
    kind = django_filters.ChoiceFilter(
        label=_("With"), choices=lambda: [(kind.code, kind.label) for kind in all_kinds()], empty_label=ALL, method="with_kind"
    )
    language = django_filters.ChoiceFilter(label=_("Taught in"), choices=Language.choices, empty_label=ALL)

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()

    def of_school(self, courses: QuerySet[Course], _name: str, school: School) -> QuerySet[Course]:
        return courses.filter(offered_by(School.objects.filter(pk=school.pk)))

    def of_track(self, courses: QuerySet[Course], _name: str, track: str) -> QuerySet[Course]:
        return courses.filter(places__programme__track=track, places__programme__state="published").distinct()

    def with_kind(self, courses: QuerySet[Course], _name: str, kind: str) -> QuerySet[Course]:
        return courses.filter(current__in=Unit.objects.filter(kind=kind).values("version_id"))
