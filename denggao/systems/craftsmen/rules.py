"""Who may be named a craftsman, as pure functions. Every number is dated rule data (``standards.RuleValue``).

Sources: the four conditions and the channels of 上海工匠 as reported (rules.md §2, S18-S20, B); 嘉定工匠 2017 asks for one of the
four (S21, A); grounds of revocation and the amount of the bonus are the product's own defaults (C).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from denggao.foundation.plans.registry import RuleWords

NAMED_CRAFTSMEN = "named_craftsmen"
NAMED_IN_WORDS = RuleWords(
    gettext_lazy(
        "A person counts from the day of the naming, if that day lies within the plan: nominated through one channel, judged by "
        "independent experts and by the jury, shown publicly, decided, and named by an order with a number. A title that is "
        "revoked no longer counts, from that moment on."
    )
)

NATIONALITY, UNION_MEMBER, FRONT_LINE = "craftsmen.nationality", "craftsmen.union_member", "craftsmen.front_line"
CONDITIONS_LEAST, BONUS_YUAN = "craftsmen.conditions_least", "craftsmen.bonus_yuan"
REVIEW_MINIMUM = "craftsmen.review_minimum"
ELIGIBILITY = (NATIONALITY, UNION_MEMBER, FRONT_LINE, CONDITIONS_LEAST)

CHINESE = "chinese"
CONDITIONS: dict[str, Any] = {
    "craft": pgettext_lazy("condition of a craftsman", "distinctive craft"),
    "skill": pgettext_lazy("condition of a craftsman", "superior skill"),
    "lead": pgettext_lazy("condition of a craftsman", "leads others"),
    "contribution": pgettext_lazy("condition of a craftsman", "outstanding contribution"),
}
ASSOCIATIONS = frozenset({"union", "provider", "school"})


@dataclass(frozen=True)
class ChannelTerms:
    """What holds for one channel in a round. ``most``: how many one body may put forward, None for no limit. ``stamp``: whether
    the employer must agree."""

    is_open: bool = True
    most: int | None = None
    stamp: bool = False


DEFAULT_CHANNELS: dict[str, ChannelTerms] = {
    "employer": ChannelTerms(),
    "association": ChannelTerms(most=2),
    "self": ChannelTerms(stamp=True),
}


def channels_of(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, ChannelTerms]:
    """From what a round keeps; what it does not say is as usual."""
    return {
        code: ChannelTerms(
            bool(kept.get(code, {}).get("open", usual.is_open)),
            kept.get(code, {}).get("most", usual.most),
            bool(kept.get(code, {}).get("stamp", usual.stamp)),
        )
        for code, usual in DEFAULT_CHANNELS.items()
    }


def channel_of_body(body_kind: str, *, employs: bool) -> str:
    """Through which channel a body nominates somebody: its own staff as an employer, others as an association or union. Empty
    where it is neither."""
    if employs:
        return "employer"
    return "association" if body_kind in ASSOCIATIONS else ""


@dataclass(frozen=True)
class Facts:
    """What is known of a nominee on the day of the submission. None is not known: never taken for a yes."""

    nationality: str
    union_member: bool
    front_line: bool | None
    conditions: Collection[str]
    industry: str


@dataclass(frozen=True)
class Finding:
    """One condition of eligibility: ``ok`` None where nobody has verified it yet."""

    code: str
    ok: bool | None
    sentence: str


def eligibility(facts: Facts, *, asks: Mapping[str, int], least: int, industries: Mapping[str, str]) -> list[Finding]:
    """``asks`` by rule key: 1 where the rule asks for it. ``least`` of the four conditions; ``industries`` names by code, of the
    plan."""
    found = []
    if asks.get(NATIONALITY):
        ok = facts.nationality == CHINESE
        found.append(
            Finding("nationality", ok, _("Chinese national, as declared.") if ok else _("Not a Chinese national, as declared."))
        )
    if asks.get(UNION_MEMBER):
        ok = facts.union_member
        found.append(
            Finding("union", ok, _("Member of a union, as declared.") if ok else _("Not a member of a union, as declared."))
        )
    if asks.get(FRONT_LINE):
        found.append(Finding("front_line", facts.front_line, _front_line(facts.front_line)))
    found.append(_conditions(facts.conditions, least))
    name = industries.get(facts.industry, "")
    found.append(
        Finding(
            "industry",
            bool(name),
            _("Industry of the plan: %(name)s.") % {"name": name} if name else _("Not an industry of the plan."),
        )
    )
    return found


def _front_line(known: bool | None) -> str:
    if known is None:
        return _("Not verified: the employer’s roster does not say whether the post is front-line.")
    return _("Front-line post, by the employer’s roster.") if known else _("Not a front-line post, by the employer’s roster.")


def _conditions(told: Collection[str], least: int) -> Finding:
    names = [str(label) for code, label in CONDITIONS.items() if code in told]
    ok = len(names) >= least
    sentence = ngettext(
        "%(count)s of the four conditions is told: %(names)s; %(least)s needed.",
        "%(count)s of the four conditions are told: %(names)s; %(least)s needed.",
        len(names),
    ) % {"count": len(names), "names": _(", ").join(names) or "—", "least": least}
    return Finding("conditions", ok, sentence)


def why_not_nominate(*, channel: str, terms: ChannelTerms | None, made: int, nominated_through: str, in_force: bool) -> str:
    """Why this nomination can't be made now, with rule and fix; empty where it can. ``made``: nominations of this body that stand
    in the round already; ``nominated_through``: the label of the channel through which the nominee stands nominated already."""
    if not channel or terms is None:
        return _("A body nominates its own staff; unions, schools and training bodies nominate others too.")
    if not terms.is_open:
        return _("This channel is not open in this round. Look at the call for those that are.")
    if terms.most is not None and made >= terms.most:
        return ngettext(
            "One body may put forward %(most)s nominee in this round, and has. Withdraw it to name another.",
            "One body may put forward %(most)s nominees in this round, and has. Withdraw one to name another.",
            terms.most,
        ) % {"most": terms.most}
    if in_force:
        return _("This person holds the title under this plan already.")
    if nominated_through:
        return _(
            "This person is nominated in this round already, through the channel “%(channel)s”. One channel counts: go on with "
            "that nomination, or have it withdrawn first."
        ) % {"channel": nominated_through}
    return ""


def counts(state: str, named_on: Any, first_day: Any, last_day: Any) -> bool:
    """Whether one naming counts for a plan from its first to its last day."""
    return state == "named" and first_day <= named_on <= last_day
