"""The office's form of a call. It reads; what may be is decided by the actions of rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from denggao.engines.cases import procedures
from denggao.engines.cases.actions.rounds import RoundGiven
from denggao.engines.cases.focus import Sought, grouped
from denggao.engines.cases.models import Round
from denggao.engines.cases.procedures import Audience, Group, Procedure, Rule, Stage, StageKind
from denggao.engines.reviews.models import RubricVersion
from denggao.foundation.plans.models import Plan
from denggao.foundation.standards.queries import RuleTable


class MomentField(forms.DateTimeField):
    """A moment as people enter it: a day and a time in Shanghai."""

    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **given)


# What else is asked depends on procedure and plan: that part alone is drawn again, with what was entered in it. What is typed
# elsewhere meanwhile stays; the part itself takes nothing while it is drawn.
_REDRAWN = {
    "hx-get": "?", "hx-trigger": "change", "hx-include": "closest form", "hx-target": "#call-asked", "hx-swap": "outerHTML",
    "hx-select": "#call-asked", "hx-sync": "closest form:replace", "hx-disabled-elt": "#call-asked",
    "hx-params": "not csrfmiddlewaretoken,focus-of,title_zh,title_en,call_zh,call_en,document",
}  # fmt: skip


class RoundForm(forms.Form):
    """A call. ``changes`` is the one to change; else ``copied_from``, the one a new call begins as."""

    procedure = forms.ChoiceField(label=_("Procedure"), widget=forms.Select(attrs=_REDRAWN))
    plan = forms.ModelChoiceField(
        label=_("Plan"), queryset=Plan.objects.none(), required=False, empty_label="—", widget=forms.Select(attrs=_REDRAWN)
    )
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
        chosen: Mapping[str, str] | None = None,
        now: dt.datetime,
    ) -> None:
        """``chosen``: what stands in the address, such as the procedure and plan a link leads to; it wins over the source."""
        self.source, self.changes = changes or copied_from, changes
        initial = _initial(self.source, now, moved=changes is None) if self.source is not None else {"opens_at": now}
        initial |= {name: value for name, value in (chosen or {}).items() if name in self.base_fields}
        super().__init__(data, initial=initial)
        self.fields["procedure"].choices = [(each.code, str(each.name)) for each in procedures.procedures()]  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.fields["plan"].queryset = Plan.objects.all()  # type: ignore[attr-defined]  # the mapping gives plain fields
        self.code = str((data or initial).get("procedure") or next((each.code for each in procedures.procedures()), ""))
        self.standing = self.source.options if self.source is not None and self.source.procedure == self.code else {}
        self._choose_form()
        self.versions = _rubric_stages(self.code)
        for stage in self.versions:
            self.fields[f"rubric-{stage.code}"] = self._rubric(stage)
        self.asked = _options_of(self.code)
        for key, (stage, option, standard) in self.asked.items():
            self.fields[key] = forms.DecimalField(
                label=f"{stage.names.of(Audience.OFFICE)} · {_OPTIONS[option]}",
                required=False,
                min_value=1 if option in _WHOLE else 0,
                decimal_places=0 if option in _WHOLE else 2,
                initial=self._kept(stage, option),
                help_text=_("Empty: %(standard)s") % {"standard": standard_of(standard, timezone.localdate(now))},
            )
        self._ask_seats((data or initial).get("plan"))
        self._carry(chosen or {})
        self._choose_focus((data or initial).get("plan"), timezone.localdate(now))

    def _carry(self, typed: Mapping[str, str]) -> None:
        """What was entered in the part that is drawn again. Drawn for another procedure, its numbers alone mean the same here."""
        same = typed.get("drawn-for") == self.code
        for name, value in typed.items():
            if name in self.fields and name not in self.base_fields and (same or (value and name in self.asked)):
                self.initial[name] = value

    def _kept(self, stage: Stage, option: str) -> Any:
        return (self.standing.get(stage.code) or {}).get(option)

    def _choose_form(self) -> None:
        """Which version of the application form is written on; not asked where there is but one."""
        declared = _declared(self.code)
        if declared is None or len(declared.forms) < 2:
            return
        versions = [(str(number), _("version %(number)s") % {"number": number}) for number in sorted(declared.forms, reverse=True)]
        self.fields["form"] = forms.ChoiceField(
            label=_("Application form"),
            required=False,
            choices=[("", _("the newest, when an application is begun")), *versions],
            initial=str(self._kept(declared.first, "form") or ""),
        )

    def _ask_seats(self, plan: Any) -> None:
        """How many of each group advance from a ranking, and how many go before a jury that chooses among more than the quota."""
        self.seats: dict[str, Group] = {}
        declared = _declared(self.code)
        self.ranking = _ranking(declared) if declared is not None else None
        if declared is None or self.ranking is None:
            return
        stage, kept = self.ranking.names.of(Audience.OFFICE), self._kept(self.ranking, "groups") or {}
        for each in declared.system.groups(_plan(plan)):
            key = f"seats-{each.code}"
            self.seats[key] = each
            self.fields[key] = forms.IntegerField(
                label=_("%(stage)s · seats of %(group)s") % {"stage": stage, "group": each.label},
                required=False,
                min_value=0,
                initial=kept.get(each.code),
                # Said once: it holds for all of them.
                help_text=_SEATS_HELP if len(self.seats) == 1 else "",
            )
        if declared.asks_jury:
            self.fields["places"] = forms.IntegerField(
                label=_("%(stage)s · places before the jury") % {"stage": stage},
                required=False,
                min_value=1,
                initial=self._kept(self.ranking, "places"),
                help_text=_("Empty: as many as the quota. More: the jury chooses among them."),
            )

    def _choose_focus(self, plan: Any, on: dt.date) -> None:
        """What the call can look for: all of it, unless the office takes some away. An open call keeps what it looked for."""
        self.offered: dict[str, Sought] = {}
        if self.changes is not None and self.changes.state != Round.State.DRAFT:
            return
        declared = _declared(self.code)
        found = _plan(plan)
        kept = {each.key: each for each in self.changes.looks_for} if self.changes is not None else {}
        missing = {each.key: each for each in declared.system.sought(found, on)} if declared is not None else {}
        self.offered = {**kept, **missing} if self._is_still(found) else missing
        if self.offered:
            groups = [(group, [(each.key, each.text) for each in every]) for group, every in grouped(self.offered.values())]
            self.fields["focus"] = forms.MultipleChoiceField(
                label=_("What this call looks for"),
                required=False,
                choices=groups,
                initial=list(kept or self.offered),
                widget=forms.CheckboxSelectMultiple,
                help_text=_("What is missing today. It becomes public with the call, and stays as it is when the call is opened."),
            )

    def _is_still(self, plan: Plan | None) -> bool:
        """Whether procedure and plan are those of the call to change."""
        return self.changes is not None and (self.changes.procedure, self.changes.plan) == (self.code, plan)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.data.get("drawn-for", self.code) != self.code:
            self.add_error("procedure", _("Another procedure asks for other things. Look through them, then keep the call."))
        if self.offered and self.data.get("focus-of", self.focus_of) != self.focus_of:
            self.add_error(
                "focus", _("For this procedure and plan other things are missing. Look through them, then keep the call.")
            )
        return cleaned

    @property
    def focus_of(self) -> str:
        """Which procedure and plan the page offered the focus of: without a script it is told apart by this."""
        return f"{self.code} {self['plan'].value() or ''}"

    def _rubric(self, stage: Stage) -> forms.Field:
        """Which version of the rubric holds; other weights are a further version."""
        found = RubricVersion.objects.filter(rubric__code=stage.options["rubric"]).order_by("-version")
        own, changed = _("version %(number)s"), _("version %(number)s, weights of one call")
        choices = [(str(each.version), (changed if each.alone else own) % {"number": each.version}) for each in found]
        return forms.ChoiceField(
            label=_("%(stage)s · weights") % {"stage": stage.names.of(Audience.OFFICE)},
            required=False,
            choices=[("", _("the newest, when the call is opened")), *choices],
            initial=str(self._kept(stage, "rubric_version") or ""),
            help_text=_(
                "A new call has the weights of the call it begins as; the newest is the rubric’s own, without what was changed for "
                "one call. Weights for this call alone are entered on its page, once it is written down."
            ),
        )

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.base_fields if name not in _WIDE]

    @property
    def wide_fields(self) -> list[Any]:
        return [self[name] for name in _WIDE]

    @property
    def asked_fields(self) -> list[Any]:
        """What depends on procedure and plan, but for the focus."""
        return [self[name] for name in self.fields if name not in self.base_fields and name != "focus"]

    def given(self) -> RoundGiven:
        """What was entered, with the options of other kinds that the call had."""
        cleaned = self.cleaned_data
        options: dict[str, dict[str, Any]] = {code: dict(each) for code, each in self.standing.items()}
        for key, (stage, option, _standard) in self.asked.items():
            value = cleaned.get(key)
            if value is None:
                options.get(stage.code, {}).pop(option, None)
            else:
                options.setdefault(stage.code, {})[option] = int(value) if value == int(value) else str(value)
        self._give_seats(options)
        for stage in self.versions:
            version = cleaned.get(f"rubric-{stage.code}")
            options.setdefault(stage.code, {}).pop("rubric_version", None)
            if version:
                options[stage.code]["rubric_version"] = int(version)
        self._name_form(options)
        plain = {name: cleaned[name] for name in ("procedure", "plan", "title_zh", "title_en", "opens_at", "closes_at")}
        words = {name: cleaned[name] for name in ("call_zh", "call_en", "document", "quota")}
        chosen = cleaned.get("focus") or ()
        focus = [each for key, each in self.offered.items() if key in chosen]
        return RoundGiven(**plain, **words, options={code: each for code, each in options.items() if each}, focus=focus)

    def _give_seats(self, options: dict[str, dict[str, Any]]) -> None:
        if self.ranking is None:
            return
        seats = {group.code: value for key, group in self.seats.items() if (value := self.cleaned_data.get(key)) is not None}
        given = {"groups": seats, "places": self.cleaned_data.get("places")}
        kept = {name: value for name, value in options.get(self.ranking.code, {}).items() if name not in given}
        options[self.ranking.code] = kept | {name: value for name, value in given.items() if value}

    def _name_form(self, options: dict[str, dict[str, Any]]) -> None:
        declared = _declared(self.code)
        if declared is None:
            return
        options.setdefault(declared.first.code, {}).pop("form", None)
        if self.cleaned_data.get("form"):
            options[declared.first.code]["form"] = int(self.cleaned_data["form"])


_SEATS_HELP = _(
    "Empty: bound by the whole alone. Together the groups may have more seats than the whole: then the best of all go first, and a "
    "group may stay below its number."
)
# The numbers of a stage that a call may set for itself.
_OPTIONS = {
    "days": _("working days of public notice"),
    "seats": _("experts for each case"),
    "minimum": _("points needed to go on"),
    "rubric_version": _("version of the rubric"),
    "form": _("version of the form"),
}
_WHOLE = frozenset({"days", "seats"})
_WIDE = ("call_zh", "call_en")
NOTICE_DAYS = Rule("notice.working_days")


def standard_of(standard: Any, on: dt.date) -> str:
    """What holds where a call says nothing else, with where it comes from."""
    if not isinstance(standard, Rule):
        return _("%(standard)s, as the procedure says.") % {"standard": standard}
    found = RuleTable(standard.key).rule(standard.key, on)
    return f"{found.value.normalize():f} — {found.source}"


def _declared(code: str) -> Procedure | None:
    return procedures.latest(code) if code in {each.code for each in procedures.procedures()} else None


def _ranking(declared: Procedure) -> Stage | None:
    return next((stage for stage in declared.stages if stage.kind == StageKind.RANK), None)


def _plan(key: Any) -> Plan | None:
    """By its key, as a form has it; or the plan itself."""
    if isinstance(key, Plan):
        return key
    return Plan.objects.filter(pk=key).first() if str(key or "").isdigit() else None


def seats_of_call(round_: Round) -> list[tuple[str, str]]:
    """The seats of each group of a call, and what holds where they are more than the whole."""
    declared = _declared(round_.procedure)
    ranking = _ranking(declared) if declared is not None else None
    if declared is None or ranking is None:
        return []
    options = round_.options.get(ranking.code) or {}
    seats: dict[str, int] = options.get("groups") or {}
    shares = [f"{each.label} {seats[each.code]}" for each in declared.system.groups(round_.plan) if each.code in seats]
    told = [(str(pgettext("seats of a call", "Within each group")), " · ".join(shares))] if shares else []
    places = options.get("places")
    if places:
        told.append((str(_("Places before the jury")), str(places)))
    whole = places or round_.quota
    if whole and sum(seats.values()) > whole:
        more = _("%(sum)s seats in the groups, %(whole)s in all: the best of all go first, and a group may stay below its number.")
        told.append((str(_("Groups")), more % {"sum": sum(seats.values()), "whole": whole}))
    return told


def options_of_call(round_: Round, audience: Audience, on: dt.date) -> list[tuple[str, str]]:
    """What holds in the stages of a call, with where it comes from: its own word, else the procedure's or the rule's."""
    told = []
    for stage, option, standard in _options_of(round_.procedure).values():
        own = (round_.options.get(stage.code) or {}).get(option)
        told.append(
            (f"{stage.names.of(audience)} · {_OPTIONS[option]}", str(own) if own is not None else standard_of(standard, on))
        )
    for stage in _rubric_stages(round_.procedure):
        version = (round_.options.get(stage.code) or {}).get("rubric_version")
        if version and audience == Audience.OFFICE:
            told.append((f"{stage.names.of(audience)} · {_OPTIONS['rubric_version']}", str(version)))
    declared = _declared(round_.procedure)
    form = declared.form_of(round_.options) if declared is not None and audience == Audience.OFFICE else None
    return [*told, (str(_OPTIONS["form"]), str(form.version))] if form is not None else told


def stages_with_weights(round_: Round) -> list[Stage]:
    """The stages of a call's procedure that judge by a rubric."""
    return _rubric_stages(round_.procedure)


def _rubric_stages(code: str) -> list[Stage]:
    declared = _declared(code)
    return [stage for stage in declared.stages if stage.options.get("rubric")] if declared is not None else []


def _options_of(code: str) -> dict[str, tuple[Stage, str, Any]]:
    """By the name of its field: stage, option and what holds unless the call says otherwise."""
    declared = _declared(code)
    return {
        f"option-{stage.code}-{option}": (stage, option, value)
        for stage in (declared.stages if declared is not None else ())
        for option, value in {**({"days": NOTICE_DAYS} if stage.kind == StageKind.NOTICE else {}), **stage.options}.items()
        if option in _OPTIONS and option != "rubric_version"
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
