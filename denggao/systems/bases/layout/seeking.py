"""What the layout lacks, as a call for applications looks for it."""

from __future__ import annotations

import datetime as dt

from django.utils import translation

from denggao.engines.cases.focus import Sought
from denggao.foundation.plans.models import Plan
from denggao.foundation.ui.templatetags.dg import grade
from denggao.systems.bases.layout.queries import Missing, layout_of


def sought_under(plan: Plan, on: dt.date) -> list[Sought]:
    """The gaps of the layout: occupations people work in that no base trains to a level that is asked for. PRIVACY: as the
    public may know them, for a call is public."""
    return [_sought(one) for one in layout_of(plan, on=on, tells_workers=False).missing]


def _sought(one: Missing) -> Sought:
    industry, occupation = one.industry, one.occupation
    return Sought(
        key=f"{industry.code}/{occupation.code}/{''.join(one.levels)}",
        group_zh=industry.name_zh,
        group_en=industry.name_en,
        zh=f"{occupation.name_zh}（{'、'.join(_grades(one, 'zh-hans'))}）",
        en=f"{occupation.name_en or occupation.name_zh} ({', '.join(_grades(one, 'en'))})",
    )


def _grades(one: Missing, language: str) -> list[str]:
    with translation.override(language):
        return [str(grade(level)) for level in one.levels]
