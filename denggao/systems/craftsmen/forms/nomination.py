"""A nomination (C-2), section by section. Version 1."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from denggao.engines.cases.fields import FilesField, RowsField
from denggao.foundation.people.masks import mask_number
from denggao.foundation.people.rules import read_identity
from denggao.foundation.sheets.kinds import Fault
from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen import columns
from denggao.systems.craftsmen.rules import CHINESE, CONDITIONS

PAPERS = ("pdf", "png", "jpeg")
NATIONALITIES = (
    (CHINESE, pgettext_lazy("nationality", "Chinese national")),
    ("other", pgettext_lazy("nationality", "other")),
)


def industry_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((item.code, item.name) for item in Industry.objects.order_by("pk"))]


def _long(label: Any, rows: int = 5, *, required: bool = True, help_text: Any = "", most: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


class DocumentNumberField(forms.CharField):
    """PRIVACY: masked wherever it is shown; whole only where it is typed."""

    mask = staticmethod(mask_number)


class NomineeForm(forms.Form):
    """Who is nominated. Personal data: name and document number of the nominee."""

    name = forms.CharField(
        label=gettext_lazy("Name of the nominee"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Your own, where you nominate yourself."),
    )  # fmt: skip
    document_number = DocumentNumberField(
        label=gettext_lazy("Document number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Where somebody else is nominated: with it the person is known for certain. Masked wherever it is shown. Not needed "
            "for yourself."
        ),
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), choices=industry_choices)
    occupation = forms.CharField(label=gettext_lazy("Occupation"), max_length=120)
    post = forms.CharField(label=gettext_lazy("Post"), max_length=120)
    front_line_years = forms.IntegerField(
        label=gettext_lazy("Years on the front line"), min_value=0, max_value=60,
        help_text=gettext_lazy("Whole years in production, technology or research at the workplace."),
    )  # fmt: skip
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"), choices=NATIONALITIES)
    union_member = forms.BooleanField(label=gettext_lazy("Member of a union"), required=False)
    motto = forms.CharField(
        label=gettext_lazy("In one sentence"), max_length=60, required=False,
        help_text=gettext_lazy("In the nominee’s own words; it may stand on the nominee’s page later."),
    )  # fmt: skip

    def clean_document_number(self) -> str:
        number = str(self.cleaned_data.get("document_number") or "").strip()
        if number and isinstance(read := read_identity(None, number), Fault):
            raise forms.ValidationError(str(read.text) % {"column": _("Document number"), **read.values})
        return number


class ConditionsForm(forms.Form):
    """The four conditions. How many must be told, the round says."""

    craft = _long(CONDITIONS["craft"], required=False, most=1500, help_text=gettext_lazy("What only few master, with figures."))
    skill = _long(
        CONDITIONS["skill"], required=False, most=1500, help_text=gettext_lazy("Precision, speed, difficulty; results of contests.")
    )
    lead = _long(
        CONDITIONS["lead"], required=False, most=1500, help_text=gettext_lazy("Whom the nominee leads and teaches, and to what.")
    )
    contribution = _long(
        CONDITIONS["contribution"],
        required=False,
        most=1500,
        help_text=gettext_lazy("What changed by it: quality, cost, safety, with figures."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(str(given.get(code) or "").strip() for code in CONDITIONS):
            self.add_error(None, _("Tell at least one of the four conditions; the call says how many are asked for."))
        return given


class DeedsForm(forms.Form):
    """What the nominee has done, with the evidence."""

    story = _long(
        gettext_lazy("The story"), rows=10, most=3000,
        help_text=gettext_lazy("How the nominee came to the craft, what was hard, what it led to. 3,000 characters at most."),
    )  # fmt: skip
    works = RowsField(label=gettext_lazy("Works and achievements"), columns=columns.WORKS, most=20)
    patents = RowsField(label=gettext_lazy("Patents"), columns=columns.PATENTS, required=False, most=30)
    awards = RowsField(label=gettext_lazy("Awards and honours"), columns=columns.AWARDS, required=False, most=30)
    standards = RowsField(label=gettext_lazy("Standards and procedures"), columns=columns.STANDARDS, required=False, most=20)
    taught = RowsField(
        label=gettext_lazy("People taught"), columns=columns.TAUGHT, required=False, most=60,
        help_text=gettext_lazy("Beside those the platform knows already; names are masked wherever they are shown."),
    )  # fmt: skip


class EvidenceForm(forms.Form):
    """Papers, pictures, a film."""

    papers = FilesField(
        label=gettext_lazy("Papers that prove it"), taken=PAPERS, most=20,
        help_text=gettext_lazy("Certificates of awards and patents, adopted standards, proofs of savings."),
    )  # fmt: skip
    photos = FilesField(
        label=gettext_lazy("Photographs at work"), taken=("png", "jpeg"), required=False, most=12,
        help_text=gettext_lazy("Of the nominee and the works. No one else recognisable without that person’s consent."),
    )  # fmt: skip
    film = FilesField(
        label=gettext_lazy("Film"), taken=("mp4", "webm"), required=False, most=1, in_pieces=True, limit=2 * 1024**3,
        help_text=gettext_lazy(
            "Up to 2 GB. It is sent piece by piece: where the line breaks, choose the same file again and it goes on."
        ),
    )  # fmt: skip


class OpinionForm(forms.Form):
    """What the nominating body says. Whoever nominates oneself leaves it empty."""

    opinion = _long(
        gettext_lazy("Opinion of the nominating body"), rows=4, required=False, most=600,
        help_text=gettext_lazy("Needed where a body nominates; not for a self-nomination."),
    )  # fmt: skip
    place = forms.IntegerField(
        label=gettext_lazy("Place on the body’s own list"), min_value=1, max_value=99, required=False,
        help_text=gettext_lazy("Where the body nominates several: 1 is the first. It can be changed until the round closes."),
    )  # fmt: skip
    shown_from = forms.DateField(
        label=gettext_lazy("Shown within the body from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    shown_to = forms.DateField(label=gettext_lazy("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    stamped = FilesField(label=gettext_lazy("Stamped recommendation"), taken=PAPERS, required=False, most=3)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("shown_from"), given.get("shown_to")
        if first and last and last < first:
            self.add_error("shown_to", _("The last day lies before the first."))
        return given
