"""What is asked for about a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.engines.reviews.meetings.actions.planning import MeetingGiven
from denggao.engines.reviews.meetings.models import Meeting, Member
from denggao.engines.reviews.meetings.queries import minute_takers
from denggao.engines.reviews.models import Expert
from denggao.foundation.accounts.models import User
from denggao.foundation.ui.words import account_names

_SHARES = [(1, 2), (3, 5), (2, 3), (3, 4), (4, 5)]


def _choices() -> list[tuple[str, Any]]:
    return [("", _("as the rules have it")), *((f"{parts}/{of}", f"{parts}/{of}") for parts, of in _SHARES)]


class MeetingForm(forms.Form):
    """``meeting``: the one to change. A share left empty is the subject's own, else the default of the day."""

    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200, required=False)
    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    place = forms.CharField(label=pgettext_lazy("of a meeting", "Place"), max_length=120)
    minute_taker = forms.ModelChoiceField(label=_("Minutes taken by"), queryset=User.objects.none(), to_field_name="public_id")
    way = forms.ChoiceField(label=_("Way of voting"), choices=Meeting.Way.choices, widget=forms.RadioSelect)
    quorum = forms.ChoiceField(
        label=_("Quorum of its own"), choices=_choices, required=False, help_text=_("So many of the members must be present.")
    )
    majority = forms.ChoiceField(
        label=_("Majority of its own"),
        choices=_choices,
        required=False,
        help_text=_("Of those present and not recused; 1/2 means more than half."),
    )

    def __init__(self, *args: Any, now: dt.datetime, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["minute_taker"]
        field.queryset = minute_takers(now)
        names = account_names([str(user.public_id) for user in field.queryset])
        field.label_from_instance = lambda user: names.get(str(user.public_id), user.audit_text)

    def given(self) -> MeetingGiven:
        said = self.cleaned_data
        return MeetingGiven(
            title_zh=said["title_zh"],
            title_en=said["title_en"],
            place=said["place"],
            starts_at=said["starts_at"],
            minute_taker=said["minute_taker"],
            way=said["way"],
            quorum=_share(said["quorum"]),
            majority=_share(said["majority"]),
        )


def initial_of(meeting: Meeting) -> dict[str, Any]:
    own = meeting.own_rule
    return {
        "title_zh": meeting.title_zh,
        "title_en": meeting.title_en,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "minute_taker": meeting.minute_taker.public_id,
        "way": meeting.way,
        "quorum": f"{meeting.quorum_parts}/{meeting.quorum_of}" if own else "",
        "majority": f"{meeting.majority_parts}/{meeting.majority_of}" if own else "",
    }


def _share(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    parts, _slash, of = text.partition("/")
    return int(parts), int(of)


class InviteForm(forms.Form):
    experts = forms.ModelMultipleChoiceField(
        label=_("Experts"), queryset=Expert.objects.select_related("person__account"), to_field_name="public_id"
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RecusalForm(ReasonForm):
    """Which member, by the chair's word."""

    member = forms.ModelChoiceField(
        label=pgettext_lazy("jury", "Member"), queryset=Member.objects.none(), to_field_name="public_id"
    )

    def __init__(self, *args: Any, meeting: Meeting, **given: Any) -> None:
        super().__init__(*args, **given)
        field: Any = self.fields["member"]
        field.queryset = meeting.members.select_related("expert__person")


class CountForm(forms.Form):
    """A secret vote, counted. ``seen`` is the ballot's lock as the page showed it."""

    in_favour = forms.IntegerField(label=_("In favour"), min_value=0)
    against = forms.IntegerField(label=pgettext_lazy("votes", "Against"), min_value=0)
    abstained = forms.IntegerField(label=_("Abstained"), min_value=0)
    seen = forms.IntegerField(widget=forms.HiddenInput)


class SeenForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class TextForm(forms.Form):
    """A text and, where it could be overwritten, the one the page showed."""

    text = forms.CharField(label=_("Text"), max_length=8000, required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}))
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
