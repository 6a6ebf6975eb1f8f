"""Forms of the standards' pages. They read; what may be is decided by actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from denggao.foundation.standards.models import Occupation, OccupationEntry, OccupationName
from denggao.foundation.standards.queries import OccupationFinder

LIST_ID = "occupations"


class OccupationField(forms.CharField):
    """An occupation by its name, its code, or both, as the list beside it offers them; cleaned to an Occupation or None."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Occupation"))
        given.setdefault("help_text", _("Name or code, such as 6-18-01-01 车工; choose from the list while typing."))
        super().__init__(max_length=160, widget=forms.TextInput(attrs={"list": LIST_ID, "autocomplete": "off"}), **given)

    def clean(self, value: Any) -> Occupation | None:
        text = super().clean(value)
        if not text:
            return None
        found = OccupationFinder().resolve(text)
        if found.occupation is None:
            raise forms.ValidationError(
                _("Occupation: “%(text)s” is not one occupation; choose one from the list."), params={"text": text}
            )
        return found.occupation


class MapNameForm(forms.Form):
    """Which occupation a written name means: one of the candidates, or any other."""

    candidate = forms.ChoiceField(label=_("It means"), required=False, widget=forms.RadioSelect)
    other = OccupationField(label=_("Another occupation"), required=False)

    def __init__(self, *args: Any, candidates: Iterable[Occupation], **given: Any) -> None:
        super().__init__(*args, **given)
        self.candidates = {str(item.public_id): item for item in candidates}
        field = self.fields["candidate"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(key, f"{item.name} · {item.code}") for key, item in self.candidates.items()]
        if not self.candidates:
            del self.fields["candidate"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = self.candidates.get(cleaned.get("candidate") or "")
        cleaned["occupation"] = cleaned.get("other") or chosen
        if cleaned["occupation"] is None and not self.errors:
            raise forms.ValidationError(_("Choose which occupation is meant."))
        return cleaned


class JobTitleForm(forms.Form):
    name_zh = forms.CharField(label=_("Job title"), max_length=120)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The standard or document that names it."))


class MoveForm(forms.Form):
    old_code = forms.CharField(label=_("Old code"), max_length=20, help_text=_("Such as 2-02-10-09."))
    new_code = forms.CharField(label=_("New code"), max_length=20, help_text=_("Such as 2-02-38-01."))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document that moved it."))


_MAJORS = [("2", _("2 professionals")), ("4", _("4 services")), ("6", _("6 production"))]


class OccupationFilter(django_filters.FilterSet):
    major = django_filters.ChoiceFilter(label=_("Major group"), choices=_MAJORS, empty_label=_("all"), method="of_major")
    edition = django_filters.ChoiceFilter(label=_("Edition"), choices=[], empty_label=_("all"), method="of_edition")

    class Meta:
        model = Occupation
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        years = OccupationEntry.objects.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["edition"].extra["choices"] = [(str(year), str(year)) for year in years]

    def of_major(self, rows: QuerySet[Occupation], _name: str, value: str) -> QuerySet[Occupation]:
        return rows.filter(code__startswith=f"{value}-")

    def of_edition(self, rows: QuerySet[Occupation], _name: str, value: str) -> QuerySet[Occupation]:
        return rows.filter(pk__in=OccupationEntry.objects.filter(year=value).values("occupation_id"))


class NameFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=OccupationName.State.choices, empty_label=_("to map"), method="of_state"
    )

    class Meta:
        model = OccupationName
        fields: tuple[str, ...] = ()

    def of_state(self, rows: QuerySet[OccupationName], _name: str, value: str) -> QuerySet[OccupationName]:
        return rows.filter(state=value)

    def filter_queryset(self, queryset: QuerySet[OccupationName]) -> QuerySet[OccupationName]:
        rows: QuerySet[OccupationName] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.exclude(state=OccupationName.State.MAPPED)
