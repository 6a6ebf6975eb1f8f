"""What is asked for about a day of interviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.reviews.interviews.actions import DayGiven
from denggao.engines.reviews.interviews.models import InterviewDay, Slot


class OrderForm(forms.Form):
    order = forms.ChoiceField(
        label=pgettext_lazy("running order", "Order"), choices=InterviewDay.Order.choices, widget=forms.RadioSelect
    )
    seed = forms.CharField(
        label=_("Seed of the lot"),
        max_length=40,
        required=False,
        help_text=_(
            "Such as dice thrown in public. Left empty, one is drawn. It is kept and shown: anyone can draw the order again."
        ),
    )


class DayForm(OrderForm):
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    place = forms.CharField(label=pgettext_lazy("of a meeting", "Place"), max_length=120)
    minutes_each = forms.IntegerField(label=_("Minutes each"), min_value=1, max_value=240)
    break_after = forms.IntegerField(label=_("A break after so many"), min_value=0, max_value=200, help_text=_("0 for none."))
    break_minutes = forms.IntegerField(label=_("Minutes of a break"), min_value=0, max_value=240)

    field_order = ("title_zh", "title_en", "starts_at", "place", "minutes_each", "break_after", "break_minutes", "order", "seed")

    def given(self) -> DayGiven:
        return DayGiven(**self.cleaned_data)


class SwapForm(forms.Form):
    """With whom a turn is swapped."""

    other = forms.ModelChoiceField(label=_("Swap with"), queryset=Slot.objects.none(), to_field_name="public_id")

    def __init__(self, *args: Any, day: InterviewDay, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["other"]
        field.queryset = day.slots.filter(state=Slot.State.WAITING)


class MoveForm(forms.Form):
    to = forms.IntegerField(label=_("To position"), min_value=1, max_value=2000)
