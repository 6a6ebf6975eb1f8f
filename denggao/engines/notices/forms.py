"""Forms of the notices' pages. They read; what may be is decided by actions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from denggao.engines.notices.actions import Handed
from denggao.engines.notices.models import Notice, NoticeItem, Objection
from denggao.engines.notices.rules import MOST_EXTENSION, TEXT_LENGTH
from denggao.foundation.plans.models import Plan

WHOLE = "whole"
_SALT = "notices.objection"
_QUICKEST_SECONDS = 2
_OLDEST_SECONDS = 24 * 3600


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. What is wrong with one is said by the action, which looks into it."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(item, initial) for item in given]


def form_token() -> str:
    """What a form carries against machines and double clicks: a key of its own, and since when it is open."""
    return signing.dumps(uuid.uuid4().hex, salt=_SALT)


class ObjectionForm(forms.Form):
    """One objection. The fields keep what was written when a file is refused; a browser gives no file back."""

    item = forms.ChoiceField(label=_("Against"), initial=WHOLE)
    text = forms.CharField(
        label=_("What you object to, and why"),
        widget=forms.Textarea(attrs={"rows": 7, "maxlength": TEXT_LENGTH}),
        help_text=_("Facts that can be checked help most: what, when, where, who can confirm it. It is kept as you write it."),
        error_messages={"required": _("Say what you object to, and why; facts that can be checked help most.")},
    )
    attached = FilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, PNG or JPEG, at most 5 files of 10 MB each. Organisations: the letter with your seal."),
    )
    kind = forms.ChoiceField(
        label=_("Your identity"),
        initial=Objection.Kind.NAMED,
        widget=forms.RadioSelect,
        choices=[
            (Objection.Kind.NAMED, _("By name: those in the office who handle objections may read it")),
            (Objection.Kind.PROTECTED, _("Protected: only the one who investigates may read it, and each reading is recorded")),
        ],
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={
            "required": _("An objection by name needs one. To keep it from everybody but the investigator, choose protection.")
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Never shown to the public, nor to whom the objection is against. With protection it may stay empty."),
    )
    contact = forms.CharField(
        label=_("Telephone or e-mail"),
        max_length=120,
        error_messages={"required": _("Say how you can be reached: a telephone number or an e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        help_text=_("For questions of the investigator. With protection it may stay empty: you follow the ruling by your receipt."),
    )
    body_name = forms.CharField(
        label=_("Organisation"), max_length=120, required=False, help_text=_("Only where an organisation objects, under its seal.")
    )
    # Machines fill whatever they find; people neither see nor reach it.
    homepage = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[NoticeItem], **given: Any) -> None:
        super().__init__(*args, **given)
        self.items = {str(item.public_id): item for item in items if item.state == NoticeItem.State.SHOWN}
        field = self.fields["item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(WHOLE, _("the whole notice")), *((key, item.name) for key, item in self.items.items())]
        self.fields["attached"].widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
        if self.data.get("kind") == Objection.Kind.PROTECTED:
            self.fields["name"].required = self.fields["contact"].required = False
        self.key = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("homepage"):
            self.add_error(None, _("A field that people don’t see was filled in. Reload the page, and write it by hand."))
        try:
            self.key = signing.loads(cleaned.get("token", ""), salt=_SALT, max_age=_OLDEST_SECONDS)
        except signing.BadSignature:
            self.add_error(None, _("This form was open for too long, or not opened here. Look it through, and send it again."))
        return cleaned

    @property
    def chosen(self) -> NoticeItem | None:
        return self.items.get(self.cleaned_data.get("item", ""))

    @property
    def handed(self) -> list[Handed]:
        given = self.cleaned_data.get("attached") or []
        return [Handed(item.name or "", item.file, item.size or 0) for item in given]


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label=_("Receipt code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "placeholder": "XXXX-XXXX-XXXX"}
        ),
        help_text=_("Twelve letters and digits, shown when the objection was received."),
    )


def _reason(label: Any, help_text: Any, length: int = 300, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


class ExtendForm(forms.Form):
    days = forms.IntegerField(label=_("Further working days"), min_value=1, max_value=MOST_EXTENSION, initial=5)
    reason = _reason(_("Reason"), _("Such as new material that the public has to see. It is kept in the record."))


class DropForm(forms.Form):
    reason = _reason(_("Reason"), _("It is kept in the record; the public reads only that the name is no longer on the notice."))


class TakeUpForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why you take it over."),
    )


class NoteForm(forms.Form):
    text = _reason(_("What was found"), _("For the office alone. A note is never changed: add another one."), TEXT_LENGTH, 4)


class RedactForm(forms.Form):
    text = _reason(
        _("Redacted copy"),
        _("What the public reads: without names, numbers, and whatever tells who wrote it. The original stays as it is."),
        TEXT_LENGTH,
        10,
    )


class IdentityForm(forms.Form):
    purpose = forms.CharField(label=_("What you need it for"), max_length=300, help_text=_("It is recorded with your name."))


class RulingForm(forms.Form):
    """How an objection is ruled on."""

    outcome = forms.ChoiceField(
        label=_("Ruling"),
        widget=forms.RadioSelect,
        choices=[
            ("none", _("Dismissed: the notice goes on")),
            (Objection.Consequence.SEND_BACK, _("Upheld: the application goes back")),
            (Objection.Consequence.END, _("Upheld: the application ends")),
        ],
    )
    reason = _reason(_("Reasons"), _("Whoever objected reads them by the receipt code; write no names into them."), 1000, 5)


class ObjectionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Objection.State.choices, empty_label=_("all"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Objection.Kind.choices, empty_label=_("all"))

    class Meta:
        model = Objection
        fields = ("state", "kind")


class NoticeFilter(django_filters.FilterSet):
    plan = django_filters.ModelChoiceFilter(
        label=_("Plan"), queryset=Plan.objects.all(), to_field_name="code", empty_label=_("all")
    )

    class Meta:
        model = Notice
        fields = ("plan",)
