"""Forms of the rooms behind the catalogue: courses, versions, sharing, packages."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.files.forms import PieceField
from denggao.foundation.standards.ladder import LEVEL_CHOICES
from denggao.foundation.standards.models import Industry, Occupation
from denggao.systems.university.actions.courses import Description
from denggao.systems.university.models import Course, CourseShare, FileRole, Language, School
from denggao.systems.university.packages.files import CARRIED, types_from_author
from denggao.systems.university.policies import PACKAGE, UNIT_FILE

ALL = pgettext_lazy("no filter", "all")
COVER_TYPES, COVER_LIMIT = ("png", "jpeg", "webp"), 5 * 1024 * 1024
CODE_HELP = _("Letters, digits and hyphens, such as turning-1; once within the school.")


def long_text(label: Any, help_text: Any = "", *, required: bool = False, most: int = 600, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


def rich_text(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    """A text with headings and lists; a plain box where scripts don't run."""
    widget = forms.Textarea(attrs={"rows": 10, "data-rich": ""})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=200_000, widget=widget)


class CourseForm(forms.Form):
    """What is said of a course."""

    title_zh = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=160, required=False)
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=CODE_HELP)
    summary_zh = long_text(_("Summary"), _("Two or three sentences: for whom, and what one can do afterwards."))
    summary_en = long_text(_("Summary in English"), most=800)
    industry = forms.ModelChoiceField(
        label=_("Industry"), queryset=Industry.objects.all(), required=False, to_field_name="code", empty_label=_("none")
    )
    occupation = forms.CharField(
        label=_("Occupation"), required=False, max_length=120, help_text=_("Name or code, such as 车工 or 6-18-01-01.")
    )
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("none")), *LEVEL_CHOICES], required=False)
    language = forms.ChoiceField(label=_("Taught in"), choices=Language.choices)
    provider = forms.CharField(
        label=_("Provider"), max_length=120, required=False, help_text=_("Who made it, where that is not the school.")
    )
    licence = forms.CharField(label=_("Licence"), max_length=80, required=False, help_text=_("Such as CC BY 4.0, or 校内使用."))
    source_version = forms.CharField(label=_("Provider’s version"), max_length=40, required=False)
    fee_yuan = forms.DecimalField(
        label=_("Fee (yuan)"), min_value=0, max_digits=9, decimal_places=2, required=False,
        help_text=_("Shown, not taken. Empty is free of charge."),
    )  # fmt: skip

    def clean_occupation(self) -> Occupation | None:
        text = self.cleaned_data["occupation"].strip()
        if not text:
            return None
        current = Occupation.objects.current()
        found = current.filter(code=text).first() or current.filter(name_zh=text).first()
        if found is None:
            raise forms.ValidationError(_("Occupation: neither a name nor a code of the list. Choose one that is suggested."))
        return found

    def description(self) -> Description:
        return Description(**{name: self.cleaned_data[name] for name in Description.__dataclass_fields__})


class NewCourseForm(CourseForm):
    """A course to begin, in one of the schools the author writes for. The rest is said later."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), to_field_name="public_id", empty_label=None)
    field_order = ("school", "title_zh", "code", "industry", "occupation", "level", "summary_zh", "language")

    def __init__(self, *args: Any, schools: QuerySet[School], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # the mapping gives plain fields
        for name in ("title_en", "summary_en", "provider", "licence", "source_version", "fee_yuan"):
            del self.fields[name]
        self.fields["language"].initial = Language.ZH

    def description(self) -> Description:
        given = self.cleaned_data
        return Description(**{name: given[name] for name in Description.__dataclass_fields__ if name in given})


class EditCourseForm(CourseForm):
    """The same of a course that is there, with what is to be done before it."""

    prerequisites = forms.ModelMultipleChoiceField(
        label=_("To be done before"), queryset=Course.objects.none(), required=False, to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple, help_text=_("Learners are told; who has not done them can’t enrol alone."),
    )  # fmt: skip

    def __init__(self, *args: Any, others: QuerySet[Course], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["prerequisites"].queryset = others  # type: ignore[attr-defined]  # the mapping gives plain fields
        if not others.exists():
            del self.fields["prerequisites"]


class CopyForm(forms.Form):
    """A copy, in a school the author writes for."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), to_field_name="public_id", empty_label=None)
    title_zh = forms.CharField(label=_("Title"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=CODE_HELP)

    def __init__(self, *args: Any, schools: QuerySet[School], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # the mapping gives plain fields


class PublishForm(forms.Form):
    note = long_text(_("What is new"), _("Teachers of running classes read it."), most=300, rows=2)


class ShareForm(forms.Form):
    """Offering a course to another school."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), to_field_name="public_id")
    kind = forms.ChoiceField(
        label=_("How"),
        choices=[
            (CourseShare.Kind.LENT, _("Lent: it runs classes of the course and changes nothing")),
            (CourseShare.Kind.JOINT, _("Jointly: both schools write and run it")),
        ],
        widget=forms.RadioSelect,
        initial=CourseShare.Kind.LENT,
    )
    note = long_text(_("To the other school"), most=300, rows=2)

    def __init__(self, *args: Any, schools: QuerySet[School], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # the mapping gives plain fields


class AnswerShareForm(forms.Form):
    answer = forms.ChoiceField(
        label=pgettext_lazy("to a request for consent", "Answer"),
        choices=[("yes", _("Yes, we take it")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    note = long_text(_("Reason"), _("Needed for a no; the other school reads it."), most=300, rows=2)


class EndShareForm(forms.Form):
    note = long_text(_("Reason"), _("The other school reads it."), most=300, rows=2)


class PackageForm(forms.Form):
    """A package to bring in."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), to_field_name="public_id", empty_label=None)
    file = PieceField(label=_("Course package"), kind=PACKAGE, help_text=_("A .zip as “Export” makes it."))

    def __init__(self, *args: Any, schools: QuerySet[School], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # the mapping gives plain fields


class UnitFileForm(forms.Form):
    """A file for a unit."""

    role = forms.ChoiceField(label=_("Place"), choices=[])
    file = PieceField(label=_("File"), kind=UNIT_FILE)
    label = forms.CharField(label=_("Label"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[("", "—"), *Language.choices], required=False)

    def __init__(self, *args: Any, unit_kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # the mapping gives plain fields
            (role, f"{FileRole(role).label} ({' '.join(f'.{one}' for one in types)})")
            for role in CARRIED
            if (types := types_from_author(role, unit_kind))
        ]


class CourseFilter(django_filters.FilterSet):
    """The list of one's courses."""

    school = django_filters.ModelChoiceFilter(
        label=_("School"), queryset=School.objects.all(), to_field_name="public_id", empty_label=ALL
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Course.State.choices, empty_label=ALL)
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), queryset=Industry.objects.all(), to_field_name="code", empty_label=ALL
    )

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()


class ShareFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=CourseShare.State.choices, empty_label=ALL)
    kind = django_filters.ChoiceFilter(label=_("How"), choices=CourseShare.Kind.choices, empty_label=ALL)

    class Meta:
        model = CourseShare
        fields: tuple[str, ...] = ()
