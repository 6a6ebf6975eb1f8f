"""Forms and filters of the pages on studios that stand."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from denggao.engines.cases.models import Round
from denggao.engines.notices.forms import FilesField
from denggao.foundation.standards.models import Industry
from denggao.systems.craftsmen.models import Craftsman
from denggao.systems.craftsmen.studios import rules
from denggao.systems.craftsmen.studios.models import Alliance, Project, Result, Studio, StudioAct, StudioMember
from denggao.systems.craftsmen.studios.queries import STUDIO, alliances_of

FILE_TYPES = ("pdf", "png", "jpeg")
PHOTO_TYPES = ("png", "jpeg")
FILE_LIMIT = 20 * 1024 * 1024
_FILE_HELP = gettext_lazy("PDF or picture, up to 20 MB.")
ALL_TEXT = pgettext_lazy("no filter", "all")


def _long(label: Any, help_text: Any = "", *, required: bool = True, most: int = 500, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows})
    )


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}))


class StudioFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=Studio.State.choices, empty_label=ALL_TEXT)
    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Industry"), queryset=Industry.objects.all(), empty_label=ALL_TEXT, to_field_name="code"
    )
    waits = django_filters.ChoiceFilter(
        label=gettext_lazy("Waits for"),
        choices=[
            ("leader", gettext_lazy("a new leader")),
            ("evaluation", gettext_lazy("its evaluation, within three months")),
            ("remedy", gettext_lazy("remedies after an evaluation")),
        ],
        empty_label=ALL_TEXT,
        method="what_waits",
    )

    class Meta:
        model = Studio
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: dt.date, **given: Any) -> None:
        super().__init__(*args, **given)
        self.today = today

    def what_waits(self, studios: QuerySet[Studio], name: str, value: str) -> QuerySet[Studio]:
        standing = studios.filter(state__in=[Studio.State.NAMED, Studio.State.SUSPENDED])
        if value == "leader":
            return standing.filter(leader__state=Craftsman.State.REVOKED)
        if value == "remedy":
            return standing.filter(evaluations__outcome="remedy").distinct()
        return standing.filter(evaluation_due_on__lte=self.today + dt.timedelta(days=92))


class PublicFilter(django_filters.FilterSet):
    """``state`` left empty shows those in force."""

    industry = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Industry"), queryset=Industry.objects.all(), empty_label=ALL_TEXT, to_field_name="code"
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[("ended", gettext_lazy("un-named")), ("all", pgettext_lazy("studios", "all, also former ones"))],
        empty_label=gettext_lazy("in force"),
        method="nothing_more",
    )

    class Meta:
        model = Studio
        fields: tuple[str, ...] = ()

    def nothing_more(self, studios: QuerySet[Studio], name: str, value: str) -> QuerySet[Studio]:
        return studios

    def filter_queryset(self, queryset: QuerySet[Studio]) -> QuerySet[Studio]:
        found: QuerySet[Studio] = super().filter_queryset(queryset)
        match self.form.cleaned_data.get("state"):
            case "ended":
                return found.filter(state=Studio.State.UNNAMED)
            case "all":
                return found
            case _:
                return found.filter(state__in=[Studio.State.NAMED, Studio.State.SUSPENDED])


class OrderForm(forms.Form):
    """The document by which studios of a call are named."""

    round = forms.ModelChoiceField(label=gettext_lazy("Call"), queryset=Round.objects.none(), empty_label=None)
    number = forms.CharField(
        label=pgettext_lazy("naming document", "Document number"),
        max_length=60,
        help_text=gettext_lazy("As printed: 沪临工〔2021〕18号."),
    )
    title = forms.CharField(label=gettext_lazy("Title of the document"), max_length=200)
    issued_on = _day(gettext_lazy("Date of the document"))
    file = forms.FileField(label=gettext_lazy("Scan"), required=False, help_text=_FILE_HELP)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["round"].queryset = Round.objects.filter(procedure=STUDIO).order_by("-pk")  # type: ignore[attr-defined]  # the mapping gives plain fields


class ActForm(forms.Form):
    """Proposing an act on a studio. ``leaders``: who may lead it instead."""

    leader = forms.ChoiceField(
        label=gettext_lazy("Leading craftsman"), help_text=gettext_lazy("Craftsmen in force of this employer who lead no studio.")
    )
    grounds = forms.ChoiceField(label=gettext_lazy("Grounds"))
    reason = _long(gettext_lazy("Reason"), gettext_lazy("The employer reads it."))
    evidence = forms.FileField(label=gettext_lazy("Paper"), required=False, help_text=_FILE_HELP)

    def __init__(self, *args: Any, kind: str, leaders: list[Craftsman], **given: Any) -> None:
        super().__init__(*args, **given)
        labels = dict(StudioAct.Grounds.choices)
        self.fields["grounds"].choices = [(code, labels[code]) for code in rules.GROUNDS[kind]]  # type: ignore[attr-defined]  # as above
        if kind == StudioAct.Kind.LEAD:
            self.fields["leader"].choices = [  # type: ignore[attr-defined]  # as above
                (str(one.public_id), f"{one.person.name} · {one.certificate.number if one.certificate else ''}") for one in leaders
            ]
        else:
            del self.fields["leader"]


class ReasonForm(forms.Form):
    reason = _long(gettext_lazy("Reason"), gettext_lazy("The employer reads it."))


class RemarkForm(forms.Form):
    """A word, where there is one to say."""

    reason = _long(gettext_lazy("Remark"), required=False)


class MemberForm(forms.Form):
    """Whom of the staff to ask."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("As in the employer’s roster."))
    document_number = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Only where the roster has several people of this name."),
    )
    role = forms.ChoiceField(
        label=pgettext_lazy("in a studio", "Role"),
        choices=[(code, label) for code, label in StudioMember.Role.choices if code != StudioMember.Role.LEADER],
    )


