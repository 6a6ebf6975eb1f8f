"""What is asked for to invite, and by whom a list of members is narrowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from denggao.foundation.audit.actors import Actor, Role
from denggao.foundation.organisations.members.policies import Offer, can_invite, offered_bodies, offered_roles
from denggao.foundation.organisations.members.rules import WITHOUT_A_BODY, State
from denggao.foundation.organisations.models import Invitation, Membership, Organisation
from denggao.foundation.people.signin.forms import LANGUAGES
from denggao.foundation.people.signin.rules import Address, read_address
from denggao.foundation.ui.templatetags.dg import role_label


class InviteForm(forms.Form):
    """A role for an address. ``actor`` decides which roles and bodies are offered at all."""

    address = forms.CharField(
        label=_("E-mail or phone"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none(), required=False)
    to_on = forms.DateField(
        label=_("Last day of the role"),
        required=False,
        help_text=_("Empty: until it is ended."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        bodies = offered_bodies(actor).order_by("name_zh")
        roles = offered_roles(actor)
        none_yet = [("", _("Please choose"))] if len(roles) > 1 else []
        self.fields["role"].choices = [*none_yet, *((role.value, role_label(role)) for role in roles)]  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.fields["organisation"].label_from_instance = lambda body: body.name  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.fields["organisation"].empty_label = "—"  # type: ignore[attr-defined]  # the mapping gives plain fields
        if any(role in WITHOUT_A_BODY for role in roles):
            self.fields["organisation"].help_text = _("Office roles hold for the whole office: leave it empty for them.")
        else:
            self.fields["organisation"].required = True
            only = list(bodies[:2])
            if len(only) == 1:
                self.fields["organisation"].initial = only[0]

    def clean_address(self) -> Address:
        address = read_address(self.cleaned_data["address"])
        if address is None:
            raise ValidationError(gettext("This is neither an e-mail address nor a mobile number."))
        return address

    def clean_to_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["to_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(gettext("The last day lies in the past. Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "role" in given and "organisation" in given:
            role, body = Role(given["role"]), given["organisation"]
            if role in WITHOUT_A_BODY and body is not None:
                self.add_error("organisation", _("This role holds for the whole office. Leave the organisation empty."))
            elif role not in WITHOUT_A_BODY and body is None:
                self.add_error("organisation", _("This role is held within an organisation. Choose one."))
            elif not can_invite(self.actor, Offer(role, body)):
                self.add_error("role", _("You may not give this role here."))
        return given

    @property
    def offer(self) -> Offer:
        return Offer(Role(self.cleaned_data["role"]), self.cleaned_data["organisation"])


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_label(role)) for role in Role]


class MemberFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(label=_("Role"), choices=_roles, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[("held", _("Holds")), ("ended", _("Ended")), ("closed", _("Account closed"))],
        empty_label=_("All"),
    )

    class Meta:
        model = Membership
        fields = ("role", "state")

    def in_state(self, rows: QuerySet[Membership], _name: str, value: str) -> QuerySet[Membership]:
        today = timezone.localdate()
        if value == "closed":
            return rows.filter(account__is_active=False)
        if value == "ended":
            return rows.filter(to_on__lt=today)
        return rows.filter(Q(to_on=None) | Q(to_on__gte=today), account__is_active=True)


class InvitationFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(label=_("Role"), choices=_roles, empty_label=_("All"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[
            (State.OPEN.value, _("Waiting for an answer")),
            (State.EXPIRED.value, _("Run out")),
            (State.ACCEPTED.value, _("Taken up")),
            (State.WITHDRAWN.value, _("Withdrawn")),
        ],
        empty_label=_("All"),
    )

    class Meta:
        model = Invitation
        fields = ("role", "state")

    def in_state(self, rows: QuerySet[Invitation], _name: str, value: str) -> QuerySet[Invitation]:
        now = timezone.now()
        if value == State.ACCEPTED:
            return rows.exclude(accepted_at=None)
        if value == State.WITHDRAWN:
            return rows.exclude(withdrawn_at=None)
        waiting = rows.filter(accepted_at=None, withdrawn_at=None)
        return waiting.filter(expires_at__gte=now) if value == State.OPEN else waiting.filter(expires_at__lt=now)
