"""By what the list of background work is narrowed."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from denggao.foundation.jobs.models import Job
from denggao.foundation.jobs.queries import state_label
from denggao.foundation.jobs.registry import KINDS


def _states() -> list[tuple[str, str]]:
    return [(state, state_label(state)) for state in Job.State.values]


def _kinds() -> list[tuple[str, str]]:
    return sorted(((code, str(kind.title)) for code, kind in KINDS.items()), key=lambda choice: choice[1])


class JobFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=_states, empty_label=_("All"))
    code = django_filters.ChoiceFilter(label=_("Work"), choices=_kinds, empty_label=_("All"))

    class Meta:
        model = Job
        fields = ("state", "code")