class JoinForm(forms.Form):
    """One's own yes."""

    is_public = forms.BooleanField(
        label=gettext_lazy("My whole name may stand on the studio’s public page"),
        required=False,
        help_text=gettext_lazy("Without this, a masked name is shown. You can change it at any time."),
    )


class LeaveForm(forms.Form):
    reason = _long(gettext_lazy("Reason"), most=300)


class ProjectForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Project.Kind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    from_on = _day(gettext_lazy("First day"))
    aim = _long(gettext_lazy("Aim"), required=False, most=2000)
    partners = forms.CharField(
        label=gettext_lazy("Partners"), max_length=300, required=False, help_text=gettext_lazy("Bodies, no persons.")
    )
    alliance = forms.ModelChoiceField(
        label=gettext_lazy("Joint project of the alliance"),
        queryset=Alliance.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=pgettext_lazy("alliance", "none"),
    )

    def __init__(self, *args: Any, studio: Studio, **given: Any) -> None:
        super().__init__(*args, **given)
        _offer_alliances(self, studio)


class ProjectEndForm(forms.Form):
    finished = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=[("yes", gettext_lazy("Finished")), ("no", gettext_lazy("Given up"))],
        widget=forms.RadioSelect,
    )
    on = _day(gettext_lazy("Last day"))


class ResultForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Result.Kind.choices)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("A course of the catalogue brings its own."),
    )
    on = _day(gettext_lazy("Day"), gettext_lazy("Granted, adopted, awarded or shown on."))
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Of the patent, standard or certificate."),
    )
    amount_yuan = forms.DecimalField(
        label=gettext_lazy("Saved in a year (yuan)"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2, required=False,
        help_text=gettext_lazy("Only of a saving."),
    )  # fmt: skip
    course = forms.CharField(
        label=gettext_lazy("Course in the catalogue"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Paste the address of its page: a course the platform knows counts at once."),
    )
    project = forms.ModelChoiceField(
        label=gettext_lazy("Project it came from"),
        queryset=Project.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=pgettext_lazy("project", "none"),
    )
    proof = forms.FileField(label=pgettext_lazy("of a studio", "Proof"), required=False, help_text=_FILE_HELP)

    def __init__(self, *args: Any, studio: Studio, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["project"].queryset = studio.projects.all()  # type: ignore[attr-defined]  # the mapping gives plain fields

    def clean_course(self) -> Any:
        """The public id in what was pasted; None where nothing was."""

        text = self.cleaned_data["course"]
        if not text:
            return None
        found = re.search(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text)
        if found is None:
            raise forms.ValidationError(_("Paste the address of the course’s page as your browser shows it."))
        return uuid.UUID(found.group())


class DecideForm(forms.Form):
    confirmed = forms.ChoiceField(
        label=gettext_lazy("What you found"),
        choices=[("yes", gettext_lazy("The proof shows it: confirmed")), ("no", gettext_lazy("It does not: not confirmed"))],
        widget=forms.RadioSelect,
    )
    reason = _long(
        gettext_lazy("Remark"), gettext_lazy("Say what is missing, where it is not confirmed."), required=False, most=300
    )


class VisitForm(forms.Form):
    on = _day(gettext_lazy("Day"))
    visitors = forms.CharField(
        label=gettext_lazy("Visitors"), max_length=160, help_text=gettext_lazy("The body that came; no names of persons.")
    )
    people = forms.IntegerField(label=pgettext_lazy("of a visit", "People"), min_value=1, max_value=5000)
    about = forms.CharField(label=gettext_lazy("What it was about"), max_length=300, required=False)
    alliance = forms.ModelChoiceField(
        label=gettext_lazy("Shared visit of the alliance"),
        queryset=Alliance.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=pgettext_lazy("alliance", "none"),
    )
    photos = FilesField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("Up to six; for employer and office, never public."),
    )

    def __init__(self, *args: Any, studio: Studio, **given: Any) -> None:
        super().__init__(*args, **given)
        _offer_alliances(self, studio)


class CheckForm(forms.Form):
    remedied = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            ("yes", gettext_lazy("Remedied: stays a studio")),
            ("no", gettext_lazy("Not remedied: its un-naming is proposed")),
        ],
        widget=forms.RadioSelect,
    )
    reason = _long(gettext_lazy("Reason"), gettext_lazy("The employer reads it."))


class AllianceForm(forms.Form):
    name_zh = forms.CharField(label=gettext_lazy("Name of the alliance"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=160, required=False)
    charter = _long(
        gettext_lazy("Charter"), gettext_lazy("What it is for, who takes part, how it is led. Becomes public."), most=8000, rows=10
    )


class AllianceAskForm(forms.Form):
    """Which studio: one's own to join, or another to be invited."""

    studio = forms.ModelChoiceField(
        label=pgettext_lazy("craftsman studio", "Studio"),
        queryset=Studio.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )

    def __init__(self, *args: Any, studios: QuerySet[Studio], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["studio"].queryset = studios  # type: ignore[attr-defined]  # the mapping gives plain fields


class AnswerForm(forms.Form):
    yes = forms.ChoiceField(
        label=pgettext_lazy("to a request for consent", "Answer"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    reason = _long(gettext_lazy("Reason"), gettext_lazy("Where the answer is no."), required=False, most=300)


def _offer_alliances(form: forms.Form, studio: Studio) -> None:
    """Where a studio is in none, the field is not shown."""
    offered = alliances_of(studio)
    if offered.exists():
        form.fields["alliance"].queryset = offered  # type: ignore[attr-defined]  # the mapping gives plain fields
    else:
        del form.fields["alliance"]
