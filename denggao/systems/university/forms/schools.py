"""Forms of schools, their people and their programmes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.foundation.accounts.models import User
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.signin.queries import find_account
from denggao.foundation.standards.models import Industry
from denggao.systems.university.actions.programmes import Study
from denggao.systems.university.actions.schools import Brand
from denggao.systems.university.forms.teaching import ALL, rich_text
from denggao.systems.university.models import Colour, Course, Programme, School, SchoolMember, Track

LOGO_TYPES, LOGO_LIMIT = ("png", "jpeg", "webp"), 2 * 1024 * 1024


class BrandForm(forms.Form):
    """How a school shows itself."""

    name_zh = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    colour = forms.ChoiceField(label=_("Colour"), choices=Colour.choices, initial=Colour.LAKE)
    about = rich_text(_("About the school"))
    logo = forms.FileField(label=_("Sign"), required=False, help_text=_("PNG, JPEG or WebP, at most 2 MB; best square."))

    def brand(self) -> Brand:
        return Brand(**{name: self.cleaned_data[name] for name in Brand.__dataclass_fields__})


class NewSchoolForm(BrandForm):
    """A space for a body that has none."""

    organisation = forms.ModelChoiceField(label=_("Body"), queryset=Organisation.objects.none(), to_field_name="public_id")
    opened_on = forms.DateField(label=_("Opens on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    field_order = ("organisation", "name_zh", "name_en", "opened_on", "colour")

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], today: dt.date, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"opened_on": today}, **options})
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]  # the mapping gives plain fields
        del self.fields["logo"]


class MemberForm(forms.Form):
    """Somebody who is to belong to the school. The account is found by the address it signs in with."""

    address = forms.CharField(label=_("E-mail address or phone"), max_length=254, help_text=_("By which the person signs in here."))
    role = forms.ChoiceField(label=_("As"), choices=SchoolMember.Role.choices, initial=SchoolMember.Role.TEACHER)
    title = forms.CharField(label=_("Title"), max_length=80, required=False, help_text=_("As the school’s page shows it."))

    def clean_address(self) -> User:
        account = find_account(self.cleaned_data["address"])
        if account is None or not account.is_active:
            raise forms.ValidationError(_("No account signs in with this address. Ask the person to sign up first."))
        return account


class MemberRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("As"), choices=SchoolMember.Role.choices)
    title = forms.CharField(label=_("Title"), max_length=80, required=False)


class DayForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ProgrammeForm(forms.Form):
    """A programme of study."""

    school = forms.ModelChoiceField(label=_("School"), queryset=School.objects.none(), to_field_name="public_id", empty_label=None)
    title_zh = forms.CharField(label=_("Title"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=160, required=False)
    industry = forms.ModelChoiceField(
        label=_("Industry"), queryset=Industry.objects.all(), required=False, to_field_name="code", empty_label=_("none")
    )
    track = forms.ChoiceField(label=_("Track"), choices=Track.choices)
    about = rich_text(_("About the programme"))
    entry = forms.ChoiceField(label=_("Entry"), choices=Programme.Entry.choices, widget=forms.RadioSelect, initial="open")
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000, required=False)

    def __init__(self, *args: Any, schools: QuerySet[School] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if schools is None:
            del self.fields["school"]
        else:
            self.fields["school"].queryset = schools  # type: ignore[attr-defined]  # the mapping gives plain fields

    def study(self) -> Study:
        return Study(**{name: self.cleaned_data[name] for name in Study.__dataclass_fields__})


class PlaceForm(forms.Form):
    """A course to put into a programme."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none(), to_field_name="public_id")
    required = forms.BooleanField(label=_("required"), required=False, initial=True)

    def __init__(self, *args: Any, courses: QuerySet[Course], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]  # the mapping gives plain fields


class SchoolFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=School.State.choices, empty_label=ALL)

    class Meta:
        model = School
        fields: tuple[str, ...] = ()


class ProgrammeFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Programme.State.choices, empty_label=ALL)
    track = django_filters.ChoiceFilter(label=_("Track"), choices=Track.choices, empty_label=ALL)

    class Meta:
        model = Programme
        fields: tuple[str, ...] = ()
