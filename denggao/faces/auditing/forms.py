"""By what the audit is narrowed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.faces.auditing.words import ACTIONS, OBJECTS, action_label
from denggao.foundation.audit.models import Record


def _action_choices() -> list[tuple[str, Any]]:
    return [("", _("All")), *sorted(((code, action_label(code)) for code in ACTIONS), key=lambda choice: choice[1])]


def _object_choices() -> list[tuple[str, Any]]:
    return [("", _("All")), *OBJECTS.items()]


class RecordFilter(forms.Form):
    """Bound to the address. What is not understood is ignored."""

    action = forms.ChoiceField(label=_("What was done"), choices=_action_choices, required=False)
    object_type = forms.ChoiceField(label=_("Kind of object"), choices=_object_choices, required=False)
    object = forms.CharField(label=_("Object’s id"), max_length=60, required=False, widget=forms.TextInput(attrs={"size": 18}))
    actor = forms.CharField(
        label=_("By whom"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("E-mail or id"), "size": 18}),
    )
    act = forms.UUIDField(label=_("Act"), required=False, widget=forms.HiddenInput)
    from_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @property
    def asked(self) -> dict[str, Any]:
        """The filters given and understood."""
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}

    @property
    def narrows(self) -> bool:
        return bool(self.asked.keys() - {"before", "after"})

    def narrow(self, records: QuerySet[Record]) -> QuerySet[Record]:
        asked = self.asked
        found = Q()
        for name, column in (("action", "action"), ("object_type", "object_type"), ("act", "act_id")):
            if name in asked:
                found &= Q(**{column: asked[name]})
        if "object" in asked:
            found &= Q(object_id=asked["object"])
        if "actor" in asked:
            found &= _by_actor(asked["actor"])
        if "from_on" in asked:
            found &= Q(at__gte=_midnight(asked["from_on"]))
        if "to_on" in asked:
            found &= Q(at__lt=_midnight(asked["to_on"] + dt.timedelta(days=1)))
        return records.filter(found)


def _by_actor(text: str) -> Q:
    """An account by its e-mail address, its whole id, or the first characters of it; the others by their kind."""
    text = text.strip().lower()
    if "@" in text:
        held = EmailAddress.objects.filter(email__iexact=text).values_list("user__public_id", flat=True)
        return Q(actor_id__in=[str(public_id) for public_id in held])
    try:
        return Q(actor_id=str(uuid.UUID(text)))
    except ValueError:
        return Q(actor_id__startswith=text)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class UnmaskForm(forms.Form):
    reason = forms.CharField(label=_("Why you need to see them"), max_length=300, help_text=_("It is recorded with your name."))
