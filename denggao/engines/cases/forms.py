"""Forms of the cases' pages. They read; what may be is decided by actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denggao.engines.cases import procedures
from denggao.engines.cases.actions.rounds import RoundGiven
from denggao.engines.cases.models import Round
from denggao.engines.cases.procedures import Audience, Stage
from denggao.engines.cases.sheets import SHEET_LIMIT
from denggao.engines.reviews.models import RubricVersion
from denggao.foundation.plans.models import Plan


def _reason(help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=2000, help_text=help_text, required=required, widget=forms.Textarea(attrs={"rows": 4})
    )


class SeenForm(forms.Form):
    """Every act says which state of the case its page showed."""

    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(SeenForm):
    reason = _reason(_("The applicant reads it."))


class RemarkForm(SeenForm):
    reason = _reason(_("Kept with the step; the applicant reads it."), required=False)


class ReturnForm(SeenForm):
    reason = _reason(_("What is to be done, in a sentence or two. The applicant reads it."))
    days = forms.IntegerField(
        label=_("Working days to correct it"), required=False, min_value=1, max_value=250, help_text=_("Empty: as the rules say.")
    )


class HandOverForm(SeenForm):
    """``choices``: public id and name of the colleagues who may work on it."""

    to = forms.ChoiceField(label=_("Hand over to"))
    reason = _reason(_("Your colleague reads it."))

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["to"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """One public notice for several cases."""

    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=120, required=False, help_text=_("Empty: the call’s."))
    title_en = forms.CharField(label=_("Title (English)"), max_length=160, required=False)
    body_zh = forms.CharField(label=_("Text (Chinese)"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    body_en = forms.CharField(label=_("Text (English)"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    days = forms.IntegerField(
        label=_("Working days"), required=False, min_value=1, max_value=60, help_text=_("Empty: as the rules say.")
    )


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("Excel or CSV"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"})
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > SHEET_LIMIT:
            limit = SHEET_LIMIT // 1024 // 1024
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Divide it, or remove pictures from it.") % {"limit": limit}
            )
        return file


class MomentField(forms.DateTimeField):
    """A moment as people enter it: a day and a time in Shanghai."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **given)


