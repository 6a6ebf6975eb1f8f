"""Forms and filters of the pool."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.forms import IdentityForm
from denggao.foundation.standards.ladder import BY_CODE
from denggao.foundation.standards.models import Industry
from denggao.systems.bases.models import Base, Teacher, TeacherInvitation
from denggao.systems.bases.models.teachers import TeacherKind
from denggao.systems.bases.pool.actions import Paper

PAPER_TYPES = ("pdf", "png", "jpeg")
PAPER_LIMIT = 10 * 1024 * 1024
ALL = pgettext_lazy("no filter", "all")


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class TeacherForm(IdentityForm):
    """A person who is to join the pool."""

    home = forms.ModelChoiceField(label=_("Body"), queryset=Organisation.objects.none(), to_field_name="public_id")
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As on the document."))
    kind = forms.ChoiceField(label=_("As"), choices=TeacherKind.choices)
    industries = forms.ModelMultipleChoiceField(
        label=_("Teaches for"), queryset=Industry.objects.all(), widget=forms.CheckboxSelectMultiple, to_field_name="code"
    )
    from_on = _day(_("In the pool from"))
    field_order = ("home", "name", "document_kind", "document_number", "kind", "industries", "from_on")

    def __init__(self, *args: Any, homes: QuerySet[Organisation], today: dt.date, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"from_on": today}, **options})
        self.fields["home"].queryset = homes  # type: ignore[attr-defined]  # the mapping gives plain fields


class QualificationForm(forms.Form):
    """One paper by which a teacher may teach."""

    kind = forms.CharField(
        label=_("Qualification"), max_length=120, help_text=_("As on the paper, such as 高级技师职业技能等级证书.")
    )
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    issued_on = _day(_("Issue date"), required=False)
    expires_on = _day(_("Valid until"), _("The last day. Leave it empty where the paper has no end."), required=False)
    file = forms.FileField(label=_("Scan"), required=False, help_text=_("PDF, PNG or JPEG, at most 10 MB."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        levels = [(code, level.name) for code, level in BY_CODE.items() if level.certified]
        self.fields["level"].choices = [("", _("none")), *levels]  # type: ignore[attr-defined]  # the mapping gives plain fields

    def paper(self) -> Paper:
        return Paper(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


class InviteForm(forms.Form):
    """A base asks for a teacher."""

    base = forms.ModelChoiceField(label=_("For the base"), queryset=Base.objects.none(), to_field_name="public_id")
    subject = forms.CharField(label=_("Subject"), max_length=120, help_text=_("What the teacher is to teach."))
    from_on = _day(_("From"))
    to_on = _day(_("Last day"))

    def __init__(self, *args: Any, bases: QuerySet[Base], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["base"].queryset = bases  # type: ignore[attr-defined]  # the mapping gives plain fields


class AnswerForm(forms.Form):
    """The body's yes or no."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("to a request for consent", "Answer"),
        choices=[("yes", _("We lend the teacher")), ("no", _("We can’t"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Where you can’t: say why."),
        widget=forms.Textarea({"rows": 2}),
    )


class EndForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))


class LeaveForm(forms.Form):
    on = _day(_("Last day in the pool"))


class PoolFilter(django_filters.FilterSet):
    industry = django_filters.ModelChoiceFilter(
        label=_("Industry"), queryset=Industry.objects.all(), to_field_name="code", field_name="industries", empty_label=ALL
    )
    kind = django_filters.ChoiceFilter(label=_("As"), choices=TeacherKind.choices, empty_label=ALL)
    papers = django_filters.ChoiceFilter(
        label=_("Qualification"),
        choices=[("good", _("in force")), ("soon", _("running out")), ("none", _("none in force"))],
        method="by_papers",
        empty_label=ALL,
    )

    class Meta:
        model = Teacher
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, soon: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.soon = soon

    def by_papers(self, rows: QuerySet[Teacher], _name: str, value: str) -> QuerySet[Teacher]:
        wanted = {"good": Q(qualified=True), "none": Q(qualified=False), "soon": Q(runs_out_on__lte=self.soon)}
        return rows.filter(wanted[value])


class InvitationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=TeacherInvitation.State.choices, empty_label=ALL)

    class Meta:
        model = TeacherInvitation
        fields = ("state",)
