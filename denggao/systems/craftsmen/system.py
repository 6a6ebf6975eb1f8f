"""What the engine of cases asks about nominations."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from denggao.engines.cases.models import Case, Round
from denggao.engines.cases.procedures import Agreeing, Audience, CaseSystem, CheckItem, Group, KnownLine, KnownSection
from denggao.engines.reviews.parties import Parties
from denggao.foundation.audit.actors import Actor
from denggao.foundation.organisations.models import Organisation
from denggao.foundation.people.models import Person
from denggao.foundation.people.naming import PersonUnclear
from denggao.foundation.plans.models import Plan
from denggao.systems.craftsmen import rules
from denggao.systems.craftsmen.actions.keeping import channel_of, end_nomination, keep_nomination
from denggao.systems.craftsmen.actions.naming import must_have_order, name_craftsman
from denggao.systems.craftsmen.facts import KnownFact, facts_of
from denggao.systems.craftsmen.models import Channel, Nomination
from denggao.systems.craftsmen.policies import may_order_own_list
from denggao.systems.craftsmen.queries import (
    channel_label,
    employment_of,
    findings_on,
    in_force,
    made_by,
    nomination_of,
    nominee_of,
    parties_of,
    parties_of_cases,
    standing_nomination,
    terms_of,
)

OFFICIAL = "zh-hans"
NOMINEE_AGREES = gettext_lazy(
    "You are nominated as a Lingang craftsman, with what is told of you here. Experts and the jury read it. If you are proposed "
    "for naming, your name, employer, post and main deeds are shown publicly, for objections. If you are named, your name stands "
    "in the naming order; what else of your story is published, you say yourself then."
)
EMPLOYER_AGREES = gettext_lazy(
    "One of your staff nominates themselves as a Lingang craftsman. By agreeing you confirm, as with your stamp, that the person "
    "works for you in this post, and that what is told of the work is true to your knowledge."
)
_SHORT = 120

CHECKS: tuple[tuple[str, Any, Any], ...] = (
    ("nationality", gettext_lazy("Nationality"), gettext_lazy("As declared, and as the document says.")),
    ("union", gettext_lazy("Member of a union"), gettext_lazy("Ask the union where in doubt.")),
    (
        "front_line",
        gettext_lazy("Works on the front line"),
        gettext_lazy("In production, technology or research at the workplace."),
    ),
    ("conditions", gettext_lazy("The four conditions"), gettext_lazy("Each that is told is told with figures.")),
    ("industry", gettext_lazy("Industry"), gettext_lazy("Post and works belong to it.")),
    ("deeds", gettext_lazy("Works, patents, awards, standards"), gettext_lazy("Each is backed by a paper.")),
    ("evidence", gettext_lazy("Papers and pictures"), gettext_lazy("Legible; nobody else recognisable without consent.")),
    ("nominator", gettext_lazy("Nominating body"), gettext_lazy("Opinion, place on its list, and the notice within the body.")),
)


class Naming(CaseSystem):
    """The procedure ``craftsman``: somebody is nominated and, in the end, named."""

    def may_apply(self, actor: Actor, round_: Round, applicant: Organisation | Person) -> str | None:
        if round_.plan is None:
            return _("Craftsmen are named under a plan; this round names none.")
        terms = terms_of(round_, day_of(round_))
        if isinstance(applicant, Person):
            stands = standing_nomination(applicant, round_)
            through = channel_label(stands.channel) if stands and stands.case.person_id is None else ""
            held = in_force(applicant, round_.plan) is not None
            return rules.why_not_nominate(
                channel="self", terms=terms.channels["self"], made=0, nominated_through=through, in_force=held
            )
        code = "employer" if applicant.kind not in rules.ASSOCIATIONS else "association"
        # What the body already has in this round is looked at when a nominee is handed in: a draft is none yet.
        return rules.why_not_nominate(channel=code, terms=terms.channels.get(code), made=0, nominated_through="", in_force=False)

    def terms(self, round_: Round) -> Sequence[tuple[str, str]]:
        """Who may nominate and how many, and how many of the four conditions are asked."""
        held = terms_of(round_, day_of(round_))
        told = [(str(capfirst(label)), _channel_in_words(held.channels[code])) for code, label in Channel.choices]
        least = _("at least %(least)s of: distinctive craft, superior skill, leading others, outstanding contribution")
        return [*told, (_("The four conditions"), least % {"least": held.conditions_least})]

    def ways(self, actor: Actor, round_: Round) -> Sequence[tuple[str, str]]:
        if actor.is_office:
            return [(_("Terms, lists and naming order"), reverse("craftsmen:round", args=[round_.public_id]))]
        if not may_order_own_list(actor, round_):
            return ()
        return [(_("Our list of nominees"), reverse("craftsmen:own_list", args=[round_.public_id]))]

    def title(self, case: Case) -> str:
        """The nominee; before anybody is named, that nobody is: a body may write several."""
        nomination = nomination_of(case)
        if nomination is not None:
            return nomination.person.name
        return case.person.name if case.person is not None else _("Nominee not named yet")

    def draft_title(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> str:
        """A body may write several: each is called by its nominee."""
        name = str(answers.get("nominee", {}).get("name") or "").strip()
        return name or (_("Nominee not named yet") if case.body is not None else "")

    def checklist(self, case: Case) -> Sequence[CheckItem]:
        """What the platform itself finds is looked up when a page shows it, once for all lines."""

        @functools.cache
        def found() -> Mapping[str, str]:
            nomination = nomination_of(case)
            return _found(nomination, case) if nomination else {}

        def help_with_findings(code: str, help_: Any) -> str:
            return "\n".join(filter(None, [str(help_), found().get(code, "")]))

        shown = lazy(help_with_findings, str)
        return [CheckItem(code, label, shown(code, help_)) for code, label, help_ in CHECKS]

    def facts(self, case: Case, audience: Audience) -> Sequence[tuple[str, str]]:
        nomination = nomination_of(case)
        if nomination is None:
            return ()
        lines = _facts_of(nomination)
        if audience == Audience.OFFICE and nomination.place:
            lines.append((_("Place on the body’s own list"), str(nomination.place)))
        if audience == Audience.OFFICE and nomination.channel == Channel.ASSOCIATION:
            lines += [
                (each.label, f"{each.value} · {each.source}" if each.source else each.value)
                for each in _known_of(nomination.person)
            ]
        return lines

    def public_facts(self, case: Case) -> dict[str, str]:
        """In Chinese whoever presses the button: it is the official text of the notice. The nominee agreed to be shown by name."""
        nomination = nomination_of(case)
        if nomination is None:
            return {}
        with translation.override(OFFICIAL):
            return dict([*_facts_of(nomination), (_("Main deeds"), _deeds_in_short(nomination))])

    def parties(self, case: Case) -> Parties:
        return parties_of(case)

    def submission_faults(self, case: Case, answers: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, str]]:
        said = answers["nominee"]
        try:
            nominee = nominee_of(case, said)
        except PersonUnclear as unclear:
            return [("nominee", "name", str(unclear))]
        return [*self._nominee_faults(case, nominee), *_form_faults(case, answers)]

    def _nominee_faults(self, case: Case, nominee: Person) -> list[tuple[str, str, str]]:
        if case.round is None or case.plan is None:
            return [("nominee", "", _("Craftsmen are named under a plan; this round names none."))]
        channel = channel_of(case, nominee, localdate())
        terms = terms_of(case.round, day_of(case.round)).channels.get(channel)
        stands = standing_nomination(nominee, case.round, but=case)
        why = rules.why_not_nominate(
            channel=channel,
            terms=terms,
            made=_made(case),
            nominated_through=channel_label(stands.channel) if stands else "",
            in_force=in_force(nominee, case.plan) is not None,
        )
        if not why and channel == "self" and terms is not None and terms.stamp and employment_of(nominee, localdate()) is None:
            why = _("No employer lists you on its roster today; its consent is needed. Ask your employer’s HR to list you first.")
        return [("nominee", "name", why)] if why else []

    def keep_answers(self, case: Case, answers: Mapping[str, Mapping[str, Any]], *, actor: Actor, now: dt.datetime) -> None:
        keep_nomination(case, answers, actor=actor, now=now)

    def agreeing(self, case: Case) -> Sequence[Agreeing]:
        """The nominee whom a body puts forward; of a self-nomination the employer, where the round asks for its consent."""
        nomination = nomination_of(case)
        if nomination is None:
            return ()
        if case.person is None:
            return [Agreeing(NOMINEE_AGREES, person=nomination.person)]
        stamp = terms_of(nomination.round, day_of(nomination.round)).channels["self"].stamp
        return [Agreeing(EMPLOYER_AGREES, body=nomination.employer)] if stamp and nomination.employer is not None else ()

    def parties_of(self, cases: Sequence[Case]) -> dict[UUID, Parties]:
        return parties_of_cases(cases)

    def known(self, case: Case) -> Sequence[KnownSection]:
        """Of the nominee. PRIVACY: whoever nominates somebody it does not employ learns nothing of the person by that; the office
        and the experts read it among the facts."""
        nominee = self._nominee_so_far(case)
        if nominee is None or (case.body is not None and channel_of(case, nominee, localdate()) != Channel.EMPLOYER):
            return ()
        lines = [KnownLine(each.label, each.value, each.source) for each in _known_of(nominee)]
        return [KnownSection(_("What the platform knows of the nominee"), lines, "nominee")] if lines else ()

    def _nominee_so_far(self, case: Case) -> Person | None:
        """Of what was handed in the nominee; of a draft whom it names so far."""
        if (nomination := nomination_of(case)) is not None:
            return nomination.person
        if case.person is not None:
            return case.person
        draft = case.drafts.filter(section="nominee").first()
        try:
            return nominee_of(case, draft.answers or {}) if draft is not None else None
        except PersonUnclear:
            return None

    def group(self, case: Case) -> Group | None:
        return self.groups_of([case]).get(case.public_id)

    def groups_of(self, cases: Sequence[Case]) -> Mapping[UUID, Group]:
        """By industry. One query."""
        rows = Nomination.objects.filter(case__in=[case.pk for case in cases]).order_by()
        named = rows.values_list("case__public_id", "industry__code", "industry__name_zh", "industry__name_en")
        return {public_id: Group(code, zh, en) for public_id, code, zh, en in named}

    def groups(self, plan: Plan | None) -> Sequence[Group]:
        if plan is None:
            return ()
        return [Group(item.code, item.name_zh, item.name_en) for item in plan.industries.order_by("planindustry__position")]

    def deciding(self, case: Case, *, approve: bool, actor: Actor, now: dt.datetime) -> None:
        if approve:
            must_have_order(case)

    def award(self, case: Case, *, actor: Actor, now: dt.datetime) -> None:
        name_craftsman(case, actor=actor, now=now)

    def ended(self, case: Case, state: str, *, actor: Actor, now: dt.datetime) -> None:
        end_nomination(case, actor=actor, now=now)


def _channel_in_words(held: rules.ChannelTerms) -> str:
    if not held.is_open:
        return pgettext("a channel", "closed")
    told = [pgettext("a channel", "open")]
    if held.most:
        most = ngettext("%(most)s nominee of one body at most", "%(most)s nominees of one body at most", held.most)
        told.append(most % {"most": held.most})
    if held.stamp:
        told.append(_("the employer must agree"))
    return " · ".join(told)


def _known_of(person: Person) -> list[KnownFact]:
    return facts_of([person.pk], localdate())[person.pk]


def day_of(round_: Round) -> dt.date:
    """Today; of a round that is over its last day: what is asked of it is asked as it was then."""
    return min(localdate(), localdate(round_.closes_at))


def _made(case: Case) -> int:
    """The other nominations of this body that stand in the round."""
    return made_by(case.body, case.round, but=case) if case.body is not None and case.round is not None else 0


def _form_faults(case: Case, answers: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """What one section asks of another, and what a body owes that a person does not."""
    faults: list[tuple[str, str, str]] = []
    if case.round is not None and case.plan is not None:
        least = terms_of(case.round, day_of(case.round)).conditions_least
        told = [code for code in rules.CONDITIONS if str(answers["conditions"].get(code) or "").strip()]
        if len(told) < least:
            text = _("This round asks for %(least)s of the four conditions; %(told)s are told. Tell the others as well.")
            faults.append(("conditions", "", text % {"least": least, "told": len(told)}))
        codes = {item.code: item.name for item in case.plan.industries.all()}
        if answers["nominee"]["industry"] not in codes:
            text = _("Industry: choose one of the plan’s: %(names)s.")
            faults.append(("nominee", "industry", text % {"names": _(", ").join(codes.values())}))
    if case.body is not None and not str(answers["opinion"].get("opinion") or "").strip():
        faults.append(("opinion", "opinion", _("Opinion of the nominating body: write why this nominee is put forward.")))
    return faults


def _facts_of(nomination: Nomination) -> list[tuple[str, str]]:
    return [
        (_("Nominee"), nomination.person.name),
        (_("Employer"), nomination.employer.name if nomination.employer else "—"),
        (_("Post"), nomination.post),
        (_("Industry"), nomination.industry.name),
        (_("Channel"), str(nomination.get_channel_display())),
        (_("Nominated by"), nomination.nominator.name if nomination.nominator else _("the nominee")),
    ]


def _deeds_in_short(nomination: Nomination) -> str:
    """The first works, as long as a line takes them."""
    told = "；".join(deed.title for deed in nomination.deeds.filter(kind="work").order_by("position")[:3])
    return told if len(told) <= _SHORT else told[: _SHORT - 1] + "…"


def _found(nomination: Nomination, case: Case) -> dict[str, str]:
    """What the platform finds, by line of the check."""
    on = localdate(nomination.submitted_at)
    least = terms_of(nomination.round, min(on, localdate(nomination.round.closes_at))).conditions_least
    told = {each.code: each.sentence for each in findings_on(nomination, on, least=least)}
    deeds = nomination.deeds.values_list("kind", flat=True)
    told["deeds"] = _("%(count)s told, of %(kinds)s kinds.") % {"count": len(deeds), "kinds": len(set(deeds))}
    if nomination.nominator is not None:
        told["nominator"] = (
            _("Place %(place)s on the list of %(body)s.") % {"place": nomination.place, "body": nomination.nominator.name}
            if nomination.place
            else _("%(body)s gives no place on a list.") % {"body": nomination.nominator.name}
        )
    return told