class RoundForm(forms.Form):
    """A call. ``changes`` is the one to change; else ``copied_from``, the one a new call begins as."""

    procedure = forms.ChoiceField(label=_("Procedure"))
    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Plan.objects.none(), required=False, empty_label="—")
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=120)
    title_en = forms.CharField(label=_("Title (English)"), max_length=160, required=False)
    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))
    document = forms.CharField(
        label=_("Document"), max_length=200, required=False, help_text=_("Its name and number: what the call rests on.")
    )
    quota = forms.IntegerField(
        label=_("Quota"), required=False, min_value=1, help_text=_("How many can be awarded; empty for no limit.")
    )
    call_zh = forms.CharField(label=_("Text (Chinese)"), required=False, widget=forms.Textarea(attrs={"rows": 8}))
    call_en = forms.CharField(label=_("Text (English)"), required=False, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(
        self,
        data: Any = None,
        *,
        changes: Round | None = None,
        copied_from: Round | None = None,
        now: dt.datetime,
    ) -> None:
        self.source = changes or copied_from
        initial = _initial(self.source, now, moved=changes is None) if self.source is not None else {"opens_at": now}
        super().__init__(data, initial=initial)
        self.fields["procedure"].choices = [(each.code, str(each.name)) for each in procedures.procedures()]  # type: ignore[attr-defined]
        self.fields["plan"].queryset = Plan.objects.all()  # type: ignore[attr-defined]
        code: Any = (data or initial).get("procedure") or next((each.code for each in procedures.procedures()), "")
        self.versions = _rubric_stages(code)
        for stage in self.versions:
            self.fields[f"rubric-{stage.code}"] = self._rubric(stage)
        self.asked = _options_of(code)
        for key, (stage, option, standard) in self.asked.items():
            given = (self.source.options.get(stage.code) or {}).get(option) if self.source is not None else None
            self.fields[key] = forms.DecimalField(
                label=f"{stage.names.of(Audience.OFFICE)} · {self.word_for(option)}",
                required=False,
                min_value=0,
                initial=given,
                help_text=_("Empty: %(standard)s, as the procedure says.") % {"standard": standard},
            )

    def _rubric(self, stage: Stage) -> forms.Field:
        """Which version of the rubric holds; other weights are a further version."""
        found = RubricVersion.objects.filter(rubric__code=stage.options["rubric"]).order_by("-version")
        choices = [(str(each.version), _("version %(number)s") % {"number": each.version}) for each in found]
        return forms.ChoiceField(
            label=_("%(stage)s · weights") % {"stage": stage.names.of(Audience.OFFICE)},
            required=False,
            choices=[("", _("the newest, when the review begins")), *choices],
            initial=str((self.source.options.get(stage.code) or {}).get("rubric_version", "")) if self.source else "",
            help_text=_("Weights are changed under Rubrics: that makes a further version."),
        )

    @staticmethod
    def word_for(option: str) -> str:
        return str(_OPTIONS.get(option, option))

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith("call_")]

    @property
    def wide_fields(self) -> list[Any]:
        return [self["call_zh"], self["call_en"]]

    def given(self) -> RoundGiven:
        """What was entered, with the options of other kinds that the call had."""
        cleaned = self.cleaned_data
        options: dict[str, dict[str, Any]] = {
            code: dict(each) for code, each in (self.source.options if self.source is not None else {}).items()
        }
        for key, (stage, option, _standard) in self.asked.items():
            value = cleaned.get(key)
            if value is None:
                options.get(stage.code, {}).pop(option, None)
            else:
                options.setdefault(stage.code, {})[option] = int(value) if value == int(value) else str(value)
        for stage in self.versions:
            version = cleaned.get(f"rubric-{stage.code}")
            options.setdefault(stage.code, {}).pop("rubric_version", None)
            if version:
                options[stage.code]["rubric_version"] = int(version)
        plain = {name: cleaned[name] for name in ("procedure", "plan", "title_zh", "title_en", "opens_at", "closes_at")}
        words = {name: cleaned[name] for name in ("call_zh", "call_en", "document", "quota")}
        return RoundGiven(**plain, **words, options={code: each for code, each in options.items() if each})


# The numbers of a stage that a call may set for itself.
_OPTIONS = {
    "days": _("working days of public notice"),
    "seats": _("experts for each case"),
    "minimum": _("points needed to go on"),
    "rubric_version": _("version of the rubric"),
}


def _rubric_stages(code: str) -> list[Stage]:
    try:
        return [stage for stage in procedures.latest(code).stages if stage.options.get("rubric")]
    except KeyError:
        return []


def _options_of(code: str) -> dict[str, tuple[Stage, str, Any]]:
    try:
        declared = procedures.latest(code)
    except KeyError:
        return {}
    return {
        f"option-{stage.code}-{option}": (stage, option, value)
        for stage in declared.stages
        for option, value in stage.options.items()
        if option in _OPTIONS
    }


def _initial(source: Round, now: dt.datetime, *, moved: bool) -> dict[str, Any]:
    """``moved``: for a new call, which begins now and is open as long as the last one."""
    opens, closes = source.opens_at, source.closes_at
    if moved:
        opens, closes = now, now + (source.closes_at - source.opens_at)
    return {
        "procedure": source.procedure,
        "plan": source.plan_id,
        "title_zh": source.title_zh,
        "title_en": source.title_en,
        "opens_at": timezone.localtime(opens),
        "closes_at": timezone.localtime(closes),
        "document": source.document,
        "quota": source.quota,
        "call_zh": source.call_zh,
        "call_en": source.call_en,
    }
