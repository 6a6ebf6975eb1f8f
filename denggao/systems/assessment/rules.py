"""What a row of the certificate register must satisfy. Pure: no database, no clock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from denggao.foundation.plans.registry import RuleWords

FIRST_RAISE_IN_WORDS = RuleWords(
    _(
        "A head counts by a certificate of skill level issued within the plan, if no earlier certificate of that person in the "
        "same occupation is of the same or a higher level, and the person worked on that day, in a front-line post, for an "
        "employer that takes part in the plan. It counts once, by the earliest such certificate."
    )
)
