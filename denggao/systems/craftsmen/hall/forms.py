"""Forms of the page's craftsman and of the office, and what the hall is filtered by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.files.forms import PieceField
from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen.hall.models import Drawing, Part, Profile, Work
from denggao.systems.craftsmen.hall.policies import CAPTIONS, FILM, PICTURE

ALL = pgettext_lazy("no filter", "all")


class HallFilter(django_filters.FilterSet):
    """Craftsmen by industry and by the year they were named in."""

    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"),
        field_name="craftsman__industry",
        queryset=lambda _request: Industry.objects.filter(craftsmen__state="named").distinct(),
        to_field_name="code",
        empty_label=ALL,
    )
    year = django_filters.ChoiceFilter(label=_("Named in"), field_name="craftsman__named_on__year", empty_label=ALL)

    class Meta:
        model = Profile
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        years: QuerySet[Any] = Profile.objects.public().order_by().values_list("craftsman__named_on__year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in sorted(years, reverse=True)]


class WordsForm(forms.Form):
    headline = forms.CharField(label=_("Heading of the story"), max_length=120, required=False)
    trade = forms.CharField(
        label=_("Trade"), max_length=60, required=False, help_text=_("As it is called at work, such as blade grinding.")
    )
    motto = forms.CharField(
        label=_("Motto"), max_length=120, required=False,
        help_text=_("One sentence in your own words; it stands large beside your name."),
    )  # fmt: skip
    story = forms.CharField(
        label=_("Your story"), required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Plain text. A new line begins a new paragraph. Name other people only with their consent."),
    )  # fmt: skip
    drawing = forms.ChoiceField(label=_("Drawing beside your name"), choices=Drawing.choices)


class PortraitForm(forms.Form):
    file = PieceField(
        label=_("Picture"), kind=PICTURE, required=False,
        help_text=_("JPEG, PNG or WebP. Head and shoulders, upright; place and time of the camera are taken out."),
    )  # fmt: skip
    remove = forms.BooleanField(label=_("Take the portrait away; the drawing stands in its place"), required=False)


class WorkForm(forms.Form):
    title = forms.CharField(label=_("What it is called"), max_length=160)
    line = forms.CharField(
        label=_("What was reached, in figures"), max_length=200, required=False,
        help_text=_("Such as: deviation 0.06 → 0.02 mm, hours a piece 9.5 → 4.2."),
    )  # fmt: skip
    note = forms.CharField(
        label=pgettext_lazy("a work", "What became of it"), max_length=120, required=False,
        help_text=_("Such as: in use on three lines; patent granted."),
    )  # fmt: skip
    year = forms.IntegerField(label=_("Year"), min_value=1950, max_value=2100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Work.Kind.choices)
    drawing = forms.ChoiceField(label=_("Drawing, where there is no picture"), choices=Drawing.choices)
    picture = PieceField(
        label=_("Picture"), kind=PICTURE, required=False,
        help_text=_("JPEG, PNG or WebP. Nothing your employer keeps secret, and nobody who did not agree."),
    )  # fmt: skip
    without_picture = forms.BooleanField(label=_("Take the picture away"), required=False)
    shown = forms.BooleanField(label=_("Show it on the page"), required=False, initial=True)


class FilmForm(forms.Form):
    file = PieceField(
        label=_("Film"), kind=FILM, required=False,
        help_text=_("MP4 or WebM. It may be handed in in pieces and goes on where it broke off."),
    )  # fmt: skip
    poster = PieceField(label=_("Still picture"), kind=PICTURE, required=False)
    captions = PieceField(
        label=_("Captions"), kind=CAPTIONS, required=False, help_text=_("WebVTT (.vtt). Who can’t hear it reads it.")
    )


class PartsForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label=_("What everybody may see"), choices=Part.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two lines: what has to be changed. The craftsman reads it."),
    )  # fmt: skip


class EmptyForm(forms.Form):
    """Nothing to enter: the act itself is confirmed."""
