from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denggao.faces.api.policies import can_grant_office_scopes, manageable_organisations
from denggao.faces.api.rules import LONGEST_DAYS, OFFICE_SCOPES, Scope
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation

USUAL_DAYS = 180


class OrganisationChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # the class is generic for the type checker alone
    def label_from_instance(self, obj: Organisation) -> str:
        return obj.name


class TokenForm(forms.Form):
    """What a new token is for. Only what the actor may grant is offered."""

    organisation = OrganisationChoice(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        help_text=_("The token acts for this body and sees nothing of any other."),
    )
    name = forms.CharField(
        label=_("Which program will hold it"),
        max_length=80,
        help_text=_("Such as “payroll, test system”: you will find it by this."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Grant no more than it needs."),
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("At most a year from today."),
    )

    def __init__(self, *args: Any, actor: Actor, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = manageable_organisations(actor)
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]  # the mapping gives plain fields
        only = bodies[:2]
        if len(only) == 1:
            self.fields["organisation"].initial = only[0].public_id
        if not can_grant_office_scopes(actor):
            self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # the mapping gives plain fields
                choice for choice in Scope.choices if choice[0] not in OFFICE_SCOPES
            ]
        self.fields["expires_on"].initial = today + dt.timedelta(days=USUAL_DAYS)
        self.fields["expires_on"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + dt.timedelta(days=LONGEST_DAYS)).isoformat(),
        }
